"""Joins our small sheets and modules into one file each for the wire: a phone on a weak signal pays for every request.

Nothing is built beforehand and nothing is written: what is served is the files as they stand. Each module stays a
function of its own, so that names of one never meet those of another. Vendored modules are fetched as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

PAGE = ("tokens", "themes", "contrast", "base", "marks", "bar", "help", "aside")
PANEL = ("layout", "columns", "controls", "fields", "parts", "more", "notices", "tools", "joining")
SHEETS = {"css/page.css": (*PAGE, *PANEL), "css/staff.css": ("staff", "lists", "people", "now", "now_places")}
MODULES = {"js/discreet.js", "js/main.js", "js/beside.js", "js/zoom_panel.js", "js/zoom_door.js"}
COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "([^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.MULTILINE)


@lru_cache(maxsize=8)
def bundle(static: Path, path: str) -> tuple[bytes, str] | None:
    """What is served at ``path``, and its media type; nothing where a plain file is."""
    if path in SHEETS:
        sheets = "\n".join((static / "css" / f"{sheet}.css").read_text() for sheet in SHEETS[path])
        return COMMENT.sub("", sheets).replace("\n  ", "\n").replace("\n\n", "\n").encode(), "text/css"
    if path in MODULES:
        return joined(static / path).encode(), "text/javascript"
    return None


def joined(main: Path) -> str:
    """One module that does what ``main`` and all that it imports do; it gives what ``main`` gives."""
    outside: dict[str, str] = {}
    inside: dict[Path, str] = {}
    _take(main.resolve(), outside, inside)
    gives = EXPORT.findall(main.read_text())
    exports = [f"export const {{ {', '.join(gives)} }} = ${main.stem};"] if gives else []
    return "\n".join([*outside.values(), *inside.values(), *exports])


def _take(module: Path, outside: dict[str, str], inside: dict[Path, str]) -> None:
    if module in inside:
        return
    text = module.read_text()
    needs = []
    for names, source in IMPORT.findall(text):
        # Another such module is fetched as well as this one: joined in here, it would run twice.
        if "/vendor/" in source or f"js/{Path(source).name}" in MODULES:
            outside[source] = f'import {{ {names} }} from "{source}";'
        else:
            _take((module.parent / source).resolve(), outside, inside)
            needs.append(f"const {{ {names} }} = ${Path(source).stem};")
    gives = ", ".join(EXPORT.findall(text))
    body = EXPORT.sub("", IMPORT.sub("", text))
    inside[module] = "\n".join(
        [f"const ${module.stem} = (() => {{", *needs, body.rstrip(), f"return {{ {gives} }};", "})();"]
    )
