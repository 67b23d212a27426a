"""A Zoom as far as we use its interface: it checks what the real one checks, and keeps its meetings and limits."""

from __future__ import annotations

import base64
import itertools
import json
import re
import secrets
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.integrations import zoom_schemas as schemas
from tests.integrations.zoom_schemas import No
from tests.integrations.zoom_talk import Answer, Listening

NOW = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)
ACCOUNT, CLIENT, SECRET = "abcD3ojkdbjfg_Qw8xYz1A", "cl13ntIdOfTheApp00000A", "s3cretOfTheApp0000000000000000xY"
APP, APP_SECRET = "cl13ntIdInsideZoom000A", "s3cretInsideZoom00000000000000xY"  # of the app inside the client
HOST, HOST_ID = "calls@charity.example", "KDcuGIm1QgePTO8WbOqwIQ"
SCOPES = (
    "meeting:write:meeting:admin meeting:read:meeting:admin meeting:read:list_meetings:admin "
    "meeting:update:meeting:admin meeting:delete:meeting:admin meeting:update:status:admin "
    "meeting:write:registrant:admin meeting:read:list_registrants:admin user:read:user:admin"
)
BROADER = {"write": "meeting:write:admin", "update": "meeting:write:admin", "delete": "meeting:write:admin"}
CREATES_A_DAY, ADDS_A_DAY = 100, 3


