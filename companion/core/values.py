"""What the core is made of: immutable values with names for their parts.

They are msgspec's rather than dataclasses: to make one, to change one, to compare two and to write one down takes a
tenth to a third of the time, and a tap does each of that hundreds of times (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import structs

V = TypeVar("V")
NO_DEFAULT = msgspec.NODEFAULT


class Value(msgspec.Struct, frozen=True, gc=False):
    """An immutable value. It refers to nothing that could refer back to it, so no collector has to look at it."""


def made(default: Callable[[], V]) -> V:
    """A part that is made anew where none is given."""
    found: V = msgspec.field(default_factory=default)
    return found


def names(kind: type[Value]) -> tuple[str, ...]:
    """The names of the parts of such values, in their order."""
    return kind.__struct_fields__


def defaults(kind: type[Value]) -> dict[str, Any]:
    """What the parts of such values are where nothing is given, in their order; NO_DEFAULT for one that is needed."""
    given = kind.__struct_defaults__
    needed = len(kind.__struct_fields__) - len(given)
    return dict(zip(names(kind), (*[NO_DEFAULT] * needed, *given), strict=True))


def replace(value: V, /, **changes: Any) -> V:
    """The same value, of these or a dataclass, with some parts changed. Raises TypeError for a part that it lacks."""
    if isinstance(value, msgspec.Struct):
        return structs.replace(value, **changes)
    import dataclasses  # here: the core has none itself, and it takes a third of the time of importing all of it

    changed: V = dataclasses.replace(value, **changes)  # type: ignore[type-var]
    return changed
