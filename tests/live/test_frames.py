"""Frames that are wrong in any way: closed with the right code, nothing crashes, nothing grows; on every server."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.live.frames import frame, unmasked
from companion.live.wire import MOST_BYTES
from companion.service.presence import PING_SECONDS
from tests.live.evening import Served, Way, free_port, lean_on, prepare
from tests.live.raw import FINAL, Raw, framed
from tests.live.ways import EVERY_WAY

PROTOCOL, WORDS, SIZE = 1002, 1007, 1009
WRONG: dict[str, tuple[bytes, int]] = {
    "not masked": (framed(b"2probe", masked=False), PROTOCOL),
    "packed, which nobody agreed on": (framed(b"2probe", first=FINAL | 0x40), PROTOCOL),
    "the second reserved bit": (framed(b"2probe", first=FINAL | 0x20), PROTOCOL),
    "the third reserved bit": (framed(b"2probe", first=FINAL | 0x10), PROTOCOL),
    "a kind that does not exist": (framed(b"x", 3), PROTOCOL),
    "a control frame that does not exist": (framed(b"x", 11), PROTOCOL),
    "half a ping": (framed(b"x", 9, first=0), PROTOCOL),
    "a ping too long": (framed(b"x" * 126, 9), PROTOCOL),
    "the rest of nothing": (framed(b"x", 0), PROTOCOL),
    "a beginning inside another": (framed(b"4", first=0) + framed(b"4"), PROTOCOL),
    "a farewell that may not be": (framed(b"\x03\xe7", 8), PROTOCOL),
    "half a farewell": (framed(b"\x03", 8), PROTOCOL),
    "no UTF-8": (framed(b"4\xff\xfe"), WORDS),
    "no UTF-8, in two pieces": (framed(b"4\xc3", first=0) + framed(b"(", 0), WORDS),
    "longer than allowed": (framed(b"4" * (MOST_BYTES + 1)), SIZE),
    "said to be longer than anything": (framed(b"4" * 40_000, size=2**40), SIZE),
    "many pieces, too long together": (
        framed(b"4" * 4000, first=0) + framed(b"4" * 4000, 0, first=0) * 9 + framed(b"4", 0),
        SIZE,
    ),
}


@pytest.fixture(scope="module", params=EVERY_WAY)
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Way]]:
    data, port = tmp_path_factory.mktemp("frames"), free_port()
    way = prepare(lean_on(data, port))["Wren"]
    with Served(data, port, settings=request.param) as served:
        yield served, way


@pytest.mark.parametrize(("said", "code"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_frame_is_closed_with_the_right_code(node: tuple[Served, Way], said: bytes, code: int) -> None:
    raw = Raw(*node)

    raw.say(said)

    assert raw.close_code() == code
    raw.close()
    _still_serves(*node)


def test_a_farewell_is_answered(node: tuple[Served, Way]) -> None:
    raw = Raw(*node)
    raw.say(framed(b"\x03\xe8bye", 8))

    assert raw.close_code() == 1000
    raw.close()


def test_packing_is_declined(node: tuple[Served, Way]) -> None:
    raw = Raw(*node, extensions="permessage-deflate; client_max_window_bits")

    assert raw.greeting.startswith("HTTP/1.1 101")
    assert "permessage-deflate" not in raw.greeting
    raw.close()


def test_a_message_in_pieces_with_a_ping_in_between_is_read(node: tuple[Served, Way]) -> None:
    served, way = node
    raw = Raw(served, way)
    whole = f'40{{"key":"{way.key}"}}'.encode()

    raw.say(framed(whole[:5], first=0) + framed(b"are you there", 9) + framed(whole[5:], 0))

    heard = [raw.hear(), raw.hear(), raw.hear()]
    assert (10, b"are you there") in heard
    assert any(data.startswith(b"40") for _, data in heard)
    raw.close()


pieces = st.one_of(
    st.binary(max_size=64),
    st.builds(
        framed,
        st.binary(max_size=300),
        st.integers(0, 15),
        first=st.sampled_from([0, FINAL, FINAL | 0x40, FINAL | 0x70]),
        masked=st.booleans(),
        size=st.one_of(st.none(), st.sampled_from([0, 1, 125, 126, 65_536, 2**31, 2**63 - 1])),
    ),
    st.builds(framed, st.text(max_size=80).map(str.encode)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(pieces, min_size=1, max_size=6))
def test_whatever_comes_it_goes_on_serving(node: tuple[Served, Way], said: list[bytes]) -> None:
    raw = Raw(*node)
    for piece in said:
        raw.say(piece)
    raw.close()
    _still_serves(*node)


def test_nothing_grows_by_it_and_nothing_is_told(node: tuple[Served, Way]) -> None:
    served, way = node
    wrong = [said for said, _ in WRONG.values()]
    # The collector comes round to what hangs together in circles only after some hundred connections; until then it
    # grows, and then no more.
    _be_wrong(served, way, wrong * 20)
    time.sleep(PING_SECONDS + 1)  # the library's task that would have sent the next ping ends only then
    before = _kilobytes(served)

    _be_wrong(served, way, wrong * 8)
    time.sleep(PING_SECONDS + 1)
    _be_wrong(served, way, wrong)

    assert _kilobytes(served) - before < 4096
    told = served.log.read_text()
    assert "Traceback" not in told, told[told.index("Traceback") :][:3000]


@given(data=st.binary(max_size=200), mask=st.binary(min_size=4, max_size=4), cut=st.integers(0, 200))
def test_unmasking_is_what_the_standard_says(data: bytes, mask: bytes, cut: int) -> None:
    expected = bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))

    first, rest = data[:cut], data[cut:]

    assert unmasked(first, mask, len(first)) + unmasked(rest, tuple(mask), len(rest), len(first)) == expected


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_of_ours_says_its_length(size: int) -> None:
    head = {0: 2, 1: 2, 125: 2, 126: 4, 65_535: 4, 65_536: 10}[size]

    made = frame("x" * size)

    assert (len(made), made[0]) == (head + size, 0x81)
    assert int.from_bytes(made[1:2] if head == 2 else made[2:head], "big") == size
    assert frame(b"x")[0] == 0x82


def _be_wrong(served: Served, way: Way, wrong: list[bytes]) -> None:
    for said in wrong:
        raw = Raw(served, way)
        raw.say(said)
        raw.close_code()
        raw.close()


def _still_serves(served: Served, way: Way) -> None:
    raw = Raw(served, way)
    assert raw.hear()[1].startswith(b"0{")
    raw.close()


def _kilobytes(served: Served) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{served.pid}/status").read_text())
    assert found is not None
    return int(found.group(1))
