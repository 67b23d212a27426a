"""What may be pressed or texted: a key, or one word in her own language or in English."""

from __future__ import annotations

import unicodedata
from typing import cast, get_args

from companion import words
from companion.core.keys import Key


def key_of(said: str, language: str) -> Key | None:
    """The key that somebody pressed or whose word she wrote."""
    typed = _plain(said)
    digit = str(unicodedata.digit(typed)) if len(typed) == 1 and unicodedata.digit(typed, None) is not None else ""
    if digit in get_args(Key):
        return cast(Key, digit)
    for known in (of(language), of(words.SOURCE)):
        for key, word in known.items():
            if typed == _plain(word):
                return key
    return None


def of(language: str) -> dict[Key, str]:
    """The words of a language. None of them may be one that gateways keep for themselves, such as "stop" or "end"."""
    _ = words.translations(words.spoken(language)).gettext
    return {"1": _("speak"), "2": _("break"), "3": _("help"), "0": _("back")}


def _plain(text: str) -> str:
    # Phones add full stops, capitals and invisible marks, and people leave accents out.
    kept = (char for char in unicodedata.normalize("NFKD", text[:100]) if unicodedata.category(char)[0] not in "PCM")
    return " ".join("".join(kept).casefold().split())
