"""How log records are written: as text for people, or a line of JSON each. Neither holds what people say.

Messages are fixed words of ours. What a traceback ends with is not: a KeyError names the key, a ValueError the text
that could not be read. So of a fault its kind and its places in the program are written, and its words only where they
speak of the program alone.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import msgspec

TEXT = "%(asctime)s %(name)s %(levelname)s %(message)s"
FIELDS = re.compile(r"\b(reason|command|what|by|about|group)=(\S+)")  # the stable words in messages of ours
ABOUT_THE_PROGRAM = (TypeError, AttributeError, NameError, ImportError, NotImplementedError, RecursionError)
Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def begin(form: str) -> None:
    """Write records to the standard error from now on, as ``text`` or as ``json``."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else Text(TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.captureWarnings(form == "json")  # they would stand between the lines


class Text(logging.Formatter):
    """A line for people; a fault with where it happened below it."""

    def formatException(self, ei: Fault) -> str:
        return "\n".join(told(ei[1])) if ei[1] is not None else ""


class JsonLines(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
            **dict(FIELDS.findall(message)),
        }
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None:
            line |= {"fault": type(fault).__name__, "trace": list(told(fault))}
        return msgspec.json.encode(line).decode()


def told(fault: BaseException) -> Iterator[str]:
    """What is written down of a fault, the cause first, a line each."""
    for one in _causes(fault):
        yield "Traceback (most recent call last):"
        for frame in traceback.extract_tb(one.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        yield _named(one)


def _causes(fault: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    one: BaseException | None = fault
    while one is not None and one not in found:
        found.insert(0, one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return found


def _named(fault: BaseException) -> str:
    kind = type(fault)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    if isinstance(fault, OSError):
        return f"{name}: {fault.strerror}" if fault.strerror else name  # without the name of the file
    return f"{name}: {fault}" if isinstance(fault, ABOUT_THE_PROGRAM) else name
