"""Calls at Zoom: planned ahead on the host's account, with a registrant's link for each person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from companion.ports import (
    Attendee,
    BadReport,
    CallDown,
    CallPlan,
    Entry,
    Hook,
    HookReply,
    Quiet,
    Registered,
    Room,
)
from companion.records import Platform
from integrations.zoom import meetings, refusals, scopes, webhooks
from integrations.zoom.api import ZoomApi, text
from integrations.zoom.refusals import SaidNo
from integrations.zoom.tokens import READ, Credentials, Tokens

API = "https://api.zoom.us/v2"
WEAK, WEAK_HOOK = 20, 16  # characters: Zoom's own are longer
NOWHERE = "calls.invalid"  # no letter to it can ever arrive: RFC 2606
LONGEST_NAME = 64  # characters
HOSTS_FOR = timedelta(hours=2)  # how long Zoom lets a host's address begin a call
LICENSED = 2


class ZoomMeetings(Quiet):
    """Implements ports.MeetingAdapter and ports.Planner.

    ``host`` is the Zoom user on whose account the calls are. ``hook_secret`` is what reports are signed with; without
    one none is believed.
    """

    name = "zoom"

    def __init__(
        self,
        who: Credentials,
        host: str,
        hook_secret: str = "",
        *,
        tokens: Tokens,
        base: str = API,
        read: float = READ,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._who, self._host, self._hook_secret = who, host, hook_secret
        self._base = base.rstrip("/")
        self._api = ZoomApi(who, self._base, tokens, read=read)
        self._clock = clock

    def entry(self, room: Room, who: Attendee, now: datetime) -> Entry | None:
        """None: the call of a group was planned, and only whoever planned it knows the way in; pairs have none here."""
        return None

    def watched(self) -> str:
        """Its interface, which says to whoever asks that a token is missing."""
        return f"{self._base}/users"

    def check(self) -> str:
        """What is missing; that nothing can be reported without a hook secret is no trouble."""
        if not self._who.account:
            return "no_account"
        if not self._who.client_id:
            return "no_client"
        if self._host in ("", "me"):  # an app of an account is nobody, and has no meetings
            return "no_host"
        if self._hook_secret and len(self._hook_secret) < WEAK_HOOK:
            return "weak_hook_secret"
        return "weak_secret" if len(self._who.secret) < WEAK else ""

    def try_out(self) -> None:
        """Whether it takes our credentials, has given all scopes, and the host can hold such calls."""
        now = self._clock()
        lacking = scopes.lacking(self._api.scopes(now))
        if lacking:
            raise CallDown(f"its app at Zoom lacks {', '.join(lacking)}", "credentials")
        host = self._api.ask("GET", self._of_host(), now)
        if host.get("type") != LICENSED:
            raise CallDown("the host has no licence at Zoom, so nobody can be registered", "credentials")
        if host.get("status", "active") != "active":
            raise CallDown("the host's account at Zoom is not active", "credentials")
        self._api.ask("GET", f"{self._of_host()}/meetings", now, query={"type": "scheduled", "page_size": "1"})

    def receive(self, hook: Hook) -> HookReply:
        """A signed report of our own account, or Zoom's question whether we have the secret."""
        if not self._hook_secret:
            raise BadReport("forged")
        return webhooks.receive(hook, self._hook_secret, self._who.account)

    def make(self, plan: CallPlan, now: datetime) -> str:
        """Plan it, unless it is there: it may be, after an answer that was lost."""
        found = self._found(plan.key, now)
        if found:
            return found
        return text(self._api.ask("POST", f"{self._of_host()}/meetings", now, body=meetings.planned(plan)), "id")

    def change(self, ref: str, plan: CallPlan, now: datetime) -> None:
        """Move it; the addresses of those who are registered go on opening it."""
        self._api.ask("PATCH", _meeting(ref), now, body=meetings.when(plan))

    def cancel(self, ref: str, now: datetime) -> None:
        """Delete it, without a letter to anybody; whoever is in it is put out first."""
        try:
            self._delete(ref, now)
        except SaidNo as no:
            if no.code not in refusals.IN_PROGRESS:
                raise
            self.stop(ref, now)
            self._delete(ref, now)

    def stop(self, ref: str, now: datetime) -> None:
        """Put everybody out."""
        try:
            self._api.ask("PUT", f"{_meeting(ref)}/status", now, body={"action": "end"})
        except CallDown as down:
            # Zoom has no code for a call that nobody is in: so it is looked at.
            if down.trouble != "gone" and (down.trouble != "refused" or self._status(ref, now) == "started"):
                raise

    def register(self, ref: str, who: Attendee, now: datetime) -> Registered:
        """Her own link. Whoever is registered already gets the same, also on a day on which Zoom takes no more."""
        email = f"{who.ref}@{NOWHERE}"
        fields = {"first_name": who.alias[:LONGEST_NAME], "email": email, "auto_approve": True}
        try:
            said = self._api.ask("POST", f"{_meeting(ref)}/registrants", now, body=fields)
            return Registered(text(said, "registrant_id"), _https(text(said, "join_url")))
        except CallDown as down:
            if down.trouble != "throttled":
                raise
            known = self._registered(ref, email, now)
            if known is None:
                raise
            return known

    def host_entry(self, ref: str, now: datetime) -> Entry | None:
        """The host's own address, for as long as Zoom lets it begin the call."""
        said = self._api.ask("GET", _meeting(ref), now)
        if said.get("status") != "waiting":
            return None
        return Entry(_https(text(said, "start_url")), now + HOSTS_FOR)

    def holds(self, uuid: str, now: datetime) -> bool:
        """Whether this is one of the host's calls that go on now. Raises CallDown."""
        every = self._api.every(f"{self._of_host()}/meetings", "meetings", now, {"type": "live"})
        return any(one.get("uuid") == uuid for one in every)

    def _found(self, key: str, now: datetime) -> str:
        # Of all that are scheduled, since one that should have begun is upcoming no more.
        every = self._api.every(f"{self._of_host()}/meetings", "meetings", now, {"type": "scheduled"})
        return next((text(one, "id") for one in every if one.get("agenda") == key), "")

    def _registered(self, ref: str, email: str, now: datetime) -> Registered | None:
        every = self._api.every(f"{_meeting(ref)}/registrants", "registrants", now, {"status": "approved"})
        found = next((one for one in every if str(one.get("email", "")).lower() == email.lower()), None)
        return Registered(text(found, "id"), _https(text(found, "join_url"))) if found else None

    def _delete(self, ref: str, now: datetime) -> None:
        quietly = {"schedule_for_reminder": "false", "cancel_meeting_reminder": "false"}
        try:
            self._api.ask("DELETE", _meeting(ref), now, query=quietly)
        except SaidNo as no:
            if no.trouble != "gone" and no.code not in refusals.NOTHING_MORE_TO_DELETE:
                raise

    def _status(self, ref: str, now: datetime) -> str:
        return str(self._api.ask("GET", _meeting(ref), now).get("status", ""))

    def _of_host(self) -> str:
        return f"/users/{quote(self._host, safe='')}"


def at_zoom(platform: Platform, tokens: Tokens) -> ZoomMeetings:
    """An organisation's own app at Zoom; ``tokens`` are those of this node."""
    more = platform.more
    who = Credentials(platform.account, more.get("client_id", ""), platform.secret, platform.address.rstrip("/"))
    hook_secret = more.get("webhook_secret", "")
    return ZoomMeetings(who, more.get("host", ""), hook_secret, tokens=tokens, base=more.get("api") or API)


def _meeting(ref: str) -> str:
    return f"/meetings/{quote(ref, safe='')}"


def _https(address: str) -> str:
    if not address.startswith("https://"):
        raise CallDown("Zoom gave an address that is not https")
    return address
