"""Signing in at the desk for tests that are about something else, and proving again who one is."""

from __future__ import annotations

import re

import pyotp

from companion.core.values import replace
from companion.records import Account
from companion.service.staff import passkeys
from tests.fakes.authenticator import Authenticator
from tests.fakes.staff import PASSWORD, a_browser, an_account, code_for


def signed_in(browser, world, name="jo", *held, keeper=None, group=None):
    """A browser at the desk; without roles she keeps the installation."""
    keeper = not held if keeper is None else keeper
    account = an_account(world.deps, name, *held, group=group or world.group.id, keeper=keeper)
    return let_in(browser, world, account)


def let_in(browser, world, account):
    """A browser in which this account is signed in, with the desk open."""
    browser.client.set_cookie("me", a_browser(world.deps, account).token)
    browser.account = account
    browser.open("/desk")
    assert browser.at == "/desk", browser.page.words
    return browser


def prove(browser, world, **typed):
    """Answer the page that asks who she is, and come to where she was going."""
    assert browser.page.all("form", action="/desk/again"), browser.page.words
    given = {"password": PASSWORD, "code": code_for(world.deps, browser.account), **typed}
    return browser.send("/desk/again", kept=browser.page.value("kept"), **given)


def give_password(browser, name="jo", password=PASSWORD):
    browser.open("/desk/in")
    return browser.send(name=name, password=password)


def options_of(page, action):
    (form,) = page.all("form", action=action)
    return form.attributes["data-options"]


def with_a_passkey(world, account, *, app=True):
    """A device of hers; without ``app`` it is all that she has."""
    device, session = Authenticator(), a_browser(world.deps, account).session
    passkeys.add(world.deps, session, account, device.make(passkeys.to_add(world.deps, session, account)), "laptop")
    if not app:
        world.store.shelf(Account).change(account.id, lambda now: replace(now, totp_secret=""))
    return device


def group_path(world):
    return f"/desk/groups/{world.group.id}"


def path_of(address):
    return address.partition("8000")[2]


def link_on(page):
    (found,) = re.findall(r"http://127\.0\.0\.1:8000(/desk/begin/\w+)", page.words)
    return found


def add_app(browser, page):
    """Take the picture with an app and type what it shows."""
    secret = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.words)[0].replace(" ", "")
    now = browser.app.extensions["companion"].clock()
    return browser.send("/desk/me/factors/app", secret=page.value("secret"), code=pyotp.TOTP(secret).at(now))
