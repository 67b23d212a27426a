"""Numbers of a node: for whoever has the token, and of nobody; and the probes beside them."""

from __future__ import annotations

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from companion.core.commands import AdmitAll
from companion.core.refusals import REASONS
from companion.core.telling import MERGED, NAMED_REASONS
from companion.core.values import replace
from companion.live.outlet import Outlet
from companion.ports import NoMeters
from companion.service.accesses import form_tap
from companion.settings import BadSetting, from_environment
from companion.wiring import deps_with
from integrations.metrics.adapter import PrometheusMeters
from tests.fakes.world import a_world, wrong_for
from tests.web.conftest import Browser, make_app
from tests.web.walking import link, walk

TOKEN = "a-token-for-whoever-watches"
SECRETS = ("zebrafish", "Fern", "Ash", "Sol", "Tuesday", "example.org", "raise_break_signal", "supporter", "signal")


@pytest.fixture
def watched():
    world = a_world(metrics_token=TOKEN)
    world.deps = replace(world.deps, meters=PrometheusMeters())
    return world


@pytest.fixture
def ash(watched):
    """Somebody in the room, whose pages are plain forms."""
    host = watched.open_doors()
    browser = Browser(make_app(watched))
    walk(browser, watched.invite("Ash"), alias="Fern")
    watched.perform(AdmitAll(), by=host.invite.seat_id)
    return browser


def asked(app, token=TOKEN, scheme="Bearer"):
    return app.test_client().get("/metrics", headers={"Authorization": f"{scheme} {token}"} if token else {})


def numbers(app):
    """Every row with its labels, and its value."""
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(asked(app).get_data(as_text=True))
        for sample in family.samples
        if sample.name.startswith("companion_")
    }


def moved(before, after):
    """What is more than it was, leaving out how long things took."""
    found = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    return {key: by for key, by in found.items() if "seconds" not in key[0]}


def press(browser, command, **fields):
    access = next(iter(browser.app.extensions["companion"].store._accesses.values()))
    stamp = form_tap(browser.app.extensions["companion"], access)
    return browser._send("POST", f"/act/{command}", data={"tap": stamp, **fields}).status_code


def test_without_a_token_in_the_settings_there_is_no_such_page(app):
    nothing = app.test_client().get("/no-such-page")

    answer = asked(app, "")

    assert (answer.status_code, asked(app, "None").status_code) == (404, 404)
    assert len(answer.data) == len(nothing.data)


@pytest.mark.parametrize(("token", "scheme"), [("", ""), ("wrong", "Bearer"), (TOKEN, "Basic"), ("\u00e9", "Bearer")])
def test_whoever_does_not_show_the_token_is_told_nothing(watched, token, scheme):
    answer = asked(make_app(watched), token, scheme)

    assert (answer.status_code, answer.data) == (401, b"")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_shows_it_gets_the_numbers(watched):
    answer = asked(make_app(watched))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert b"process_resident_memory_bytes " in answer.data
    assert b"companion_database_up 1.0" in answer.data


def test_a_tap_that_is_done_counts_as_one_and_says_not_what_it_was(watched, ash):
    before = numbers(ash.app)

    assert press(ash, "request_turn", note="zebrafish") == 303
    after_a_turn = numbers(ash.app)
    assert press(ash, "raise_break_signal", strength="few_minutes") == 303

    steps = {("companion_commit_taps_bucket", end): 1.0 for end in ("+Inf", "1", "2", "4", "8", "16", "32", "64")}
    one = {("companion_taps_total", "done"): 1.0, ("companion_commit_taps_count",): 1.0, **steps}
    one[("companion_commit_taps_sum",)] = 1.0
    assert moved(before, after_a_turn) == one
    assert moved(after_a_turn, numbers(ash.app)) == one


def test_refusals_that_tell_of_somebody_are_one(watched, ash):
    before = numbers(ash.app)

    assert press(ash, "request_breakout") == 422  # no supporter is on duty
    assert press(ash, "settle_break_signal") in (303, 422)
    assert press(ash, "confirm_ticket") == 422
    assert press(ash, "start_next_turn", turn="0") == 422
    assert press(ash, "zebrafish") == 422

    after = moved(before, numbers(ash.app))
    refusals = {key[1]: by for key, by in after.items() if key[0] == "companion_refusals_total"}
    assert set(refusals) == {MERGED, "not_yours_to_do", "unknown_command"}
    assert sum(refusals.values()) == after[("companion_taps_total", "refused")]


