"""Whatever way a panel takes out, on whichever server: the same frames, byte for byte, for everybody."""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.live.evening import Served, Way, at_noon, free_port, lean_on, prepare
from tests.live.ways import WAYS
from tests.live.wire import Wire

PRESSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Wren", "request_turn", {"note": "a word, and «é»"}),
    ("Ash", "request_turn", {}),
    ("Fern", "raise_break_signal", {"strength": "check_on_me"}),
    ("Sol", "pause_room", {}),
    ("Wren", "withdraw_turn", {}),
    ("Ash", "finish_turn", {"turn": 0}),
    ("Noor", "go_on_duty", {}),
    ("Fern", "request_breakout", {}),
    ("Ash", "open_ticket", {"kind": "cannot_hear", "words": "no sound"}),
    ("Sol", "resume_room", {}),
    ("Wren", "choose_language", {"language": "ar"}),
    ("Wren", "request_turn", {}),
    ("Kit", "write_note", {"desk": "tech", "words": "look after Ash"}),
)


def test_every_way_out_says_the_same(tmp_path: Path) -> None:
    first = tmp_path / "0"
    deps = lean_on(first, free_port())
    ways = prepare(deps)
    deps.store.dispose()  # type: ignore[attr-defined]
    for number in range(1, len(WAYS)):
        shutil.copytree(first, tmp_path / str(number))
    clock = tmp_path / "clock"
    clock.write_text(at_noon().isoformat())
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(Served(tmp_path / str(number), clock=clock, settings=settings))
            for number, settings in enumerate(WAYS.values())
        ]
        heard = [_an_evening(node, ways) for node in nodes]

    assert all(len(frames) > 3 for frames in heard[0].values())
    for name, other in zip(WAYS, heard, strict=True):
        assert other == heard[0], f"{name} says something else"


def _an_evening(node: Served, ways: dict[str, Way]) -> dict[str, list[str]]:
    wires: dict[str, Wire] = {alias: node.connect(way) for alias, way in ways.items()}
    for who, command, fields in PRESSED:
        wires[who].tap(command, **fields)
    for wire in wires.values():
        wire.whole()
    heard = {alias: [_without_ids(frame) for frame in wire.frames] for alias, wire in wires.items()}
    for wire in wires.values():
        wire.close()
    return heard


def _without_ids(frame: str) -> str:
    # Each node makes up ids of its own for tickets and requests, and each address has a port of its own.
    return re.sub(r"[A-Za-z0-9_-]{24,}|127\.0\.0\.1:\d+", "ID", frame)
