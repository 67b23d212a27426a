"""The little web server under meeting.py: its page, what the page asks for, and what it is told as it comes."""

from __future__ import annotations

import json
import queue
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

SCRIPT = Path(__file__).with_name("meeting_page.js")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Meeting</title><style>
body { margin: 0; min-height: 100vh; background: hsl(210, 12%, 13%); color: hsl(0, 0%, 92%); font: 16px system-ui; }
main { display: grid; place-items: center; min-height: 100vh; }</style></head>
<body><main><p id="words">...</p></main><script src="/page.js"></script></body></html>"""
# Another window of the same server that pretends to be the call.
LIAR = """<!doctype html><title>Liar</title><script>
const said = (data) => parent.postMessage(JSON.stringify({ postis: true, scope: "jitsi_meet_external_api_1",
  method: "message", params: { type: "event", data } }), "*");
said({ name: "participant-joined", id: "11aaa111", displayName: "Liar" });
said({ name: "raise-hand-updated", id: "11aaa111", handRaised: 7 });
</script>"""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    meeting: Any
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/page.js":
            return self._answer(SCRIPT.read_bytes(), "text/javascript")
        if parts.path == "/events":
            return self._push(parse_qs(parts.query)["page"][0])
        if parts.path == "/liar":
            return self._answer(LIAR.encode(), "text/html")
        if not re.fullmatch(r"/[a-z0-9]+", parts.path):
            self.send_error(404)
            return None
        self.meeting.addresses.append(self.path)
        if "Referer" in self.headers:
            self.meeting.referers.append(self.headers["Referer"])
        return self._answer(PAGE.encode(), "text/html")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/join":
            one = self.meeting.join(body["page"], body["token"], body["room"], body["same"])
            if one is None:
                self.send_error(403)
                return None
            return self._json({"number": one.number})
        if self.path == "/command":
            self.meeting.command(body["page"], body["name"], body["data"])
            return self._json({})
        found = self.meeting.request(body["page"], body["name"])
        return self._json({"known": found is not None, "result": found})

    def _push(self, page: str) -> None:
        pushed = self.meeting.pushed_to(page)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                try:
                    event = pushed.get(timeout=0.3)
                except queue.Empty:
                    self.wfile.write(b":\n\n")
                    continue
                if event is None:
                    return
                self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        except OSError:
            self.meeting.gone(page, pushed)

    def _json(self, what: Any) -> None:
        self._answer(json.dumps(what).encode(), "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(meeting: Any) -> ThreadingHTTPServer:
    """Serve a meeting on a port of its own, until it is shut down."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Handler,), {"meeting": meeting}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
