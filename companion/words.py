"""Which language a person reads and in which direction, from catalogues that are loaded once."""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations

CATALOGUES = Path(__file__).parent / "translations"
SOURCE = "en"
# Each in its own name, so that somebody who reads no English finds hers.
NAMES = {"en": "English", "cy": "Cymraeg", "ur": "اردو", "ar": "العربية"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})


@lru_cache(maxsize=1)
def languages() -> dict[str, str]:
    """The languages that pages can be drawn in, each by its own name; English is always one of them."""
    return {code: name for code, name in NAMES.items() if code == SOURCE or _catalogue(code).is_file()}


def spoken(language: str) -> str:
    """The language that a person who asked for ``language`` is really given: hers, or English."""
    known = languages()
    return next((code for code in (language, language.partition("-")[0]) if code in known), SOURCE)


def direction(language: str) -> str:
    """``rtl`` for languages written from right to left, else ``ltr``."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=len(NAMES))
def translations(language: str) -> NullTranslations:
    """The catalogue of a language that ``spoken`` has chosen."""
    if language == SOURCE and not _catalogue(language).is_file():
        return NullTranslations()
    return Translations.load(CATALOGUES, [language])


def _catalogue(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.mo"
