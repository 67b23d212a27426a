"""Turns views into HTML with Jinja, in each seat's own language, outside any request.

Regions are drawn inside somebody else's tap, so a template knows its view and nothing of who asked. There is one
environment a language: the words inside imported macros are then never those of the person drawn before.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from companion import words
from companion.core.views import Panel
from companion.core.views.regions import MemberTurn

PACKAGE = Path(__file__).parent
# Beside the package in a checkout, inside it where it was installed from a wheel.
TEMPLATES = next(path for path in (PACKAGE.parent / "templates", PACKAGE / "templates") if path.is_dir())
STATIC = next(path for path in (PACKAGE.parent / "static", PACKAGE / "static") if path.is_dir())
LOADER = FileSystemLoader(TEMPLATES)
# Small sheets for whoever writes them, few requests for a phone on a weak signal: each bundle is one file on the wire.
KEPT = 128  # drawings of "who speaks now", which a whole group sees alike


def draw_panel(role: str, panel: Panel, language: str, tap: str = "") -> dict[str, str]:
    """The HTML of each region; ``tap`` stamps the forms of a whole page and stays empty in what is pushed."""
    return {name: draw_region(role, name, view, language, tap) for name, view in panel.items()}


class OnceEach:
    """Draws each region once for all who see the same of it in the same language; lives for one change alone.

    What is drawn is as private as what it is drawn from, so nothing is kept beyond the change that it was drawn for.
    """

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, str, str, object], str] = {}

    def draw_panel(self, role: str, panel: Panel, language: str) -> dict[str, str]:
        """The HTML of each region."""
        return {name: self._draw(role, name, language, view) for name, view in panel.items()}

    def _draw(self, role: str, name: str, language: str, view: object) -> str:
        key = (role, name, language, view)
        if key not in self._drawn:
            self._drawn[key] = draw_region(role, name, view, language)
        return self._drawn[key]


def draw_region(role: str, name: str, view: object, language: str, tap: str = "") -> str:
    """The HTML of one region of one role's panel."""
    drawn_in = words.spoken(language)
    if tap or not _seen_by_many(view):
        return _draw(role, name, view, drawn_in, tap)
    return _drawn(role, name, view, drawn_in)


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


def forget() -> None:
    """Let go of every drawing that is kept: called when a session closes."""
    _drawn.cache_clear()


def direction(language: str) -> str:
    """``rtl`` or ``ltr``, of the language that pages are really drawn in."""
    return words.direction(words.spoken(language))


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
    jinja = Environment(
        loader=LOADER,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    jinja.install_gettext_translations(words.translations(language), newstyle=True)  # type: ignore[attr-defined]
    jinja.globals.update(static_url=static_url, direction=direction, languages=words.languages)
    return jinja


def _seen_by_many(view: object) -> bool:
    # Nothing else is kept: what is private must not outlive its session in a cache.
    return isinstance(view, MemberTurn) and not view.note


@lru_cache(maxsize=KEPT)
def _drawn(role: str, name: str, view: object, language: str) -> str:
    return _draw(role, name, view, language, "")


def _draw(role: str, name: str, view: object, language: str, tap: str) -> str:
    return environment(language).get_template(f"panels/{role}/{name}.html").render(view=view, tap=tap)
