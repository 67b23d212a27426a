"""Each key has a purpose, and docs/operating.md says what a change of the keys means for it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
USES = re.compile(r'\b(?:subkey|subkeys|signing)\("([a-z ]+)"|Sealer\.of\(.*, "([a-z ]+)"')
NAMED = re.compile(r"`([a-z ]+)`")


def used():
    return {
        purpose
        for folder in ("companion", "integrations")
        for path in (ROOT / folder).rglob("*.py")
        for found in USES.findall(path.read_text())
        for purpose in found
        if purpose
    }


def told():
    table = (ROOT / "docs/operating.md").read_text().partition("| purpose |")[2].partition("\n\n")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {purpose for cell in first_cells for purpose in NAMED.findall(cell)}


def test_operating_says_what_a_rotation_means_for_every_purpose():
    assert used() == told()


def test_the_search_finds_every_way_of_asking_for_a_key():
    assert {"fields", "tokens", "passcodes", "connect key", "backups"} <= used()
