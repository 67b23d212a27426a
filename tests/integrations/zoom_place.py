"""An adapter at the stand-in for Zoom, and what several of its tests ask."""

from __future__ import annotations

from datetime import timedelta

import pytest

from companion.ports import Attendee, CallDown, CallPlan
from companion.records import Platform
from integrations.zoom.adapter import ZoomMeetings
from integrations.zoom.tokens import Credentials, Tokens
from tests.integrations.zoom_server import ACCOUNT, CLIENT, HOST, NOW, SECRET, ZoomServer

PLAN = CallPlan("k7tuesday", NOW + timedelta(days=1), 90)
WREN, SOL = Attendee("r7wren", "Wren & Döner?"), Attendee("r7sol", "Sol", leads=True)
MORE = {"client_id": CLIENT, "host": HOST, "webhook_secret": "secret-token-of-the-app"}
ZOOM = Platform("p4", "zoom", "Our Zoom", "https://zoom.us", ACCOUNT, SECRET, NOW, MORE)
QUICK = 0.3  # seconds


def at_a_server(server: ZoomServer, tokens: Tokens | None = None, read: float = 2.0, **changed: str) -> ZoomMeetings:
    said = {"account": ACCOUNT, "client_id": CLIENT, "secret": SECRET} | changed
    host = said.pop("host", HOST)
    who = Credentials(address=server.address, **said)
    return ZoomMeetings(who, host, tokens=tokens or Tokens(), base=server.api, read=read, clock=lambda: server.now)


def asked_for_tokens(server: ZoomServer) -> int:
    return server.asked.count("POST /oauth/token")


def made_calls(server: ZoomServer) -> int:
    return len(server.meetings)


def trouble_of(ask) -> CallDown:
    with pytest.raises(CallDown) as down:
        ask()
    return down.value
