"""Our app inside the Zoom client: what Zoom says of where it is opened, and adding it for somebody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from companion.ports import CallDown
from companion.records import Platform
from integrations import web
from integrations.zoom import app_context
from integrations.zoom.adapter import ZoomMeetings
from integrations.zoom.tokens import CONNECT, READ, WITHIN, read_object

CODE = re.compile(r"[A-Za-z0-9_-]{8,512}")
IN_A_CALL = "meeting"


class ZoomClient:
    """Implements ports.Program for one app, which has an id and a secret of its own.

    ``guard`` asks about ``meetings``, or says at once that it can't.
    """

    def __init__(
        self,
        client_id: str,
        secret: str,
        address: str,
        meetings: ZoomMeetings,
        guard: Callable[[Callable[[], bool]], bool],
    ) -> None:
        self._client_id, self._secret, self._address = client_id, secret, address
        self._meetings, self._guard = meetings, guard

    def opened_in(self, sealed: str, now: datetime) -> str:
        """The uuid of the meeting, which is another one each time that it is held."""
        context = app_context.read(sealed, self._secret, now)
        return context.meeting if context.kind == IN_A_CALL else ""

    def holds(self, call: str, now: datetime) -> bool:
        """Whether our host holds it now."""
        return self._guard(lambda: self._meetings.holds(call, now))

    def added(self, code: str, back: str) -> None:
        """Exchange the code, or the app is not added. The token that comes is of no use to us, and not kept."""
        if not CODE.fullmatch(code):
            raise CallDown("this is no code of Zoom's", "refused")
        try:
            raw = web.ask(
                "POST",
                f"{self._address}/oauth/token",
                connect=CONNECT,
                read=READ,
                within=WITHIN,
                auth=(self._client_id.encode(), self._secret.encode()),
                data={"grant_type": "authorization_code", "code": code, "redirect_uri": back},
            )
        except web.Unreachable as error:
            raise CallDown(f"Zoom cannot be reached ({error.kind})") from None
        if raw.status != 200 or not isinstance(read_object(raw.body).get("access_token"), str):
            raise CallDown("Zoom did not take the code", "refused")


def inside_zoom(
    platform: Platform, meetings: ZoomMeetings, guard: Callable[[Callable[[], bool]], bool]
) -> ZoomClient | None:
    """The app that was made for this account; None where there is none."""
    client_id, secret = platform.more.get("app_id", ""), platform.more.get("app_secret", "")
    if not client_id or not secret:
        return None
    return ZoomClient(client_id, secret, platform.address.rstrip("/"), meetings, guard)
