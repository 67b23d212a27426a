"""The app that shows a panel inside Zoom, from a terminal: kept with its secret sealed, its addresses printed."""

from __future__ import annotations

import pytest

from companion.records import Platform
from tests.integrations.zoom_server import ACCOUNT, APP, APP_SECRET, CLIENT, HOST, SECRET


@pytest.fixture
def zoom(say, tmp_path):
    kept = tmp_path / "secret.txt"
    kept.write_text(SECRET)
    names = ("--name", "Ours", "--account", ACCOUNT, "--client-id", CLIENT, "--host", HOST)
    return say("platform", "add", "zoom", *names, "--secret-file", kept).splitlines()[0]


def an_app(say, tmp_path, platform, secret=APP_SECRET):
    kept = tmp_path / "app.txt"
    kept.write_text(f"{secret}\n")
    return say("platform", "app", platform, "--client-id", APP, "--secret-file", kept)


def test_an_app_is_kept_and_what_zoom_has_to_know_is_printed(say, deps, zoom, home, tmp_path):
    printed = an_app(say, tmp_path, zoom)

    assert printed.splitlines() == [
        "Home URL: http://127.0.0.1:8000/zoom",
        f"OAuth redirect URL: http://127.0.0.1:8000/zoom/added/{zoom}",
    ]
    kept = deps.store.shelf(Platform).get(zoom)
    assert deps.calls.program(kept) is not None
    assert kept.more["client_id"] == CLIENT, "the account's own app is another one"
    assert APP_SECRET not in say("platform", "list")
    assert all(APP_SECRET.encode() not in file.read_bytes() for file in home.rglob("*") if file.is_file())


def test_a_new_secret_takes_the_place_of_the_one_before(say, deps, zoom, tmp_path):
    an_app(say, tmp_path, zoom)
    an_app(say, tmp_path, zoom, "another-secret-of-the-same-app")

    assert deps.store.shelf(Platform).get(zoom).more["app_secret"] == "another-secret-of-the-same-app"


def test_a_secret_that_is_cut_short_is_refused_and_not_shown(say, deps, zoom, tmp_path):
    said = an_app(say, tmp_path, zoom, "cut-short")

    assert said.startswith("1: The secret is too short")
    assert "cut-short" not in said
    assert deps.calls.program(deps.store.shelf(Platform).get(zoom)) is None


def test_an_account_that_is_not_there_or_not_at_zoom_has_no_app(say, tmp_path):
    key = tmp_path / "secret.txt"
    key.write_text("a secret of one's own server, long enough")
    names = ("--name", "Ours", "--address", "https://meet.example", "--account", "companion")
    jitsi = say("platform", "add", "jitsi", *names, "--secret-file", key)

    assert an_app(say, tmp_path, "nowhere").startswith("1: There is no account nowhere at Zoom.")
    assert an_app(say, tmp_path, jitsi).startswith(f"1: There is no account {jitsi} at Zoom.")