class ZoomServer:
    """``now`` is its clock; ``scopes`` are those of the app; ``host_type`` 1 is a user without a licence."""

    def __init__(self) -> None:
        self.now, self.scopes, self.host_type, self.host_status = NOW, SCOPES, 2, "active"
        self.lasts = 3600
        self.slow_token = 0.0
        self.meetings: dict[int, dict[str, Any]] = {}
        self.registrants: dict[int, dict[str, dict[str, Any]]] = {}
        self.codes: dict[str, str] = {}  # of people who have just added the app: where each was sent back to
        self.tokens: dict[str, tuple[datetime, frozenset[str]]] = {}
        self.spent: Counter[tuple[str, ...]] = Counter()
        self._numbers = itertools.count(85000000001)
        self._lock = threading.RLock()
        self._talk = Listening(self)
        self.asked, self.troubles = self._talk.asked, self._talk.troubles

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._talk.server_address[1]}"

    @property
    def api(self) -> str:
        return f"{self.address}/v2"

    def close(self) -> None:
        """No more."""
        self._talk.close()

    def begin(self, ref: str) -> None:
        """The host opens it."""
        self.meetings[int(ref)]["status"] = "started"

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Answer:
        """What the real one would say."""
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
        try:
            if parts.path == "/oauth/token":
                return self._token(method, headers, body, query)
            with self._lock:
                return self._api(method, parts.path, query, headers, body)
        except No as no:
            return no.answer

    # Tokens

    def _token(self, method: str, headers: Any, body: bytes, query: dict[str, str]) -> Answer:
        time.sleep(self.slow_token)
        if method != "POST" or query or headers.get("Content-Type") != "application/x-www-form-urlencoded":
            return _oauth_no("invalid_request", "Bad Request")
        form = {name: values[0] for name, values in parse_qs(body.decode(), strict_parsing=True).items()}
        of_the_app = form.get("grant_type") == "authorization_code"
        given = f"{APP}:{APP_SECRET}" if of_the_app else f"{CLIENT}:{SECRET}"
        if headers.get("Authorization") != f"Basic {base64.b64encode(given.encode()).decode()}":
            return _oauth_no("invalid_client", "Invalid client_id or client_secret")
        if of_the_app:
            return self._exchange(form)
        if form.get("grant_type") != "account_credentials":
            return _oauth_no("unsupported_grant_type", "unsupported grant type")
        if form.get("account_id") != ACCOUNT:
            return _oauth_no("invalid_request", "Bad Request")
        token = f"eyJ{secrets.token_urlsafe(24)}"
        with self._lock:
            self.tokens[token] = (self.now + timedelta(seconds=self.lasts), frozenset(self.scopes.split()))
        said = {"access_token": token, "token_type": "bearer", "expires_in": self.lasts, "scope": self.scopes}
        return _yes(200, said | {"api_url": "https://api-eu.zoom.us"})

    def _exchange(self, form: dict[str, str]) -> Answer:
        with self._lock:
            back = self.codes.pop(form.get("code", ""), None)
        if back is None:
            return _oauth_no("invalid_grant", "Invalid authorization code")
        if form.get("redirect_uri") != back:
            return _oauth_no("invalid_request", "Redirect URI mismatch")
        said = {"token_type": "bearer", "expires_in": 3599, "scope": "zoomapp:inmeeting", "refresh_token": "eyJrefresh"}
        return _yes(200, said | {"access_token": f"eyJ{secrets.token_urlsafe(24)}"})

    def _may(self, headers: Any, scope: str) -> None:
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        until, given = self.tokens.get(token, (self.now, frozenset()))
        if scheme != "Bearer" or token not in self.tokens:
            raise No(401, 124, "Invalid access token.")
        if self.now >= until:
            raise No(401, 124, "Access token is expired.")
        wanted = (f"{scope}:admin", BROADER.get(scope.split(":")[1], f"{scope.split(':')[0]}:read:admin"))
        if not given & set(wanted):
            raise No(400, 4711, f"Invalid access token, does not contain scopes:[{scope}, {scope}:admin].")

    # The interface

    def _api(self, method: str, path: str, query: dict[str, str], headers: Any, body: bytes) -> Answer:
        known = (
            ("GET", r"/v2/users/([^/]+)", "user:read:user", self._user),
            ("GET", r"/v2/users/([^/]+)/meetings", "meeting:read:list_meetings", self._list),
            ("POST", r"/v2/users/([^/]+)/meetings", "meeting:write:meeting", self._create),
            ("GET", r"/v2/meetings/([^/]+)", "meeting:read:meeting", self._read),
            ("PATCH", r"/v2/meetings/([^/]+)", "meeting:update:meeting", self._update),
            ("DELETE", r"/v2/meetings/([^/]+)", "meeting:delete:meeting", self._delete),
            ("PUT", r"/v2/meetings/([^/]+)/status", "meeting:update:status", self._status),
            ("POST", r"/v2/meetings/([^/]+)/registrants", "meeting:write:registrant", self._register),
            ("GET", r"/v2/meetings/([^/]+)/registrants", "meeting:read:list_registrants", self._registered),
        )
        for verb, pattern, scope, do in known:
            found = re.fullmatch(pattern, path)
            if found and verb == method:
                self._may(headers, scope)
                return do(unquote(found[1]), query, schemas.body_of(method, headers, body))
        raise No(404, 0, "Not Found")

    def _user(self, user: str, query: dict[str, str], said: dict[str, Any]) -> Answer:
        self._host(user)
        return _yes(200, {"id": HOST_ID, "email": HOST, "type": self.host_type, "status": self.host_status})

    def _list(self, user: str, query: dict[str, str], said: dict[str, Any]) -> Answer:
        self._host(user)
        schemas.only(query, {"type", "page_size", "next_page_token"})
        found = list(self.meetings.values())
        if query.get("type") == "live":
            found = [one for one in found if one["status"] == "started"]
        elif query.get("type") != "scheduled":  # those of the past are left out otherwise
            found = [one for one in found if _moment(one["start_time"]) >= self.now or one["status"] == "started"]
        names = ("uuid", "id", "host_id", "topic", "type", "start_time", "duration", "timezone", "agenda", "join_url")
        return _page("meetings", [{name: one[name] for name in names if name in one} for one in found], query)

    def _create(self, user: str, query: dict[str, str], said: dict[str, Any]) -> Answer:
        self._host(user)
        schemas.fields(said, schemas.MEETING, set())
        schemas.meeting_fields(said)
        self._spend("a host's changes", HOST_ID, most=CREATES_A_DAY)
        number = next(self._numbers)
        made = {
            "uuid": base64.b64encode(secrets.token_bytes(16)).decode(),
            "id": number,
            "host_id": HOST_ID,
            "status": "waiting",
            "topic": "My Meeting",
            "type": 2,
            **said,
            "join_url": f"https://us06web.zoom.us/j/{number}?pwd=abc.1",
            "start_url": f"https://us06web.zoom.us/s/{number}?zak=eyJhost",
        }
        if self.host_type != 2:
            made["settings"] = {**made.get("settings", {}), "approval_type": 2}
        self.meetings[number], self.registrants[number] = made, {}
        return _yes(201, made)

    def _read(self, ref: str, query: dict[str, str], said: dict[str, Any]) -> Answer:
        return _yes(200, self._meeting(ref))

    def _update(self, ref: str, query: dict[str, str], said: dict[str, Any]) -> Answer:
        meeting = self._meeting(ref)
        schemas.fields(said, schemas.MEETING, set())
        schemas.meeting_fields(said)
        self._spend("a host's changes", HOST_ID, most=CREATES_A_DAY)
        meeting.update({name: value for name, value in said.items() if name != "settings"})
        meeting["settings"] = meeting.get("settings", {}) | said.get("settings", {})
        return 204, {}, b""

    def _delete(self, ref: str, query: dict[str, str], said: dict[str, Any]) -> Answer:
        meeting = self._meeting(ref)
        schemas.only(query, {"occurrence_id", "schedule_for_reminder", "cancel_meeting_reminder"})
        if meeting["status"] == "started":
            raise No(400, 3002, "Sorry, you cannot delete this meeting since it's in progress.")
        del self.meetings[meeting["id"]]
        return 204, {}, b""

    def _status(self, ref: str, query: dict[str, str], said: dict[str, Any]) -> Answer:
        meeting = self._meeting(ref)
        schemas.fields(said, {"action": str}, {"action"})
        if said["action"] != "end":
            raise No(400, 300, "Validation Failed.")
        if meeting["status"] != "started":
            raise No(400, 3061, "Meeting is not in progress.")
        meeting["status"] = "waiting"  # it can be begun again
        return 204, {}, b""

    def _register(self, ref: str, query: dict[str, str], said: dict[str, Any]) -> Answer:
        meeting = self._meeting(ref)
        schemas.fields(said, schemas.REGISTRANT, {"first_name", "email"})
        settings = meeting.get("settings", {})
        if settings.get("approval_type", 2) == 2:
            raise No(404, 404, "Registration has not been enabled for this meeting")
        if settings.get("meeting_authentication"):
            raise No(400, 1001, "The email address has not been used as a Zoom account.")
        if not schemas.EMAIL.fullmatch(said["email"]) or not 1 <= len(said["first_name"]) <= 64:
            raise No(400, 300, "Validation Failed.", errors=[{"field": "email", "message": "Invalid field."}])
        self._spend("a registrant's adds", ref, said["email"].lower(), most=ADDS_A_DAY)
        people = self.registrants[meeting["id"]]
        place = people.setdefault(said["email"].lower(), {"id": secrets.token_urlsafe(16)})
        approved = settings["approval_type"] == 0 or said.get("auto_approve") is True
        url = f"https://us06web.zoom.us/w/{meeting['id']}?tk={place['id']}&pwd=abc.1"
        place.update(email=said["email"], first_name=said["first_name"], status="approved" if approved else "pending")
        place.update({"join_url": url} if approved else {})
        told = {"id": meeting["id"], "registrant_id": place["id"], "topic": meeting["topic"]}
        return _yes(201, told | ({"join_url": url} if approved else {}))

    def _registered(self, ref: str, query: dict[str, str], said: dict[str, Any]) -> Answer:
        meeting = self._meeting(ref)
        schemas.only(query, {"status", "page_size", "next_page_token", "occurrence_id", "tracking_source_id"})
        people = [one for one in self.registrants[meeting["id"]].values() if one["status"] == query.get("status")]
        return _page("registrants", people, query)

    def _host(self, user: str) -> None:
        if user not in (HOST, HOST_ID):  # "me" is nobody to an app of an account
            raise No(404, 1001, f"User does not exist: {user}.")

    def _meeting(self, ref: str) -> dict[str, Any]:
        if not ref.isdecimal():
            raise No(400, 300, "Validation Failed.")
        if int(ref) not in self.meetings:
            raise No(404, 3001, f"Meeting does not exist: {ref}.")
        return self.meetings[int(ref)]

    def _spend(self, *what: str, most: int) -> None:
        day = self.now.strftime("%Y-%m-%d")
        self.spent[(day, *what)] += 1
        if self.spent[(day, *what)] > most:
            midnight = self.now.replace(hour=0, minute=0, second=0) + timedelta(days=1)
            headers = {
                "X-RateLimit-Category": "Light",
                "X-RateLimit-Type": "Daily-limit",
                "X-RateLimit-Limit": str(most),
                "X-RateLimit-Remaining": "0",
                "Retry-After": midnight.strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            raise No(429, 429, f"You have exceeded the daily rate limit ({most}) of API requests permitted.", headers)


def _page(name: str, entries: list[dict[str, Any]], query: dict[str, str]) -> Answer:
    size, start = int(query.get("page_size", "30")), int(query.get("next_page_token") or 0)
    more = str(start + size) if start + size < len(entries) else ""
    page = entries[start : start + size]
    return _yes(200, {"next_page_token": more, "page_size": size, "total_records": len(entries), name: page})


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _yes(status: int, said: dict[str, Any]) -> Answer:
    return status, {}, json.dumps(said).encode()


def _oauth_no(error: str, reason: str) -> Answer:
    return 400, {}, json.dumps({"reason": reason, "error": error}).encode()