def test_every_refusal_has_its_row_from_the_start_or_none_at_all(watched):
    there = {key[1] for key in numbers(make_app(watched)) if key[0] == "companion_refusals_total"}

    assert there == NAMED_REASONS | {MERGED}
    assert there - {MERGED} < REASONS


def test_nothing_in_the_numbers_tells_of_anybody(watched, ash):
    press(ash, "request_turn", note="zebrafish")
    press(ash, "raise_break_signal", strength="cannot_talk")
    press(ash, "request_breakout")
    stranger = Browser(ash.app)
    issued = watched.invite("Wren")
    stranger.open(link(issued))
    stranger.send(passcode=wrong_for(issued))

    page = asked(ash.app).get_data(as_text=True)

    ids = {watched.session.id, watched.group.id, *watched.store._accesses, *watched.store._invites}
    ids |= {seat.id for seat in watched.live().seats}
    assert [word for word in (*SECRETS, *ids) if word in page] == []
    labels = set(re.findall(r'(\w+)="', page))
    assert labels == {"code", "files", "kind", "le", "outcome", "python", "server"}
    assert numbers(ash.app)[("companion_refusals_total", "wrong_passcode")] == 1


def test_what_waits_is_summed_in_steps(watched, monkeypatch):
    class Slow:
        def __init__(self, waiting):
            self.waiting = waiting

    monkeypatch.setattr(Outlet, "all", {Slow(0), Slow(1), Slow(16_384)})

    found = numbers(make_app(watched))

    assert found[("companion_backlog_sockets",)] == 2
    assert found[("companion_backlog_bytes",)] == 32_768
    assert found[("companion_sockets",)] == 0


def test_a_database_that_is_away_is_said_and_its_numbers_are_missing(watched):
    app = make_app(watched)
    here = numbers(app)
    watched.store.down = True

    away = numbers(app)

    assert (here[("companion_database_up",)], away[("companion_database_up",)]) == (1, 0)
    assert {key[0] for key in here} - {key[0] for key in away} == {
        "companion_outbox_waiting",
        "companion_outbox_oldest_seconds",
    }


def test_a_tap_that_the_database_cannot_take_is_not_sent(watched, ash):
    stamp_first = press(ash, "request_turn")
    before = numbers(ash.app)
    watched.store.save = lambda *args: watched.store.__setattr__("down", True) or watched.store.ready()

    assert (stamp_first, press(ash, "withdraw_turn")) == (303, 503)
    watched.store.down = False

    assert moved(before, numbers(ash.app))[("companion_taps_total", "not_sent")] == 1


def test_nothing_is_counted_where_nobody_may_ask(tmp_path):
    env = {"COMPANION_DATA": str(tmp_path)}

    assert isinstance(_meters(env), NoMeters)
    assert isinstance(_meters(env | {"COMPANION_METRICS_TOKEN": TOKEN}), PrometheusMeters)


@pytest.mark.parametrize("token", ["short", "with a space in the midst of it", "\u00e9" * 30])
def test_a_token_that_could_be_guessed_or_not_be_sent_is_no_setting(token):
    with pytest.raises(BadSetting):
        from_environment({"COMPANION_METRICS_TOKEN": token})


def test_a_token_may_stand_in_a_file_and_is_not_shown(tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")

    settings = from_environment({"COMPANION_METRICS_TOKEN_FILE": str(file)})

    assert settings.metrics_token == TOKEN
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_node_behind_a_proxy_answers_probes_that_come_past_it(path):
    world = a_world(base_url="https://notes.example", trusted_proxies=1)

    answer = make_app(world).test_client().get(path, headers={"Host": "172.30.7.11:8000"})

    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_a_node_without_a_database_is_alive_and_not_ready(world, app):
    world.store.down = True
    client = app.test_client()

    assert client.get("/health/live").status_code == 200
    assert (client.get("/health/ready").status_code, client.get("/health/ready").status_code) == (503, 503)
    world.store.down = False
    assert client.get("/health/ready").status_code == 200


def _meters(env):
    from companion.store import open_store

    settings = from_environment(env)
    store = open_store(settings)
    try:
        return deps_with(settings, store).meters
    finally:
        store.dispose()
