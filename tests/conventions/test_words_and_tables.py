"""What the README promises and the tables say must be complete: settings, commands, routes, headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from companion.core.dispatch import ACTS
from companion.core.parsing import ALL_COMMANDS
from companion.core.permissions import MAY
from companion.core.refusals import REASONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def _source(folder: str) -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / folder).rglob("*.py")))


@pytest.mark.parametrize(
    "setting", sorted(set(re.findall(r'"((?:COMPANION_[A-Z_]+)|PORT|DATABASE_URL)"', _source("companion"))))
)
def test_every_setting_is_in_the_readme(setting: str) -> None:
    assert f"`{setting}`" in README


def test_every_command_has_a_handler_and_a_row_of_permissions() -> None:
    assert set(ALL_COMMANDS) == set(ACTS) == set(MAY)


def test_every_reason_is_given_somewhere_and_none_is_left_over() -> None:
    given = set(re.findall(r'"([a-z_]+)"', _source("companion").replace(_reasons_list(), "")))

    assert REASONS - given == set()


def test_every_integration_has_a_readme() -> None:
    folders = [path for path in (ROOT / "integrations").iterdir() if path.is_dir() and not path.name.startswith("__")]

    assert [folder.name for folder in folders if not (folder / "README.md").exists()] == []


def _reasons_list() -> str:
    return (ROOT / "companion/core/refusals.py").read_text()
