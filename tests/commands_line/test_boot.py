"""What the service refuses to start with: no default secret, no open key, no words that travel in clear, no debug."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion import running
from companion.app import create_app
from companion.core.values import replace
from companion.settings import BadSetting, Settings, check_fit_to_serve, from_environment
from companion.store.keys import find_keys, key_file
from companion.wiring import make_deps
from tests.fakes.world import a_world

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "settings",
    [
        Settings(base_url="http://notes.example"),
        Settings(base_url="http://192.0.2.7:8000"),
        Settings(base_url="http://127.0.0.1.notes.example"),
        Settings(base_url="https://notes.example", development=True),
    ],
)
def test_it_does_not_serve_where_words_could_be_read_or_a_developers_pages_are_open(settings, tmp_path):
    with pytest.raises(BadSetting):
        running.run(replace(settings, data=tmp_path / "data"))

    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(development=True),
        Settings(base_url="http://localhost:8000"),
        Settings(base_url="http://[::1]:8000"),
        Settings(base_url="https://notes.example"),
        Settings(base_url="http://192.0.2.7:8000", development=True),
    ],
)
def test_it_serves_by_https_or_on_a_machine_of_ones_own(settings):
    check_fit_to_serve(settings)


def test_there_is_no_default_secret(tmp_path):
    settings = from_environment({"COMPANION_DATA": str(tmp_path / "one")})
    other = replace(settings, data=tmp_path / "other")

    assert (settings.secret_key, find_keys(settings)) == ("", None)
    keys = {make_deps(one).sealer.subkey("browser session") for one in (settings, other)}
    assert len(keys) == 2
    assert key_file(settings).stat().st_mode & 0o777 == 0o600
    assert settings.data.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("settings", [{}, {"development": True}, {"base_url": "https://notes.example"}])
def test_there_is_never_a_debugger(settings):
    app = create_app(a_world(**settings).deps)

    assert (app.debug, app.testing, app.config["PROPAGATE_EXCEPTIONS"]) == (False, False, None)
    app.extensions["companion_courier"]._bell.close()
    app.extensions["companion_courier"]._ear.close()


def test_an_environment_that_asks_for_a_debugger_gets_none(monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")

    app = create_app(a_world().deps)

    assert app.debug is False
    app.extensions["companion_courier"]._bell.close()
    app.extensions["companion_courier"]._ear.close()


def test_cookies_of_the_desk_insist_on_https():
    app = create_app(a_world(base_url="https://notes.example").deps)

    found = {name: app.config[f"SESSION_COOKIE_{name}"] for name in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")}
    assert found == {"NAME": "__Host-desk", "SECURE": True, "HTTPONLY": True, "SAMESITE": "Lax"}
    app.extensions["companion_courier"]._bell.close()
    app.extensions["companion_courier"]._ear.close()


def test_no_signed_token_of_the_kind_that_names_its_own_algorithm_is_used_yet():
    # Whoever brings JWTs in brings the checks of X20 with them, and takes this test away.
    uses = [path for path in (ROOT / "companion").rglob("*.py") if "import jwt" in path.read_text()]

    assert uses == []
