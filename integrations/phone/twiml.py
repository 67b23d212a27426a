"""What a call or a text is answered with, in Twilio's markup. Built as a tree, so that no word can become markup."""

from __future__ import annotations

from urllib.parse import urlencode
from xml.etree import ElementTree as Tree

from companion.ports import Waiting

# Each voice with the language that Twilio wants beside it. There is none for Urdu: those who speak it hear English.
VOICES = {"en": ("Polly.Amy", "en-GB"), "cy": ("Polly.Gwyneth", "cy-GB"), "ar": ("Polly.Zeina", "arb")}
ASKED = ("keys", "step", "silent")  # in the address to which keys are sent
BETWEEN_KEYS, FOR_ONE_KEY = "10", "60"  # seconds


def spoken(words: str, language: str, waits_for: Waiting | None, address: str) -> str:
    """Say something, or nothing; then wait for keys, which go to ``address``, or hang up."""
    response = Tree.Element("Response")
    if waits_for is None:
        _say(response, words, language)
        Tree.SubElement(response, "Hangup")
        return _text(response)
    asked = urlencode(dict(zip(ASKED, (waits_for.keys, waits_for.step, waits_for.silent), strict=True)))
    one = waits_for.keys == 1
    gather = Tree.SubElement(
        response,
        "Gather",
        input="dtmf",
        numDigits=str(waits_for.keys),
        timeout=FOR_ONE_KEY if one else BETWEEN_KEYS,
        finishOnKey="" if one else "#",
        action=f"{address}?{asked}",
        method="POST",
        actionOnEmptyResult="true",
    )
    _say(gather, words, language)
    return _text(response)


def written(words: str) -> str:
    """One text, or none."""
    response = Tree.Element("Response")
    if words:
        Tree.SubElement(response, "Message").text = words
    return _text(response)


def _say(within: Tree.Element, words: str, language: str) -> None:
    if words:
        voice, spoken_in = VOICES[language]
        Tree.SubElement(within, "Say", voice=voice, language=spoken_in).text = words


def _text(response: Tree.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + Tree.tostring(response, encoding="unicode")
