"""How pages look in a browser: kept in one neutral cookie, alike for every link, and gone after leaving quickly."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser


def kept(browser: Browser) -> str:
    found = browser.client.get_cookie("look", domain="localhost")
    return found.value if found else ""


def test_a_choice_is_kept_in_this_browser_and_drawn_on_every_page(browser):
    browser.open("/look")
    browser.send("/look", theme="dusk", room="roomy")

    page = browser.open("/help")

    (html,) = page.all("html")
    assert (html.attributes["data-theme"], html.attributes["data-room"]) == ("dusk", "roomy")
    assert "data-contrast" not in html.attributes
    assert kept(browser) == "dusk.auto.roomy.."


def test_one_choice_leaves_the_others(browser):
    browser.open("/look")
    browser.send("/look", theme="sea", contrast="more")
    browser.send("/look", contrast="auto")

    assert kept(browser) == "sea.auto.normal.."


@pytest.mark.parametrize("value", ["", "dusk", "a.b.c.d.e", "dusk.more.roomy.list.en.more", "<script>....", "....."])
def test_a_cookie_that_somebody_made_up_counts_for_nothing(browser, value):
    browser.client.set_cookie("look", value, domain="localhost")

    (html,) = browser.open("/").all("html")

    assert set(html.attributes) == {"lang", "dir"}


def test_what_is_not_a_choice_changes_nothing(browser):
    browser.open("/look")
    browser.send("/look", theme="yellow")

    assert kept(browser) == ""


def test_leaving_takes_it_away(browser):
    browser.open("/look")
    browser.send("/look", theme="sea")

    browser.client.post("/leave")

    assert kept(browser) == ""


def test_the_page_of_a_link_can_be_read_in_another_language_before_anybody_is_known(browser):
    browser.open("/i/abcdefghijklmnop")
    page = browser.send("/i/abcdefghijklmnop", ask="language", language="ur")

    (html,) = page.all("html")
    assert (html.attributes["lang"], html.attributes["dir"]) == ("ur", "rtl")
    assert kept(browser) == "auto.auto.normal..ur"


def test_a_mark_of_leaving_ends_the_access_before_anything_is_drawn(browser):
    browser.client.set_cookie("look", "sea.auto.normal..", domain="localhost")
    browser.client.set_cookie("out", "1", domain="localhost")

    browser.open("/help")

    assert browser.client.get_cookie("out", domain="localhost") is None
