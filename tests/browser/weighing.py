"""Counts what comes over the line for one page, as the browser's own network layer sees it: packed, with headers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page


@dataclass
class Weight:
    """Bytes by address; ``first`` is the page itself."""

    bytes: dict[str, int] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    live: int = 0  # of WebSocket frames received

    @property
    def first(self) -> int:
        return next(size for path, size in self.bytes.items() if self.types[path] == "Document")

    @property
    def all(self) -> int:
        return sum(self.bytes.values())

    def table(self) -> str:
        """The heaviest first, for whoever reads the test's output."""
        rows = sorted(self.bytes.items(), key=lambda row: -row[1])
        return "\n".join(f"{size:7,d}  {path}" for path, size in rows)


def weigh(page: Page) -> Weight:
    """From now on, count what this page fetches. Polls and frames of the live connection are counted apart."""
    weight = Weight()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    known: dict[str, tuple[str, str]] = {}

    def began(event: dict[str, Any]) -> None:
        known[event["requestId"]] = (urlsplit(event["request"]["url"]).path, event.get("type", ""))

    def ended(event: dict[str, Any]) -> None:
        path, kind = known.get(event["requestId"], ("", ""))
        if path.startswith("/socket.io"):
            weight.live += int(event["encodedDataLength"])
        elif path:
            weight.bytes[path] = weight.bytes.get(path, 0) + int(event["encodedDataLength"])
            weight.types[path] = kind

    def frame(event: dict[str, Any]) -> None:
        weight.live += len(event["response"]["payloadData"].encode()) + 4

    network.on("Network.requestWillBeSent", began)
    network.on("Network.loadingFinished", ended)
    network.on("Network.webSocketFrameReceived", frame)
    return weight
