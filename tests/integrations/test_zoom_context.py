"""X-Zoom-App-Context: opened with the secret of our app alone, while it is fresh, and never guessed at."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from companion.ports import BadReport
from integrations.zoom.app_context import LONGEST, AppContext, read

SECRET = "s3cretOfTheZoomApp00000000000000"
AT = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)
UNTIL = AT + timedelta(minutes=2)
SAID = {
    "typ": "meeting",
    "uid": "KDcuGIm1QgePTO8WbOqwIQ",
    "mid": "4444AAAiAAAAAiAiAiiAii==",
    "attendrole": "host",
    "ts": int(AT.timestamp() * 1000),
    "exp": int(UNTIL.timestamp() * 1000),
}
# Made with Node's crypto, in the way of Zoom's own sample, from the same fields and some that we do not read.
BY_NODE = (
    "DAABAgMEBQYHCAkKCwcAY29udGV4dMkAAAB3read_pSxgeMXf6V_Behuic-fGIpJrrOYgkMUwX51vio6fqdosoQBfcCK33oFrUR94WsMlp3qEaqJ"
    "s2_moz2Yv-oasFS7ZjOVaeV_dcq3PHoOk_ZM642_Gf1OvCOG-cwpebNud5iLC-E9A7GvolCA_ES1KxKZ5UUPIojLMvrHoVxRWHGMMGeXKQiMiRCK"
    "6t00fEhphB6ayMSq3VzhXjlFf280t3At-Umx4xtYCThmwJGa_MTS7B8e5CS0OmpyPi9Qm9WpGu2w5dlc3DP-2lCJqOir6SXXWjtm"
)


def packed(plain: bytes, secret: str = SECRET, iv: bytes = b"0123456789ab", aad: bytes = b"") -> bytes:
    sealed = AESGCM(hashlib.sha256(secret.encode()).digest()).encrypt(iv, plain, aad)
    text, tag = sealed[:-16], sealed[-16:]
    lengths = len(aad).to_bytes(2, "little"), len(text).to_bytes(4, "little")
    return bytes([len(iv)]) + iv + lengths[0] + aad + lengths[1] + text + tag


def written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def header(**changed: object) -> str:
    said = {name: value for name, value in (SAID | changed).items() if value is not ...}
    return written(packed(json.dumps(said).encode()))


def problem_of(text: str, now: datetime = AT, secret: str = SECRET) -> str:
    with pytest.raises(BadReport) as bad:
        read(text, secret, now)
    return bad.value.problem


def test_what_another_tool_encrypted_is_opened():
    opened = read(BY_NODE, SECRET, AT)

    assert opened == AppContext("meeting", SAID["uid"], SAID["mid"], "host", AT, UNTIL)


@pytest.mark.parametrize("aad", [b"", b"context", b"x" * 300])
def test_what_is_encrypted_here_is_opened(aad):
    raw = packed(json.dumps(SAID).encode(), aad=aad)

    for text in (written(raw), base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        assert read(text, SECRET, AT).user == SAID["uid"]


def test_outside_a_call_there_is_no_meeting_and_no_role():
    opened = read(header(typ="panel", mid=..., attendrole=...), SECRET, AT)

    assert (opened.kind, opened.meeting, opened.role) == ("panel", "", "")


def test_another_apps_secret_opens_nothing():
    assert problem_of(BY_NODE, secret="another") == "forged"


@pytest.mark.parametrize("place", [0, 5, 14, 18, 30, 100, -1])
def test_one_changed_byte_opens_nothing(place):
    raw = bytearray(packed(json.dumps(SAID).encode(), aad=b"context"))
    raw[place] ^= 1

    assert problem_of(written(bytes(raw))) in ("forged", "malformed")


@pytest.mark.parametrize(
    ("now", "fresh"),
    [
        (AT - timedelta(seconds=61), False),
        (AT - timedelta(seconds=59), True),
        (UNTIL - timedelta(seconds=1), True),
        (UNTIL, False),
        (UNTIL + timedelta(days=1), False),
    ],
)
def test_it_opens_for_its_two_minutes_alone(now, fresh):
    if fresh:
        assert read(header(), SECRET, now).expires == UNTIL
    else:
        assert problem_of(header(), now) == "stale"


def test_what_would_open_for_hours_is_none_of_zooms():
    assert problem_of(header(exp=SAID["exp"] + 3_600_000)) == "stale"


@pytest.mark.parametrize(
    "changed",
    [
        {"typ": ...},
        {"uid": ...},
        {"uid": 5},
        {"mid": {"a": 1}},
        {"ts": ...},
        {"exp": ...},
        {"exp": "soon"},
        {"exp": True},
        {"ts": 10**40},
        {"exp": 1.5},
    ],
)
def test_fields_that_are_missing_or_of_another_kind_are_malformed(changed):
    assert problem_of(header(**changed)) == "malformed"


@pytest.mark.parametrize("plain", [b"", b"not json", b"[]", b"5", b"\xff", b"null"])
def test_what_is_no_object_is_malformed(plain):
    assert problem_of(written(packed(plain))) == "malformed"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "===",
        "ÿ",
        "not base64!",
        "DAAB",
        "A",
        "a" * (LONGEST + 1),
        written(b"\x00" * 60),
        written(packed(b"{}")[:-1]),
        written(packed(b"{}") + b"x"),
        written(b"\x0c" + b"i" * 12 + b"\xff\xff" + b"x" * 40),
        written(b"\x0c" + b"i" * 12 + b"\x00\x00" + b"\xff\xff\xff\xff" + b"x" * 40),
        written(b"\x0c" + b"i" * 12 + b"\x00\x00" + b"\xff\xff\xff\x7f" + b"x" * 40),
    ],
)
def test_what_is_not_packed_as_zoom_packs_it_is_malformed(text):
    assert problem_of(text) == "malformed"


def test_without_a_secret_nothing_is_opened():
    assert problem_of(written(packed(json.dumps(SAID).encode(), secret="")), secret="") == "malformed"


@given(st.binary(max_size=200))
def test_whatever_comes_is_refused_and_nothing_breaks(raw):
    assert problem_of(written(raw)) in ("malformed", "forged")
