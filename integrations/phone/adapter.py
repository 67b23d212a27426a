"""The line at Twilio: its signed requests are read, its answers are TwiML."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from companion.ports import BadReport, Heard, Hook, Waiting, Way
from integrations import twilio_signing as signing
from integrations.phone import twiml

CALL, TEXT = re.compile(r"CA[0-9a-fA-F]{32}"), re.compile(r"[SM]M[0-9a-fA-F]{32}")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
KEYS = re.compile(r"[0-9*#]{0,20}")
HIDDEN = "hidden"  # whoever hides her number counts as one caller with all others who do


class TwilioLine:
    """Implements ports.Line. ``address`` is ours as people open it; below it stand the pages of companion/web/line."""

    voices = frozenset(twiml.VOICES)

    def __init__(self, account: str, token: str, numbers: tuple[str, ...], address: str) -> None:
        self._account, self._token = account, token
        self._hooks = f"{address}/hooks/line"
        self.numbers = numbers

    def hear(self, way: Way, hook: Hook) -> Heard:
        """A call, its keys, or a text."""
        form = signing.form_of(hook)
        if not signing.is_signed(self._token, hook, form):
            raise BadReport("forged")
        said = dict(form)
        # Twilio signs with the token of the account, and one token may sign for others below it.
        if not hmac.compare_digest(said.get("AccountSid", "").encode(), self._account.encode()):
            raise BadReport("forged")
        if said.get("To", "") not in self.numbers:
            raise BadReport("unknown")
        return _call(said, hook) if way == "call" else _text(said)

    def speak(self, words: str, language: str, waits_for: Waiting | None) -> str:
        """TwiML for a call."""
        return twiml.spoken(words, language, waits_for, f"{self._hooks}/keys")

    def write(self, words: str) -> str:
        """TwiML for a text."""
        return twiml.written(words)


def _call(said: Mapping[str, str], hook: Hook) -> Heard:
    call, keys, caller = said.get("CallSid", ""), said.get("Digits", ""), said.get("From", "")
    if not CALL.fullmatch(call) or not KEYS.fullmatch(keys):
        raise BadReport("malformed")
    waited = _waited(hook)
    number = caller if NUMBER.fullmatch(caller) else HIDDEN
    return Heard("call", f"call {call}", number, f"{call} {waited.step}", keys, waited)


def _text(said: Mapping[str, str]) -> Heard:
    text, caller = said.get("MessageSid", ""), said.get("From", "")
    if not TEXT.fullmatch(text):
        raise BadReport("malformed")
    if not NUMBER.fullmatch(caller):
        raise BadReport("unknown")  # a word in the place of a number: nobody can be answered there
    return Heard("text", f"number {caller}", caller, text, said.get("Body", ""), Waiting(0, 0))


def _waited(hook: Hook) -> Waiting:
    # It stands in the address that we gave, and the address is signed.
    asked = dict(parse_qsl(urlsplit(hook.url).query))
    keys, step, silent = (asked.get(name, "0") for name in twiml.ASKED)
    if not all(text.isascii() and text.isdecimal() and len(text) <= 6 for text in (keys, step, silent)):
        raise BadReport("malformed")
    return Waiting(int(keys), int(step), int(silent))
