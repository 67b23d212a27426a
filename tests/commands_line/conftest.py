"""A terminal on an empty machine."""

from __future__ import annotations

import os

import pytest

from companion import cli
from companion.settings import from_environment
from companion.wiring import make_deps


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("COMPANION_") or name in ("PORT", "DATABASE_URL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COMPANION_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def say(home, capsys):
    """Give a command; what it printed, with its return code in front where that is not 0."""

    def give(*words):
        code = cli.main([str(word) for word in words])
        out, err = capsys.readouterr()
        return (out if code == 0 else f"{code}: {err}").strip()

    return give


@pytest.fixture
def deps(home):
    return make_deps(from_environment())
