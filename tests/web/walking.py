"""The way in, step by step, and all that a stranger sees at a link; for tests that begin behind it or look at it."""

import re
from datetime import timedelta

from companion.core.values import replace
from companion.records import Invite
from companion.service import inviting
from tests.fakes.world import START, token_of, wrong_for

PLACES = [f"192.0.2.{n}" for n in range(1, 60)]


def link(issued):
    return f"/i/{token_of(issued)}"


def give_passcode(browser, issued):
    browser.open(link(issued))
    return browser.send(passcode=issued.passcode)


def walk_to_the_alias(browser, issued):
    """Every step but the last."""
    give_passcode(browser, issued)
    browser.send("/join/private_space", answer="yes")
    browser.send("/join/who_sees")
    browser.send("/join/agreement", agree="yes")


def walk(browser, issued, **alias):
    """Every step up to the waiting room."""
    walk_to_the_alias(browser, issued)
    return browser.send("/join/alias", **alias)


def found(pattern, words):
    match = re.search(pattern, words)
    return match[1] if match else ""


def dead_link(world, kind):
    issued = world.invite("Ash")
    if kind == "random":
        return "/i/" + "r" * len(token_of(issued)), issued.passcode
    if kind == "revoked":
        inviting.revoke(world.deps, issued.invite.id)
    elif kind == "expired":
        world.store.shelf(Invite).put(replace(issued.invite, expires_at=START))
    elif kind == "used":
        world.store.shelf(Invite).put(replace(issued.invite, state="used", used_at=START))
        return link(issued), wrong_for(issued)
    else:
        world.store.save_session(replace(world.session, phase="closed", closed_at=START - timedelta(minutes=31)))
    return link(issued), issued.passcode


def without_nonces(response):
    body = re.sub(rb'name="csrf_token" value="[^"]+"', b"", response.data)
    headers = [
        (k, re.sub(r"(^[a-z_]+|Expires)=[^;]+;", r"\1=;", v) if k == "Set-Cookie" else v) for k, v in response.headers
    ]
    return response.status_code, sorted(headers), body


def everything_a_stranger_sees(app, path, digits):
    client, seen = app.test_client(), []

    def ask(method, suffix="", place=PLACES[0], **fields):
        token = re.search(rb'name="csrf_token" value="([^"]+)"', client.get(path).data)[1].decode()
        data = {"csrf_token": token, **fields} if method == "POST" else None
        response = client.open(path + suffix, method=method, data=data, environ_overrides={"REMOTE_ADDR": place})
        status, headers, body = without_nonces(response)
        headers = [(k, v.replace(path, "LINK")) for k, v in headers]
        body = re.sub(rb"<bdi>\d{3}</bdi>", b"<bdi>NUMBER</bdi>", body.replace(path.encode(), b"LINK"))
        # A digit more or less in a signed cookie's length is the nonce's own.
        seen.append((method, suffix, status, [h for h in headers if h[0] != "Content-Length"], body))

    ask("GET")
    ask("HEAD")
    for place in PLACES[:25]:
        ask("POST", place=place, passcode=digits)
    for _ in range(6):
        ask("POST", place=PLACES[30], passcode=digits)
    ask("POST", passcode="123")
    ask("POST", ask="voice")
    ask("POST", "/voice", place=PLACES[31])
    ask("GET", "/voice")
    ask("POST", ask="help")
    ask("POST", "/help", words="no code came", place=PLACES[31])
    ask("GET")
    return seen


def only_access(world):
    (access,) = world.store._accesses.values()
    return access
