"""What is read on the short way in: whole ordinary messages alone, and never another than the library would read."""

from __future__ import annotations

import json
import struct
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from companion.live.frames import plain_text
from companion.live.inlet import Inlet
from companion.live.packets import TextPacket
from companion.live.short_socket import _numbered

MASK = st.binary(min_size=4, max_size=4)
ASCII = st.text(st.characters(max_codepoint=127), max_size=300).map(str.encode)
JSON = st.recursive(
    st.none() | st.integers(-5, 5) | st.text(max_size=4), lambda j: st.dictionaries(st.text(), j), max_leaves=4
)


def masked(text: bytes, mask: bytes, first: int = 0x81, bit: int = 0x80) -> bytes:
    """A frame as a client sends it, by RFC 6455 and nothing of ours."""
    length = struct.pack("!B", bit | len(text)) if len(text) < 126 else struct.pack("!BH", bit | 126, len(text))
    return bytes([first]) + length + mask + bytes(each ^ mask[at % 4] for at, each in enumerate(text))


@given(ASCII, MASK, st.binary(max_size=9))
def test_a_whole_message_is_read_and_what_follows_stays(text: bytes, mask: bytes, after: bytes) -> None:
    inlet = Inlet(None, None)
    inlet._had = masked(text, mask) + after

    assert inlet.text() == text
    assert inlet.text() == text, "until it is dropped"
    inlet.drop(text)
    assert inlet._had == after


@given(ASCII, MASK, st.data())
def test_half_a_message_is_left_to_the_library_to_the_last_byte(text: bytes, mask: bytes, data: st.DataObject) -> None:
    whole = masked(text, mask)
    half = whole[: data.draw(st.integers(1, len(whole) - 1))]
    inlet = Inlet(None, None)
    inlet._had = half

    assert inlet.text() is None
    assert inlet.recv(len(half)) == half


@given(st.binary(max_size=200), MASK, st.integers(0, 255), st.sampled_from([0, 0x80]))
def test_nothing_out_of_the_ordinary_is_read(text: bytes, mask: bytes, first: int, bit: int) -> None:
    read = plain_text(masked(text, mask, first, bit))

    assert read == (text if (first, bit) == (0x81, 0x80) and text.isascii() else None)


def test_a_length_that_is_written_longer_than_need_be_is_the_librarys_to_refuse() -> None:
    assert plain_text(struct.pack("!BBH", 0x81, 0x80 | 126, 3) + bytes(4) + b"abc") is None


@given(st.binary(max_size=40))
def test_garbage_is_no_message(garbage: bytes) -> None:
    plain_text(garbage)
    assert _numbered(b"42" + garbage) is None or garbage.lstrip(b"0123456789").startswith(b"[")


@given(st.integers(0, 10**9 - 1), st.dictionaries(st.text(max_size=5), JSON, max_size=3))
def test_a_tap_is_read_as_the_library_would(number: int, tap: dict[str, Any]) -> None:
    text = f"42{number}{json.dumps(['tap', tap])}"
    packet = TextPacket(encoded_packet=text[1:])

    found = _numbered(text.encode())

    assert found == (b"%d" % packet.id, packet.data[1])


def test_other_events_and_other_shapes_are_left_to_the_library() -> None:
    for said in (
        '421["whole",3]',
        '421["tap"]',
        '421["tap",{},{}]',
        '421["tap",[]]',
        '42["tap",{}]',
        '42/a,1["tap",{}]',
        "421",
    ):
        assert _numbered(said.encode()) is None, said
