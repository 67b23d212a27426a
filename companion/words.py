"""Which language a person reads and in which direction, from catalogues that are loaded once.

A language is there as soon as its compiled catalogue is; its own name and its direction are those that Unicode gives.
"""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.support import Translations

CATALOGUES = Path(__file__).parent / "translations"
SOURCE = "en"
NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})  # Unicode names them among the countries


@lru_cache(maxsize=1)
def languages() -> dict[str, str]:
    """The languages that pages can be drawn in, each by its own name, so that who reads no English finds hers."""
    codes = sorted(path.parts[-3] for path in CATALOGUES.glob("*/LC_MESSAGES/messages.mo"))
    return {SOURCE: "English", **{code: _own_name(code) for code in codes if code != SOURCE}}


def spoken(language: str) -> str:
    """The language that a person who asked for ``language`` is really given: hers, or English."""
    known = languages()
    wanted = language.replace("-", "_")
    return next((code for code in (wanted, wanted.partition("_")[0]) if code in known), SOURCE)


def direction(language: str) -> str:
    """``rtl`` for languages written from right to left, else ``ltr``."""
    try:
        return Locale.parse(language, sep="-" if "-" in language else "_").text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"


@lru_cache(maxsize=64)
def translations(language: str) -> NullTranslations:
    """The catalogue of a language that ``spoken`` has chosen."""
    if language not in languages() or language == SOURCE:
        return NullTranslations()
    return Translations.load(CATALOGUES, [language])


def _own_name(code: str) -> str:
    name = Locale.parse(code).get_language_name(code) or code
    return name[:1].upper() + name[1:]


def names_of(code: str) -> tuple[str, ...]:
    """What a language is called, in English and in itself."""
    found = Locale.parse(code)
    return tuple(name for name in (found.english_name, found.get_language_name(code)) if name)


@lru_cache(maxsize=16)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Every country by code and name, in the order of their names in this language."""
    named = Locale.parse(spoken(language)).territories
    codes = [code for code in named if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY]
    return tuple(sorted(((code, named[code]) for code in codes), key=lambda pair: pair[1]))


def country_named(typed: str) -> str | None:
    """The code of a country that somebody typed: the code itself, or its name in any language of the pages."""
    wanted = typed.strip().casefold()
    if wanted == "uk":
        return "GB"
    pairs = (pair for language in languages() for pair in countries(language))
    return next((code for code, name in pairs if wanted in (code.casefold(), name.casefold())), None)
