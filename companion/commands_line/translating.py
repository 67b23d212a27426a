"""Languages: ``companion translate add`` begins one, ``update`` brings all up to date, ``check`` finds gaps."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from companion import words

ROOT = Path(__file__).parents[2]
KEYWORDS: dict[str, Any] = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
AWAITING = "Awaiting review by a native reader."
WAYS: tuple[tuple[str, list[tuple[str, str]]], ...] = (
    ("templates", [("**.html", "jinja2")]),
    ("companion", [("**.py", "python")]),
)
OPTIONS = {
    "**.html": {
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "newstyle_gettext": "true",
        "extensions": "companion.kept_parts.KeptParts",
        "silent": "false",
    }
}


def add_parsers(commands: Any) -> None:
    """``companion translate …``."""
    translate = commands.add_parser("translate", help="begin a language, bring catalogues up to date, look for gaps")
    translate.add_argument("act", choices=["add", "update", "check"])
    translate.add_argument("language", nargs="?", help="a code such as cy or pt_BR, for add")


def run(args: Namespace) -> int:
    """Do what was asked; 0 if nothing is missing."""
    if args.act == "add":
        return begin(args.language or "")
    if args.act == "update":
        for path in catalogues():
            _write(path, updated(path))
    return _check()


def sentences() -> Catalog:
    """Every sentence of every page, as the templates and the modules have it now."""
    found = Catalog()
    for folder, method in WAYS:
        for file, line, message, comments, context in extract_from_dir(
            ROOT / folder, method, OPTIONS, KEYWORDS, strip_comment_tags=True
        ):
            found.add(message, None, [(f"{folder}/{file}", line)], auto_comments=comments, context=context)
    return found


def catalogues() -> list[Path]:
    """The catalogue of each language."""
    return sorted(words.CATALOGUES.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    """A catalogue as it stands."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def updated(path: Path) -> Catalog:
    """A catalogue with the sentences of today: new ones empty, old ones gone, none guessed."""
    catalog = read(path)
    catalog.update(sentences(), no_fuzzy_matching=True, keep_user_comments=True)
    catalog.obsolete.clear()
    return catalog


def gaps(path: Path) -> Iterator[str]:
    """The sentences that somebody who reads this language would still read in English."""
    for message in updated(path):
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(strings)):
            yield message.id if isinstance(message.id, str) else message.id[0]


def begin(code: str) -> int:
    """A catalogue for a new language, with every sentence to fill in."""
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError, TypeError):
        print(f"{code!r} is not a language that is known. Give its code, such as cy or pt_BR.", file=sys.stderr)
        return 1
    path = words.CATALOGUES / str(locale) / "LC_MESSAGES" / "messages.po"
    if path.exists():
        print(f"{locale.get_display_name()} is there already: {_short(path)}", file=sys.stderr)
        return 1
    catalog = Catalog(locale=locale, header_comment=f"# {AWAITING}", fuzzy=False)
    catalog.update(sentences(), no_fuzzy_matching=True)
    path.parent.mkdir(parents=True)
    _write(path, catalog)
    count = len(catalog)
    print(f"{_short(path)} holds {count} sentences to translate into {locale.get_display_name()}.")
    print("Fill in each msgstr, then: companion translate check. docs/translating.md says how to word them.")
    return 0


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _write(path: Path, catalog: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalog, width=118, sort_by_file=True, omit_header=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def _check() -> int:
    missing = {path.parts[-3]: list(gaps(path)) for path in catalogues()}
    for code, found in missing.items():
        print(f"{code}: " + ("complete" if not found else f"{len(found)} sentences are missing"))
        for sentence in found[:20]:
            print(f"  {sentence}")
    return 1 if any(missing.values()) else 0
