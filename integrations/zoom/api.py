"""One request to Zoom's interface, with the account's token: bounded in time and size, its noes told as CallDown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from companion.ports import CallDown
from integrations import web
from integrations.zoom import refusals
from integrations.zoom.tokens import CONNECT, READ, WITHIN, Credentials, Token, Tokens, read_object

LONGEST = 1024 * 1024  # bytes: a page of meetings that others planned, with all they wrote about them
PAGE = 100  # entries
MOST_PAGES = 50


class ZoomApi:
    """Asks for one account. ``base`` is such as https://api.zoom.us/v2."""

    def __init__(self, who: Credentials, base: str, tokens: Tokens, *, read: float = READ) -> None:
        self._who, self._tokens = who, tokens
        self._base = base.rstrip("/")
        self._read = read

    def ask(
        self,
        method: str,
        path: str,
        now: datetime,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What it answers, as far as it said yes; empty where there is nothing to say. Raises CallDown."""
        token = self._tokens.get(self._who, now, self._read)
        raw = self._send(method, path, token, query, body)
        if raw.status == 401:
            # It was taken back before its time: nothing was done, so asking once more does nothing twice.
            self._tokens.drop(self._who, token)
            token = self._tokens.get(self._who, now, self._read)
            raw = self._send(method, path, token, query, body)
        return self._said(raw, token, now)

    def every(self, path: str, name: str, now: datetime, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """All entries of a list, page by page. Raises CallDown, also where a page cannot be read."""
        page = ""
        for _ in range(MOST_PAGES):
            asked = {**query, "page_size": str(PAGE)} | ({"next_page_token": page} if page else {})
            said = self.ask("GET", path, now, query=asked)
            entries = said.get(name)
            if not isinstance(entries, list):
                raise _unreadable()
            yield from (entry for entry in entries if isinstance(entry, dict))
            page = str(said.get("next_page_token") or "")
            if not page:
                return
        raise CallDown("there are too many calls at Zoom to look through", "refused")

    def scopes(self, now: datetime) -> frozenset[str]:
        """What our app may do as it is set up this minute. Raises CallDown."""
        # A token keeps the scopes that it was made with: only a new one tells.
        return self._tokens.renew(self._who, now, self._read).scopes

    def _send(
        self, method: str, path: str, token: Token, query: Mapping[str, str] | None, body: Mapping[str, Any] | None
    ) -> web.Raw:
        try:
            return web.ask(
                method,
                f"{self._base}{path}",
                connect=CONNECT,
                read=self._read,
                within=WITHIN,
                longest=LONGEST,
                auth=web.Bearer(token.text),
                params=query,
                json=body,
            )
        except web.Unreachable as error:
            raise CallDown(f"Zoom cannot be reached ({error.kind})") from None

    def _said(self, raw: web.Raw, token: Token, now: datetime) -> dict[str, Any]:
        said = read_object(raw.body)
        if 200 <= raw.status < 300:
            if raw.body and not said:
                raise _unreadable()
            return said
        no = refusals.read(raw.status, raw.headers, said, now)
        if no.trouble == "credentials":
            self._tokens.drop(self._who, token)  # a scope that is added later is in a new one alone
        raise no


def text(said: Mapping[str, Any], name: str) -> str:
    """One field of an answer that has to be there: a number counts as text. Raises CallDown."""
    found = said.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int) or not str(found):
        raise _unreadable()
    return str(found)


def _unreadable() -> CallDown:
    return CallDown("Zoom gave an answer that cannot be read")
