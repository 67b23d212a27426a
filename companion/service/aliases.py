"""Names for an evening: suggestions from word lists of our own, and a gentle warning where a name gives her away."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Literal

LONGEST = 30
AVATARS = range(1, 25)
UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # they can make one name look like another
Warning = Literal["own_name", "year", "postcode"]

FIRST = (
    "Amber Autumn Blue Brave Bright Calm Clear Clever Copper Coral Cosy Dawn Distant Early Easy Evening Fair Forest "
    "Gentle Glad Golden Green Happy Hidden Indigo Ivory Kind Lilac Lively Lucky Meadow Mellow Merry Misty Morning "
    "Northern Patient Plum Quick Quiet River Rosy Russet Scarlet Silver Soft Southern Starry Steady Still Summer "
    "Sunny Tidal Velvet Violet Warm Wild Willow Winter Wise Woodland"
)
SECOND = (
    "Acorn Alder Anchor Aster Badger Beech Bluebell Bramble Breeze Brook Cedar Clover Comet Cricket Curlew Daisy "
    "Dolphin Dove Elm Falcon Fern Finch Fox Hare Harbour Hazel Heather Heron Holly Iris Juniper Kestrel Kite "
    "Lantern Lark Linnet Lotus Maple Marten Moss Moth Oak Orchid Osprey Otter Owl Pebble Pine Plover Poppy Puffin "
    "Raven Reed Robin Rowan Sage Seal Shell Sparrow Starling Swallow Swift Thistle Thrush Tulip Wave Wren Yew"
)

POSTCODE = re.compile(r"\b[a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][abd-hjlnp-uw-z]{2}\b", re.IGNORECASE)
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


def suggestions(count: int = 3) -> tuple[str, ...]:
    """Some names that nobody has by birth, all different."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[f"{secrets.choice(FIRST.split())} {secrets.choice(SECOND.split())}"] = None
    return tuple(found)


def cleaned(typed: str) -> str:
    """A name as it is shown: one line, nothing invisible, and not longer than a panel can hold."""
    line = " ".join(typed.split())
    shown = "".join(c for c in line if c in "\u200c\u200d" or unicodedata.category(c) not in UNSHOWN)
    return unicodedata.normalize("NFC", " ".join(shown.split()))[:LONGEST].strip()


def warning(alias: str, own_name: str) -> Warning | None:
    """What in this alias could tell who she is. She may override it; nothing is kept of the warning."""
    if _tells_name(alias, own_name):
        return "own_name"
    if YEAR.search(_digits_plain(alias)):
        return "year"
    return "postcode" if POSTCODE.search(alias) else None


def _tells_name(alias: str, own_name: str) -> bool:
    words = _words(alias)
    squashed = "".join(words)
    return any(part in words or (len(part) >= 4 and part in squashed) for part in _words(own_name) if len(part) >= 2)


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"[^\W\d_]+", plain)


def _digits_plain(text: str) -> str:
    return "".join(str(unicodedata.decimal(c, c)) for c in text)
