"""``{% kept view.turn, place %} … {% endkept %}``: a part of a region that is drawn from nothing but what it names.

In panels that are pushed it is drawn once, and again when any of that is another. It may use nothing else: that is
checked when the template is read. Where its first element has an id, a page that shows it already is not sent it again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

SENTENCES = ("_", "gettext")
MARK = f"\0{secrets.token_hex(8)}\0"  # where a part stands: nobody can have written it
FIRST = re.compile(r'(\s*)<(\w+)[^>]*?\sid="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is drawn, and what stands in its place for a page that shows it already; "" where it has no id."""

    html: str
    same: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing: what is between its parts, and the parts."""

    between: tuple[str, ...]
    parts: tuple[Part, ...]

    def html(self, shown: Collection[Part] = ()) -> str:
        """All of it; of the parts that a page shows already only where they stand."""
        pieces = [self.between[0]]
        for part, after in zip(self.parts, self.between[1:], strict=True):
            pieces += (part.same if part.same and part in shown else part.html, after)
        return "".join(pieces)


class Kept:
    """Parts that are drawn already; those that nobody has asked for longest are given up for new ones.

    As private as what they were drawn from: whoever has this lets go of it with that.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0  # characters
        self._parts: dict[object, Part] = {}
        self._used: list[Part] = []

    def drawing(self, draw: Callable[[], str]) -> Drawing:
        """What ``draw`` draws with the parts that are here."""
        self._used = []
        between = draw().split(MARK)
        return Drawing(tuple(between), tuple(self._used))

    def use(self, key: object, draw: Callable[[], Markup]) -> Markup:
        """Leave a mark for a part, which is drawn if it is not here."""
        part = self._parts.pop(key, None)
        if part is None:
            part = self._made(draw())
        self._parts[key] = part  # asked for last
        self._used.append(part)
        return Markup(MARK)  # noqa: S704 - a mark of our own

    def _made(self, html: Markup) -> Part:
        first = FIRST.match(html)
        # With the same space around it, so that a page is the same to the letter either way.
        same = (
            f'{first[1]}<{first[2]} id="{first[3]}" data-same></{first[2]}>{html[len(html.rstrip()) :]}'
            if first
            else ""
        )
        self._size += len(html)
        while self._size > self._most and self._parts:
            self._size -= len(self._parts.pop(next(iter(self._parts))).html)
        return Part(str(html), same)


class KeptParts(Extension):
    """``{% kept … %}``."""

    tags = {"kept"}  # noqa: RUF012 - as the library declares it

    def parse(self, parser: Parser) -> nodes.Node:
        """Read one part."""
        line = next(parser.stream).lineno
        named = parser.parse_tuple(with_condexpr=False)
        names = named.items if isinstance(named, nodes.Tuple) else [named]
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        where = nodes.Const(f"{parser.name}:{line}")
        call = self.call_method("_draw", [where, nodes.Name("kept", "load"), nodes.Tuple(names, "load")])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _draw(self, where: str, kept: object, values: tuple[object, ...], caller: Callable[[], Markup]) -> Markup:
        if not isinstance(kept, Kept):
            return caller()
        return kept.use((where, self.environment.language, values), caller)  # type: ignore[attr-defined]


def check(tree: nodes.Template, name: str | None) -> None:
    common = {"tap", "loop", *SENTENCES, "ngettext", "static_url", "caller", "hidden_fields", *_said_at_the_top(tree)}
    for part in tree.find_all(nodes.CallBlock):
        if _is_kept(part):
            given: Any = part.call.args[2]
            if any(_is_kept(inner) for node in part.body for inner in (node, *node.find_all(nodes.CallBlock))):
                raise TemplateSyntaxError("a kept part in a kept part", part.lineno, name)
            for used in _used(part.body, {repr(each) for each in given.items}, common | _made_in(part.body)):
                raise TemplateSyntaxError(f"a kept part uses {used}, which it does not name", part.lineno, name)


def _is_kept(part: nodes.Node) -> bool:
    call = part.call.node if isinstance(part, nodes.CallBlock) else None
    return isinstance(call, nodes.ExtensionAttribute) and call.name == "_draw"


def _said_at_the_top(tree: nodes.Template) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, nodes.Import):
            yield node.target
        elif isinstance(node, nodes.FromImport):
            yield from (each if isinstance(each, str) else each[1] for each in node.names)
        elif isinstance(node, nodes.Macro):
            yield node.name
        elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name) and _is_fixed(node.node):
            yield node.target.name


def _is_fixed(value: nodes.Node) -> bool:
    return not isinstance(value, nodes.Name) and next(value.find_all(nodes.Name), None) is None


def _made_in(body: list[nodes.Node]) -> set[str]:
    names = (name for node in body for name in node.find_all(nodes.Name))
    return {name.name for name in names if name.ctx in ("store", "param")}


def _used(body: list[nodes.Node], named: set[str], common: set[str]) -> Iterator[str]:
    for node in body:
        yield from _used_in(node, named, common)


def _used_in(node: nodes.Node, named: set[str], common: set[str]) -> Iterator[str]:
    if repr(node) in named:
        return
    if isinstance(node, nodes.Name):
        if node.ctx == "load" and node.name not in common:
            yield node.name
        return
    for child in node.iter_child_nodes():
        yield from _used_in(child, named, common)
