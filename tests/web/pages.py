"""Reads a page as a browser would, and checks what must be true of every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "use", "path", "rect", "circle"})
SECURITY = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass
class Element:
    """One element with its attributes and the words inside it."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[str, ...]
    words: str = ""


@dataclass
class Page:
    """One answer, read."""

    response: object
    elements: list[Element] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def words(self) -> str:
        return " ".join(next(e for e in self.elements if e.tag == "main").words.split())

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [
            e for e in self.elements if e.tag == tag and all(e.attributes.get(k) == v for k, v in attributes.items())
        ]

    def value(self, name: str) -> str:
        """What a field holds now: the value typed, or the radio button chosen."""
        fields = [e for e in self.elements if e.tag in ("input", "select") and e.attributes.get("name") == name]
        for e in fields:
            if e.attributes.get("type") not in ("radio", "checkbox") or "checked" in e.attributes:
                return e.attributes.get("value", "")
        return ""

    @property
    def csrf(self) -> str:
        return self.value("csrf_token")


class Reader(HTMLParser):
    """Collects elements and the words in them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {k: v or "" for k, v in attrs}, tuple(e.tag for e in self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data):
        for element in self._open:
            element.words += data


def read(response) -> Page:
    """The page, checked: well formed, one h1 that is the title, labelled controls, unique ids, quiet headers."""
    reader = Reader()
    reader.feed(response.get_data(as_text=True))
    page = Page(response, reader.elements)
    assert reader._open == [], "some elements were not closed"
    (h1,), (title,) = page.all("h1"), page.all("title")
    assert h1.words.strip() == title.words.strip() != ""
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids)), f"double ids: {sorted(i for i in ids if ids.count(i) > 1)}"
    _check_labels(page, set(ids))
    _check_forms(page)
    assert not any(name.startswith("on") or name == "style" for e in page.elements for name in e.attributes)
    assert all(e.attributes.get("src") for e in page.all("script")), "script inside the page"
    assert not page.all("style")
    for name, value in SECURITY.items():
        assert response.headers.get(name) == value
    return page


def _check_labels(page: Page, ids: set[str]) -> None:
    labels = {e.attributes.get("for"): e.words.strip() for e in page.all("label")}
    for e in page.elements:
        if e.tag in ("input", "select", "textarea") and "hidden" not in (e.attributes.get("type"), *e.attributes):
            assert labels.get(e.attributes.get("id")), f"no label: {e.attributes}"
        if e.tag in ("button", "a", "summary"):
            assert e.words.strip(), f"nothing to read on {e.tag} {e.attributes}"
        for described in e.attributes.get("aria-describedby", "").split():
            assert described in ids, f"{described} is described nowhere"


def _check_forms(page: Page) -> None:
    posting = [e for e in page.all("form") if e.attributes.get("method") == "post"]
    outside = [e for e in posting if not e.attributes.get("action", "").startswith(("/act/", "/leave"))]
    assert len(page.all("input", name="csrf_token")) == len(outside), "a form without its token"
