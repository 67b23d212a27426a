"""Words that would tell somebody who glances at a phone what a letter is about: the same rule for every letter."""

from __future__ import annotations

import re
from collections.abc import Iterable

from companion.records import Group

GLANCE = 40  # letters of a text that a locked screen shows
# By what it begins with, in each language that we speak: "supports" and "supporter" tell as much as "support".
TELLING = (
    *("support", "group", "session", "abuse", "abusi", "mental", "health", "women", "woman", "refuge", "shelter"),
    *("circle", "help", "therap", "counsel", "crisis", "survivor", "violen", "charity", "depress", "anxi", "wellbeing"),
    *("cymorth", "cefnog", "grŵp", "grwp", "sesiwn", "cam-drin", "camdrin", "iechyd", "meddwl", "menyw", "merched"),
    *("lloches", "trais", "elusen", "cwnsela", "argyfwng", "cylch"),
)
# Written together with what stands before them: found anywhere.
TELLING_ANYWHERE = (
    *("سپورٹ", "گروپ", "سیشن", "زیادتی", "تشدد", "ذہنی", "صحت", "خواتین", "عورت", "پناہ", "بحران", "علاج", "خیرات"),
    *("دعم", "مجموعة", "جلسة", "إساءة", "عنف", "نفسي", "صحة", "الصحي", "نساء", "مأوى", "ملجأ", "علاج", "أزمة", "خيرية"),
)
# In the name of many a group, and in a letter about a date as well.
EVERYDAY = {
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "morning", "evening", "afternoon"),
    *("night", "week", "weekly", "month", "monthly", "the", "and", "for", "our", "new", "day", "together", "online"),
}


def telling(text: str) -> tuple[str, ...]:
    """The words of ours in this text that tell."""
    folded = text.casefold()
    found = [word for word in TELLING if re.search(rf"(?<!\w){re.escape(word)}", folded)]
    return (*found, *(word for word in TELLING_ANYWHERE if word in folded))


def own_words(group: Group, aliases: Iterable[str] = ()) -> tuple[str, ...]:
    """What a group calls itself and its people: whole names, and each word of them that is not an everyday one."""
    names = [name.strip() for name in (group.name, group.settings.organisation, *aliases) if name.strip()]
    words = [word for name in names for word in re.findall(r"[\w'-]{3,}", name)]
    return tuple(dict.fromkeys([*names, *(word for word in words if word.casefold() not in EVERYDAY)]))


def betrays(
    *, subject: str = "", sender: str = "", body: str = "", group: Group | None = None, aliases: Iterable[str] = ()
) -> tuple[str, ...]:
    """Every word by which the subject, the sender or the beginning of a letter tells more than it should."""
    seen = "\n".join((subject, sender, body[:GLANCE]))
    own = own_words(group, aliases) if group is not None else ()
    said = [word for word in own if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", seen, re.IGNORECASE)]
    return (*telling(seen), *said)
