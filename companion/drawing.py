"""Turns views into HTML with Jinja, in each seat's own language, outside any request.

Regions are drawn inside somebody else's tap, so a template knows its view and nothing of who asked. There is one
environment a language: the words inside imported macros are then never those of the person drawn before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from companion import words
from companion.core.model import Seat
from companion.core.views import Panel
from companion.kept_parts import Drawing, Kept, Part
from companion.templating import Templates

PACKAGE = Path(__file__).parent
# Beside the package in a checkout, inside it where it was installed from a wheel.
TEMPLATES = next(path for path in (PACKAGE.parent / "templates", PACKAGE / "templates") if path.is_dir())
STATIC = next(path for path in (PACKAGE.parent / "static", PACKAGE / "static") if path.is_dir())
LOADER = FileSystemLoader(TEMPLATES)
# Small sheets for whoever writes them, few requests for a phone on a weak signal: each bundle is one file on the wire.
MOST_REGIONS, MOST_BYTES = 48, 200_000  # what is kept of one session: a dozen pages' regions, and parts of them


def draw_panel(role: str, panel: Panel, language: str, tap: str = "") -> dict[str, str]:
    """The HTML of each region; ``tap`` stamps the forms of a whole page and stays empty in what is pushed."""
    return {name: draw_region(role, name, view, language, tap) for name, view in panel.items()}


class Drawings:
    """Draws what a session's pages are pushed: each region once for all who see the same of it in the same language,
    of the next one only the parts that are another, and those alone are sent to a seat whose pages show the rest.

    What is drawn is as private as what it was drawn from: whoever has one of these lets go of it with the session.
    """

    def __init__(self) -> None:
        self._regions: dict[tuple[str, str, str, object], Drawing] = {}
        self._parts = Kept(MOST_BYTES)
        self._shown: dict[str, dict[str, frozenset[Part]]] = {}  # by seat and region: what all its pages have

    def whole(self, seat: Seat, panel: Panel) -> dict[str, str]:
        """The HTML of each region."""
        return {name: self._draw(seat, name, view).html() for name, view in panel.items()}

    def push(self, seat: Seat, panel: Panel) -> dict[str, str]:
        """The same for pages that were sent everything before it."""
        shown = self._shown.setdefault(seat.id, {})
        return {name: self._next(shown, name, self._draw(seat, name, view)) for name, view in panel.items()}

    def pass_over(self, seat_id: str) -> None:
        """Something changes for this seat which its pages, if there are any, are not pushed."""
        self._shown.pop(seat_id, None)

    def _next(self, shown: dict[str, frozenset[Part]], name: str, drawing: Drawing) -> str:
        before = shown.get(name, frozenset())
        shown[name] = frozenset(drawing.parts)
        return drawing.html(before)

    def _draw(self, seat: Seat, name: str, view: object) -> Drawing:
        key = (seat.role, name, seat.language, view)
        found = self._regions.get(key)
        if found is None:
            found = self._parts.drawing(lambda: draw_region(seat.role, name, view, seat.language, kept=self._parts))
            if len(self._regions) >= MOST_REGIONS:
                del self._regions[next(iter(self._regions))]  # the oldest
            self._regions[key] = found
        return found


def draw_region(role: str, name: str, view: object, language: str, tap: str = "", *, kept: Kept | None = None) -> str:
    """The HTML of one region of one role's panel."""
    template = environment(words.spoken(language)).get_template(f"panels/{role}/{name}.html")
    return template.render(view=view, tap=tap, kept=kept)


def draw_page(name: str, language: str, **values: Any) -> str:
    """A whole page: ``templates/<name>.html`` with the page's variables."""
    drawn_in = words.spoken(language)
    return environment(drawn_in).get_template(f"{name}.html").render(language=drawn_in, **values)


def refusal(code: str, language: str) -> str:
    """The sentence that answers a refused tap, as plain text."""
    sentences: Any = environment(words.spoken(language)).get_template("refusals.html").module
    return str(sentences.sentence(code))


def line_sentence(code: str, language: str) -> str:
    """What the telephone and text line says, as plain text."""
    sentences: Any = environment(words.spoken(language)).get_template("line.html").module
    return str(sentences.sentence(code))


def read_ahead() -> None:
    """Read the templates of the panels in the usual language now: after a start everybody comes at once."""
    templates = environment(words.SOURCE)
    for name in LOADER.list_templates():
        if name.startswith(("panels/", "parts/")):
            templates.get_template(name)


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, of the language that pages are really drawn in."""
    return words.direction(words.spoken(language))


def hidden_fields(fields: Mapping[str, object]) -> Markup:
    """What a form says beside its button: in a template it would take half the time of a panel."""
    return Markup("".join(map(_hidden, fields, fields.values())))  # noqa: S704 - each is escaped there


def _hidden(name: str, value: object) -> str:
    if isinstance(value, bool):
        return f'<input type="hidden" name="{escape(name)}" value="{"yes" if value else "no"}" data-as="flag">'
    said = ' data-as="whole"' if isinstance(value, int) else ""
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}"{said}>'


def static_url(path: str) -> str:
    """The address of a static file, under a prefix that changes with any of them: it may be kept for ever."""
    return f"/static/{release()}/{path}"


@lru_cache(maxsize=1)
def release() -> str:
    """A short digest of every static file, the same on each node that serves the same files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=64)
def environment(language: str) -> Environment:
    """The templates with the sentences of one language."""
    jinja = Templates(LOADER, language, words.translations(language))
    jinja.known["static_url"] = static_url
    jinja.globals.update(GLOBALS)
    return jinja


# What every template may call.
GLOBALS = {
    "hidden_fields": hidden_fields,
    "static_url": static_url,
    "direction": direction,
    "languages": words.languages,
}
