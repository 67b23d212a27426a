"""X19: every installation has secrets of its own, and nothing meant for developers runs where people come."""

from __future__ import annotations

import stat

import pytest

from companion import running
from companion.core.values import replace
from companion.settings import BadSetting, Settings
from companion.store.keys import key_file
from companion.wiring import make_deps
from tests.fakes.world import a_world
from tests.web.conftest import make_app


def test_two_installations_share_no_secret_and_keep_theirs_to_themselves(tmp_path):
    secrets = []
    for name in ("one", "other"):
        deps = make_deps(Settings(data=tmp_path / name))
        assert stat.S_IMODE(key_file(deps.settings).stat().st_mode) == 0o600
        secrets += [
            deps.sealer.subkey(purpose) for purpose in ("browser session", "tokens", "staff names", "kept forms")
        ]

    assert len(set(secrets)) == 8


def test_a_switch_of_the_framework_shows_no_inner_pages(monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")

    app = make_app(a_world())

    assert (app.debug, app.testing) == (False, False)


def test_nothing_for_developers_is_served_by_https():
    settings = Settings(base_url="https://notes.example", development=True)

    with pytest.raises(BadSetting, match="COMPANION_DEVELOPMENT"):
        running.run(settings)

    assert replace(settings, development=False).secure
