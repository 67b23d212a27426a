"""A BigBlueButton server as far as its interface goes: it checks what the real one checks, and keeps its meetings."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KNOWN = {
    "create": {"name", "meetingID", "record", "autoStartRecording", "allowStartStopRecording", "muteOnStart"}
    | {"allowModsToUnmuteUsers", "guestPolicy", "disabledFeatures", "logoutURL"}
    | {"isBreakout", "parentMeetingID", "sequence", "freeJoin"},
    "join": {"fullName", "meetingID", "role", "userID", "createTime", "redirect"},
    "isMeetingRunning": {"meetingID"},
    "end": {"meetingID"},
}
NEEDED = {
    "create": {"meetingID"},
    "join": {"fullName", "meetingID", "role"},
    "isMeetingRunning": {"meetingID"},
    "end": {"meetingID"},
}


class BigBlueButtonServer:
    """``troubles`` are answers to give before any other: a status, or a body with status 200."""

    def __init__(self, secret: str, algorithms: tuple[str, ...] = ("sha1", "sha256", "sha384", "sha512")) -> None:
        self._secret, self._algorithms = secret, algorithms
        self.meetings: dict[str, dict[str, str]] = {}
        self.joined: list[dict[str, str]] = []
        self.troubles: list[int | bytes] = []
        self.asked = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/bigbluebutton/api"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, bytes, str]:
        """Status, body and where to: what a real server answers to an address."""
        parts = urlsplit(path)
        call = parts.path.rpartition("/")[2]
        query, _, checksum = parts.query.rpartition("checksum=")
        text = f"{call}{query.removesuffix('&')}{self._secret}".encode()
        if checksum not in [hashlib.new(name, text).hexdigest() for name in self._algorithms]:
            return 200, _no("checksumError"), ""
        said = {
            name: values[0]
            for name, values in parse_qs(query.removesuffix("&"), strict_parsing=True, keep_blank_values=True).items()
        }
        if call not in KNOWN or set(said) - KNOWN[call] - {""} or NEEDED[call] - set(said):
            return 200, _no("validationError"), ""
        return getattr(self, f"_{call}")(said)

    def _create(self, said: dict[str, str]) -> tuple[int, bytes, str]:
        with self._lock:
            if said.get("isBreakout") == "true":
                if said.get("parentMeetingID") not in self.meetings:
                    return 200, _no("parentMeetingIDDoesNotExist"), ""
                if not said.get("sequence", "").isdecimal():
                    return 200, _no("validationError"), ""
            known = self.meetings.get(said["meetingID"])
            if known is not None and {**known, "createTime": ""} != {**said, "createTime": ""}:
                return 200, _no("idNotUnique"), ""
            made = self.meetings.setdefault(
                said["meetingID"], {**said, "createTime": str(1772564400000 + len(self.meetings))}
            )
        return (
            200,
            _yes(
                meetingID=said["meetingID"],
                createTime=made["createTime"],
                messageKey="duplicateWarning" if known else "",
            ),
            "",
        )

    def _join(self, said: dict[str, str]) -> tuple[int, bytes, str]:
        meeting = self.meetings.get(said["meetingID"])
        if meeting is None or said.get("createTime", meeting["createTime"]) != meeting["createTime"]:
            return 200, _no("mismatchCreateTimeParam" if meeting else "invalidMeetingIdentifier"), ""
        self.joined.append(said)
        return 302, b"", "/html5client/join?sessionToken=abc"

    def _isMeetingRunning(self, said: dict[str, str]) -> tuple[int, bytes, str]:
        return 200, _yes(running=str(said["meetingID"] in self.meetings).lower()), ""

    def _end(self, said: dict[str, str]) -> tuple[int, bytes, str]:
        return 200, _yes() if self.meetings.pop(said["meetingID"], None) else _no("notFound"), ""

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                trouble = outer.troubles.pop(0) if outer.troubles else None
                if trouble is None:
                    status, body, to = outer.answer(self.path)
                else:
                    status, body, to = (trouble, b"", "") if isinstance(trouble, int) else (200, trouble, "")
                self.send_response(status)
                if to:
                    self.send_header("Location", to)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                return None

        return Handler


def _yes(**fields: str) -> bytes:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<response><returncode>SUCCESS</returncode>{inside}</response>".encode()


def _no(key: str) -> bytes:
    said = f"<messageKey>{key}</messageKey><message>no</message>"
    return f"<response><returncode>FAILED</returncode>{said}</response>".encode()
