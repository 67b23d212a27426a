"""A line without a telephone company: what comes in is a form with a token, what goes out are plain words."""

from __future__ import annotations

from urllib.parse import parse_qsl

from companion.ports import BadReport, Heard, Hook, Waiting, Way

TOKEN = "the fake line's token"  # noqa: S105 - opens nothing


class FakeLine:
    """Implements ports.Line."""

    numbers: tuple[str, ...] = ("+442079460999",)
    voices = frozenset({"en", "cy"})

    def hear(self, way: Way, hook: Hook) -> Heard:
        """The fields of Heard, with a token."""
        said = dict(parse_qsl(hook.body.decode(), keep_blank_values=True))
        if said.get("token") != TOKEN:
            raise BadReport("forged")
        waited = Waiting(int(said.get("keys", 0)), int(said.get("step", 0)), int(said.get("silent", 0)))
        return Heard(way, said["who"], said["number"], said["once"], said["said"], waited)

    def speak(self, words: str, language: str, waits_for: Waiting | None) -> str:
        """Words, language and what is waited for."""
        return f"<say language={language!r} then={waits_for}>{words}</say>"

    def write(self, words: str) -> str:
        """The words."""
        return f"<text>{words}</text>"
