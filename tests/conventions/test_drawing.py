"""Draws every panel at every kind of moment: nothing breaks, and each form asks for what its reader may ask for."""

import re
from html.parser import HTMLParser

import pytest

from companion import drawing
from companion.core import permissions
from companion.core.parsing import COMMANDS, parse
from companion.core.views import panel_for
from companion.web.looks import Look
from tests.conventions.evenings import SEAT_OF, moments

MOMENTS = moments()
ROLES = sorted(SEAT_OF)
# What every whole page is given (templates/base.html), for a browser that has chosen nothing yet.
AROUND = {
    "look": Look(),
    "inside": True,
    "saves_data": False,
    "leave_to": "https://www.bbc.co.uk/weather",
    "leave_words": "leave",
    "aside": "list",
    "every": "30",
    "by_itself": False,
    "beside": None,
    "in_zoom": False,
    "seat": "s",
}
NUMBERS = {"crisis_name": "Samaritans", "crisis_number": "116 123", "backup_number": "020 7946 0000"}


class Page(HTMLParser):
    """The forms, ids and labels of a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.ids, self.fields, self.labels = [], [], [], set()
        self.choosing = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "form":
            self.forms.append((attrs["action"], {}))
        elif tag == "label":
            self.labels.add(attrs["for"])
        elif tag == "select":
            self.choosing = attrs["name"]
            self.fields.append(attrs["id"])
        elif tag == "option" and self.choosing not in self.forms[-1][1]:
            self.forms[-1][1][self.choosing] = attrs["value"]
        elif tag == "input":
            self._input(attrs)

    def _input(self, attrs):
        shown = attrs["type"] != "hidden"
        if shown:
            self.fields.append(attrs["id"])
        typed = "2" if attrs["type"] == "tel" else "A few words"
        if "name" in attrs:
            self.forms[-1][1][attrs["name"]] = attrs.get("value", typed if shown else "")


def drawn(moment, role, **how):
    state = MOMENTS[moment]
    return drawing.draw_panel(role, panel_for(state, SEAT_OF[role]), how.pop("language", "en"), **how)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_every_form_is_one_that_its_reader_may_send(moment, role):
    page = Page("".join(drawn(moment, role).values()))

    for address, fields in page.forms:
        name = address.removeprefix("/act/")
        parse(name, fields, from_form=True)
        assert role in permissions.MAY[COMMANDS[name]]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_ids_are_unique_and_every_field_has_a_label(moment, role):
    page = Page("".join(drawn(moment, role).values()))

    assert sorted(page.ids) == sorted(set(page.ids))
    assert set(page.fields) == page.labels


@pytest.mark.parametrize("role", ROLES)
def test_each_region_is_one_element_that_says_its_name(role):
    for name, html in drawn("busy", role).items():
        assert re.findall(r'data-region="(\w+)"', html) == [name]
        assert html.strip().startswith("<")


@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_stamped_and_a_push_is_not(role):
    page = Page("".join(drawn("busy", role, tap="stamp-1").values()))
    push = Page("".join(drawn("busy", role).values()))

    assert {fields.pop("tap") for _, fields in page.forms} == {"stamp-1"}
    assert page.forms == push.forms


def test_an_unknown_language_is_english():
    assert drawn("busy", "member", language="xx") == drawn("busy", "member", language="en")
    assert drawing.refusal("too_fast", "xx") == drawing.refusal("too_fast", "en")
    assert drawing.direction("xx") == "ltr"


def test_what_a_person_typed_is_never_markup():
    html = drawing.draw_region("member", "room", hostile_room(), "en")

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def hostile_room():
    room = panel_for(MOMENTS["started"], "wren")["room"]
    return type(room)(
        **{**{name: getattr(room, name) for name in room.__slots__}, "alias": "<script>alert(1)</script>"}
    )


@pytest.mark.parametrize("page", ["hold", "gone", "help", "front"])
def test_a_whole_page_is_drawn_with_and_without_a_group(page):
    bare = drawing.draw_page(f"pages/{page}", "en", **AROUND)
    full = drawing.draw_page(f"pages/{page}", "en", **NUMBERS, **AROUND)

    assert "<title>Notes</title>" in bare
    assert "tel:" not in bare
    assert 'href="tel:116123"' in full
    assert 'href="tel:02079460000"' in full


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("moment", ["planned", "busy"])
def test_here_holds_the_whole_panel_and_the_refusal(moment, role):
    html = drawing.draw_page(
        "pages/here",
        "en",
        regions=drawn(moment, role, tap="t1"),
        number=7,
        key="k",
        role=role,
        refusal="Please wait.",
        tap="t1",
        **{**NUMBERS, **AROUND},
    )

    page = Page(html)
    assert sorted(page.ids) == sorted(set(page.ids))
    assert html.count("<h1") == 1
    assert "Please wait." in html
    for name in drawn(moment, role):
        assert f'data-region="{name}"' in html


def test_the_release_changes_the_address_of_every_static_file():
    assert drawing.static_url("js/main.js") == f"/static/{drawing.release()}/js/main.js"
