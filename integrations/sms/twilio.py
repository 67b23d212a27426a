"""Text messages by Twilio's Messages resource, and its signed reports of what became of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from companion.ports import BadReport, DeliveryFailed, Hook, Report
from companion.records import Outcome, Trouble
from integrations import twilio_signing as signing
from integrations.sms import http

API = "https://api.twilio.com"
NUMBER = {21211, 21214, 21217, 21265, 21604, 21612, 21614, 21635, 30003, 30005, 30006}
OPTED_OUT = {21610, 30004}
SET_UP = {
    20003,
    20005,
    20008,
    20404,
    21212,
    21408,
    21601,
    21603,
    21606,
    21608,
    21609,
    21659,
    21660,
    21701,
    30002,
    30034,
}
SLOWER = {14107, 20429, 21611, 30001, 30022, 63018}
OUTCOMES: dict[str, Outcome] = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
A_WHILE = timedelta(minutes=2)  # between its clock and ours


class TwilioTexter:
    """Implements ports.Texter. ``hooks`` is the address for its reports; empty: it is told none."""

    name = "twilio"

    def __init__(
        self, account: str, token: str, sender: str, *, hooks: str = "", api: str = "", read: float = http.READ
    ) -> None:
        self._auth = (account, token)
        self._sender = sender
        self._hooks = hooks
        self._messages = f"{api or API}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json"
        self._read = read

    def send(self, to: str, body: str, reference: str) -> str:
        """Send it now."""
        form = {"To": to, "Body": body, self._from(): self._sender}
        if self._hooks:
            # Our own id travels in the address of the report: so a report tells of a text whose answer we never had.
            form["StatusCallback"] = f"{self._hooks}?letter={quote(reference, safe='')}"
        answer = http.post(self._messages, self._auth, read=self._read, data=form)
        if answer.good:
            return http.taken(answer, "sid")
        raise _refused(answer)

    def look_up(self, to: str, body: str, reference: str, since: datetime) -> str | None:
        """Twilio keeps no reference of ours; the newest texts to this number are compared by their words."""
        asked = {"To": to, "PageSize": "50"}
        kept = http.get(self._messages, self._auth, read=self._read, params=asked).get("messages")
        if not isinstance(kept, list):
            raise DeliveryFailed("Twilio's list of texts cannot be read", trouble="unsure")
        lately = [one for one in kept if isinstance(one, dict) and _made_at(one) >= since - A_WHILE]
        for one in lately:
            if body in str(one.get("body", "")):  # a trial account puts a line of its own before it
                return str(one.get("sid", ""))
        if any(not one.get("body") for one in lately):
            raise DeliveryFailed("Twilio keeps no words of this account's texts", trouble="unsure")
        return None

    def read_report(self, hook: Hook) -> Report:
        """A status callback, signed with the account's token."""
        form = signing.form_of(hook)
        if not signing.is_signed(self._auth[1], hook, form):
            raise BadReport("forged")
        said = dict(form)
        outcome = OUTCOMES.get(said.get("MessageStatus", ""))
        if outcome is None:
            raise BadReport("malformed")
        letter = dict(parse_qsl(urlsplit(hook.url).query)).get("letter", "")
        trouble = _trouble(_number(said.get("ErrorCode"))) if outcome == "failed" else ""
        return Report(outcome, letter=letter, reference=said.get("MessageSid", ""), trouble=trouble)

    def _from(self) -> str:
        return "MessagingServiceSid" if self._sender.startswith("MG") and len(self._sender) == 34 else "From"


def _refused(answer: http.Answer) -> DeliveryFailed:
    code = _number(answer.body.get("code"))
    if answer.status == 429 or code in SLOWER:
        return http.throttled(answer)
    if answer.status in (401, 403, 404) or 300 <= answer.status < 400:
        return http.set_up(f"Twilio does not accept our key (its number {code or answer.status})")
    trouble = _trouble(code)
    permanent = trouble in ("number", "opted_out", "refused")
    say = f"Twilio does not take this text (its number {code or answer.status})"
    return DeliveryFailed(say, permanent=permanent, trouble=trouble)


def _trouble(code: int) -> Trouble:
    if code in NUMBER:
        return "number"
    if code in OPTED_OUT:
        return "opted_out"
    if code in SET_UP:
        return "credentials"
    return "throttled" if code in SLOWER else "refused"


def _number(value: Any) -> int:
    return int(value) if str(value).isdecimal() else 0


def _made_at(message: dict[str, Any]) -> datetime:
    try:
        return parsedate_to_datetime(str(message.get("date_created", "")))
    except (ValueError, TypeError):
        raise DeliveryFailed("Twilio's list of texts cannot be read", trouble="unsure") from None
