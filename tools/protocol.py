"""Writes the tables of docs/protocol.md from the code: ``python -m tools.protocol``; a test keeps them fresh."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from companion import drawing
from companion.core.commands import Command
from companion.core.fields import Field, fields_of
from companion.core.model import Role, Seat, SessionState
from companion.core.parsing import COMMANDS, wire_name
from companion.core.permissions import FROM_THE_WAITING_ROOM, MAY
from companion.core.refusals import REASONS
from companion.core.values import NO_DEFAULT, Value
from companion.core.views import panel_for
from companion.live import limits, outlet, strict, taps, transport, wire
from companion.service import joining, presence
from tools.protocol_words import EVERYWHERE, MEANINGS, TELL, TO_DO

DOCUMENT = Path(__file__).parents[1] / "docs" / "protocol.md"
ROLES: tuple[Role, ...] = ("member", "facilitator", "peer_supporter", "tech_helper")
TOPICS = {
    "room": "The room",
    "turns": "Turns",
    "breaks": "Break signals",
    "breakouts": "One-to-ones",
    "help_desk": "Help tickets",
}


def main() -> int:
    """Rewrite the marked parts."""
    DOCUMENT.write_text(rewritten(DOCUMENT.read_text()))
    return 0


def rewritten(text: str) -> str:
    """The document with each marked part made anew."""
    for name, make in PARTS.items():
        marked = re.compile(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not marked.search(text):
            raise LookupError(f"docs/protocol.md has no place for {name}")
        made = "\n" + "\n".join(make()).strip() + "\n\n"
        text = marked.sub(lambda found, made=made: found[1] + made + found[2], text)  # type: ignore[misc]
    return text


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def limits_part() -> Iterator[str]:
    """Every number a client meets."""
    most = f"{limits.SOCKETS_A_SEAT} a person, {limits.SOCKETS_AN_ADDRESS} an address"
    found = (
        ("commands", f"{limits.TAPS.amount} in {limits.TAPS.seconds} s a person", "`too_fast`"),
        ("`whole`", f"{limits.TAPS.amount} in {limits.TAPS.seconds} s a person", "not answered"),
        ("messages of any kind", f"{limits.FLOOD.amount} in {limits.FLOOD.seconds} s a connection", "cut"),
        ("whatever comes on a WebSocket", f"{strict.FRAMES.amount} frames in {strict.FRAMES.seconds} s", "cut"),
        ("what waits for somebody who reads or polls nothing", f"{outlet.MOST_WAITING} bytes", "cut"),
        ("connections", most, "refused: `too_many_pages`"),
        ("one tap", f"{taps.LONGEST} bytes of JSON", "`too_long`"),
        ("one packet, or one POST of a poll", f"{wire.MOST_BYTES} bytes", "cut, or 413"),
        ("packets in one POST of a poll", "16", "none of them is read"),
        ("a transport on which nobody connects", f"{transport.SILENT_SECONDS} s", "closed"),
        ("a form", "4096 bytes of fields", "413 `too_long`"),
        ("an access", f"{joining.ACCESS_HOURS} hours", "`access_expired`"),
        ("heartbeat", f"{presence.PING_SECONDS} s, answered within {presence.PING_WAIT_SECONDS} s", "cut"),
    )
    return table(("what", "limit", "beyond it"), iter(found))


def commands_part() -> Iterator[str]:
    """Every command, by topic."""
    for module, title in TOPICS.items():
        mine = [command for command in COMMANDS.values() if command.__module__.endswith(f".{module}")]
        yield f"\n#### {title}\n"
        yield from table(("command", "fields", "who", "what"), (_command(command) for command in mine))


def regions_part() -> Iterator[str]:
    """Every region of every role, then every shape."""
    shapes: dict[str, type] = {}
    for role in ROLES:
        yield f"\n#### {_role(role).capitalize()}\n"
        panel = panel_for(SessionState("s", seats=(Seat("a", role, "A", "seated"),)), "a")
        for region in panel.values():
            _gather(type(region), shapes)
        rows = ((f"`{name}`", _link(type(view).__name__), _first(type(view))) for name, view in panel.items())
        yield from table(("region", "shape", "what"), rows)
    yield "\n### Shapes"
    for name in sorted(shapes):
        yield f"\n#### {name}\n\n{_first(shapes[name])}\n"
        yield from table(("field", "type", "meaning"), _shape(shapes[name]))


def news_part() -> Iterator[str]:
    """Every news code with its sentence."""
    source = (drawing.TEMPLATES / "news.html").read_text()
    found = re.findall(r'"(\w+)": _\("(.*?)"[,)]', source)
    return table(("code", "sentence"), ((f"`{code}`", words.replace("%(name)s", "*name*")) for code, words in found))


def refusals_part() -> Iterator[str]:
    """Every refusal code with its sentence and what to do."""
    order = sorted(REASONS)
    rows = ((f"`{code}`", drawing.refusal(code, "en"), TO_DO.get(code, TELL)) for code in order)
    return table(("code", "sentence", "what a client does"), rows)


PARTS = {
    "limits": limits_part,
    "commands": commands_part,
    "regions": regions_part,
    "news": news_part,
    "refusals": refusals_part,
}


def _command(command: type[Command]) -> tuple[str, ...]:
    given = "<br>".join(_field(field) for field in fields_of(command)) or "none"
    who = ", ".join(_role(role) for role in ROLES if role in MAY[command])
    waiting = " Also from the waiting room." if command in FROM_THE_WAITING_ROOM else ""
    return f"`{wire_name(command)}`", given, who, _first(command) + waiting


def _field(field: Field) -> str:
    about = field.allowed
    if about is None:
        raise ValueError(f"{field.name}: only the service sets it")
    kind = {
        "text": lambda: f"text, up to {about.limit}",
        "ref": lambda: "id",
        "choice": lambda: _one_of(about.options),
        "whole": lambda: f"whole number {about.low} to {about.high}",
        "flag": lambda: "true or false",
    }[about.kind]()
    optional = "" if field.default is NO_DEFAULT else "; may be left out"
    return f"`{field.name}`: {kind}{optional}"


def _gather(shape: type, found: dict[str, type]) -> None:
    if shape.__name__ in found:
        return
    found[shape.__name__] = shape
    for hint in get_type_hints(shape).values():
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and issubclass(part, Value):
                _gather(part, found)


def _shape(shape: type) -> Iterator[tuple[str, ...]]:
    for name, hint in get_type_hints(shape).items():
        meaning = MEANINGS.get(f"{shape.__name__}.{name}") or EVERYWHERE[name]
        yield f"`{name}`", _type(hint), meaning


def _type(hint: Any) -> str:
    plain = {str: "text", int: "whole number", bool: "true or false", datetime: "time", NoneType: "null"}
    if hint in plain:
        return plain[hint]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _one_of(parts)
    if origin in (Union, UnionType):
        return " or ".join(_type(part) for part in parts)
    if origin is tuple:
        return f"list of {_type(parts[0])}"
    return _link(hint.__name__)


def _one_of(options: tuple[str, ...]) -> str:
    return ", ".join(f"`{option}`" for option in options if option != "system")


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _role(role: str) -> str:
    return role.replace("_", " ")


def _first(thing: type) -> str:
    return " ".join((thing.__doc__ or "").split()).replace("``", "`")


if __name__ == "__main__":
    sys.exit(main())
