"""Guards what setting up stands on: locks without holes, vendored files unchanged, script that old phones can read."""

import ast
import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.postgres import fresh_database

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
VENDOR = ROOT / "static" / "vendor"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_line_of_a_lock_is_a_pin_or_a_hash(lock):
    pin = re.compile(r"[a-z0-9.-]+==[^ ]+( ; .+)? \\")
    hash_line = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")

    odd = [line for line in lock.read_text().splitlines() if not (pin.fullmatch(line) or hash_line.fullmatch(line))]

    assert odd == []


@pytest.mark.parametrize(("lock", "groups"), [("run.txt", []), ("dev.txt", ["dev"])])
def test_a_lock_pins_all_that_the_project_asks_for(lock, groups):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = list(project["project"]["dependencies"])
    for group in groups:
        asked += project["dependency-groups"][group]
    wanted = {re.split(r"[\[><=]", each)[0] for each in asked}

    pinned = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements" / lock).read_text(), re.MULTILINE))

    assert wanted - pinned == set()


def test_vendored_files_are_the_ones_named_in_the_readme():
    named = dict(re.findall(r"`([\w./-]+)` \| [^|]+\| `([0-9a-f]{64})`", (VENDOR / "README.md").read_text()))

    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*.js")
    }

    assert named == found


def test_every_vendored_library_stands_with_its_licence():
    without = [folder.name for folder in VENDOR.iterdir() if folder.is_dir() and not (folder / "LICENSE").exists()]

    assert without == []


def test_scripts_use_no_syntax_newer_than_the_oldest_phone_we_promise():
    gate = subprocess.run(
        [ROOT / ".venv/bin/node", ROOT / "tools/node/syntax_gate.mjs", *SCRIPTS], capture_output=True, text=True
    )
    if gate.returncode == 2 and not os.environ.get("CI"):
        pytest.skip(gate.stderr)

    assert gate.stderr == ""


def test_the_syntax_gate_refuses_what_safari_13_cannot_read(tmp_path):
    modern = tmp_path / "modern.js"
    modern.write_text("export const name = person?.name;\n")

    gate = subprocess.run([ROOT / ".venv/bin/node", ROOT / "tools/node/syntax_gate.mjs", modern], capture_output=True)

    assert gate.returncode != 0


def test_every_make_target_says_what_it_does():
    targets = re.findall(r"^([a-z-]+):(?!=)(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert [name for name, rest in targets if "##" not in rest] == []


@pytest.mark.postgres
def test_each_fresh_database_is_a_different_one():
    with fresh_database() as one, fresh_database() as other:
        assert one != other


def test_the_core_imports_nothing_but_python_and_itself_and_what_its_values_are_made_of():
    foreign = {
        f"{path.name}: {name}"
        for path in (ROOT / "companion" / "core").rglob("*.py")
        for name in imported_modules(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("companion.core")
    }

    assert foreign == {"values.py: msgspec"}


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
