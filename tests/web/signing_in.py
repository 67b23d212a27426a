"""Signing in at the desk for tests that are about something else, and proving again who one is."""

from __future__ import annotations

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
