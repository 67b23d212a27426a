"""Tokens of a Zoom account: one for all, renewed in time, never shown, and none for whoever has other credentials."""

from __future__ import annotations

import threading

import pytest

from companion.core.values import replace
from integrations.zoom.tokens import MARGIN, Tokens
from tests.integrations.zoom_place import (
    PLAN,
    asked_for_tokens,
    at_a_server,
    made_calls,
    trouble_of,
)
from tests.integrations.zoom_server import NOW, ZoomServer
from tests.integrations.zoom_talk import Trouble


@pytest.fixture
def server():
    made = ZoomServer()
    yield made
    made.close()


@pytest.fixture
def zoom(server):
    return at_a_server(server)


def test_one_token_does_for_many_requests_and_many_adapters(server):
    tokens = Tokens()
    for day in range(3):
        at_a_server(server, tokens).make(replace(PLAN, key=f"k{day}"), NOW)

    assert asked_for_tokens(server) == 1


def test_two_threads_at_once_need_one_token(server):
    server.slow_token = 0.2
    tokens, started = Tokens(), threading.Barrier(6)

    threads = []
    for number in range(6):
        zoom = at_a_server(server, tokens)
        plan = replace(PLAN, key=f"k{number}")
        threads.append(threading.Thread(target=lambda zoom=zoom, plan=plan: (started.wait(), zoom.make(plan, NOW))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert asked_for_tokens(server) == 1
    assert made_calls(server) == 6


def test_whoever_waits_for_a_token_that_fails_does_not_wait_again(server):
    server.slow_token = 0.2
    tokens, started, told = Tokens(), threading.Barrier(4), []

    def work() -> None:
        started.wait()
        told.append(trouble_of(lambda: at_a_server(server, tokens, secret="x" * 32).make(PLAN, NOW)).trouble)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == ["credentials"] * 4
    assert asked_for_tokens(server) == 1


def test_a_token_is_renewed_a_little_before_it_ends(server):
    clock = [0.0]
    zoom = at_a_server(server, Tokens(lambda: clock[0]))
    zoom.make(PLAN, NOW)

    clock[0] = 3600 - MARGIN - 1
    zoom.make(PLAN, NOW)
    assert asked_for_tokens(server) == 1
    clock[0] += 2
    zoom.make(PLAN, NOW)
    assert asked_for_tokens(server) == 2


def test_a_token_that_was_taken_back_is_renewed_once_and_nothing_is_done_twice(server, zoom):
    zoom.make(PLAN, NOW)
    server.tokens.clear()

    zoom.make(replace(PLAN, key="k8"), NOW)

    assert asked_for_tokens(server) == 2
    assert made_calls(server) == 2


def test_a_token_that_is_never_taken_is_a_trouble_of_credentials(server, zoom):
    server.troubles += [Trouble(401, body=b'{"code":124,"message":"Invalid access token."}', path="/v2/")] * 2

    assert trouble_of(lambda: zoom.make(PLAN, NOW)).trouble == "credentials"
    assert asked_for_tokens(server) == 2


def test_other_credentials_never_use_a_token_of_these(server):
    tokens = Tokens()
    at_a_server(server, tokens).make(PLAN, NOW)

    down = trouble_of(lambda: at_a_server(server, tokens, secret="another secret of 32 characters!").make(PLAN, NOW))

    assert down.trouble == "credentials"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"secret": "x" * 32}, "the client id or the client secret"),
        ({"client_id": "nobody"}, "the client id or the client secret"),
        ({"account": "nobody"}, "the account id, or our app there is not activated"),
    ],
)
def test_which_credential_is_wrong_is_said(server, changed, said):
    down = trouble_of(lambda: at_a_server(server, **changed).make(PLAN, NOW))

    assert down.trouble == "credentials"
    assert said in down.problem


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Trouble(500), "down"),
        (Trouble(200, body=b"<html>"), "down"),
        (Trouble(200, body=b'{"access_token": "eyJ"}'), "down"),
        (Trouble(429, {"Retry-After": "7"}), "throttled"),
        (Trouble(302, {"Location": "https://elsewhere.example"}), "refused"),
    ],
)
def test_without_a_token_nothing_is_asked(server, zoom, trouble, told):
    server.troubles.append(trouble)

    assert trouble_of(lambda: zoom.make(PLAN, NOW)).trouble == told
    assert server.asked == ["POST /oauth/token"]
