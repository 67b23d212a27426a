"""Turns a message into a command, or refuses it with the reason: names, unknown fields, types, lengths, choices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from companion.core import commands
from companion.core.commands import Command
from companion.core.fields import Allowed, fields_of
from companion.core.refusals import Refused
from companion.core.values import NO_DEFAULT

JOINERS = "\u200c\u200d"
BLANKS = JOINERS + "\u115f\u1160\u2800\u3164\uffa0 "  # drawn as nothing at all


def wire_name(command: type[Command]) -> str:
    """The name of a command on the wire: RequestTurn is ``request_turn``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


def _is_inner(command: type[Command]) -> bool:
    return command is commands.LetTimePass or any(f.allowed is None for f in fields_of(command))


ALL_COMMANDS: tuple[type[Command], ...] = tuple(
    getattr(commands, name) for name in commands.__all__ if name != "Command"
)
INNER_COMMANDS = frozenset(command for command in ALL_COMMANDS if _is_inner(command))
COMMANDS: dict[str, type[Command]] = {wire_name(c): c for c in ALL_COMMANDS if c not in INNER_COMMANDS}


def parse(name: object, given: object, *, from_form: bool = False) -> Command:
    """The command a message asks for. ``from_form`` reads numbers and flags from text, as a plain form sends them."""
    command = COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        raise Refused("unknown_command")
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        raise Refused("malformed")
    known = fields_of(command)
    if given.keys() - {field.name for field in known}:
        raise Refused("unknown_field")
    values = {}
    for field in known:
        raw = given.get(field.name)
        if raw is None or (raw == "" and from_form):
            if field.default is NO_DEFAULT:
                raise Refused("missing_field")
            continue
        if field.allowed is None:
            raise Refused("unknown_field")
        values[field.name] = _value(field.allowed, raw, from_form)
    return command(**values)


def _value(allowed: Allowed, raw: Any, from_form: bool) -> Any:
    match allowed.kind:
        case "text":
            return _text(allowed, raw)
        case "ref":
            return _id(allowed, raw)
        case "choice":
            if not isinstance(raw, str):
                raise Refused("wrong_type")
            if raw not in allowed.options:
                raise Refused("not_a_choice")
            return raw
        case "whole":
            return _number(allowed, raw, from_form)
        case _:
            return _yes_or_no(raw, from_form)


def _text(allowed: Allowed, raw: Any) -> str:
    if not isinstance(raw, str):
        raise Refused("wrong_type")
    # Control characters and direction overrides can make one name look like another on a panel.
    # Emoji and Arabic need the joiners (U+200C, U+200D), so those stay.
    text = "".join(
        c
        for c in " ".join(raw.split())
        if c in JOINERS or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(text) > allowed.limit:
        raise Refused("too_long")
    if not text.strip(BLANKS):
        text = ""
    if allowed.needed and not text:
        raise Refused("missing_field")
    return text


def _id(allowed: Allowed, raw: Any) -> str:
    # Never cleaned: an id is ours, and a text that only becomes one by cleaning is not it.
    if not isinstance(raw, str):
        raise Refused("wrong_type")
    if len(raw) > allowed.limit:
        raise Refused("too_long")
    return raw


def _number(allowed: Allowed, raw: Any, from_form: bool) -> int:
    if from_form and isinstance(raw, str) and re.fullmatch(r"[0-9]{1,9}", raw):
        raw = int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise Refused("wrong_type")
    if not allowed.low <= raw <= allowed.high:
        raise Refused("not_a_choice")
    return raw


def _yes_or_no(raw: Any, from_form: bool) -> bool:
    if from_form and raw in ("yes", "no"):
        return bool(raw == "yes")
    if not isinstance(raw, bool):
        raise Refused("wrong_type")
    return raw
