"""Whether a password may be used: long enough, not one of the common ones, not her own name. Nothing else is asked."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

SHORTEST = 12
LONGEST = 200
Mistake = Literal["", "too_short", "too_long", "too_common", "own_name"]

# What the lists of leaked passwords are full of; longer ones are made of these.
LEAKED = (
    "password passwort passw0rd pass qwertyuiop qwerty qwertz azerty asdfghjkl asdfgh zxcvbnm letmein "
    "welcome iloveyou princess sunshine monkey dragon football baseball superman batman master shadow "
    "michael charlie jessica ashley liverpool arsenal chelsea flower butterfly trustno1 whatever starwars "
    "computer internet secret admin login hello changeme default companion desk organiser facilitator "
    "supporter jesus blessed family forever summer winter spring autumn january february march april june "
    "july august september october november december monday tuesday wednesday thursday friday saturday "
    "sunday"
)
COMMON = frozenset(LEAKED.split())
RUNS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
LEFT_OVER = 5  # characters that are her own, beside what is common
DIFFERENT = 5


def mistake(password: str, name: str) -> Mistake:
    """What is wrong with it, or nothing."""
    if len(password) < SHORTEST:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    plain = password.casefold()
    if len(set(plain)) < DIFFERENT or len(_own(plain, COMMON)) < LEFT_OVER:
        return "too_common"
    parts = [part for part in re.findall(r"\w+", name.casefold()) if len(part) > 2]
    return "own_name" if len(_own(plain, parts)) < LEFT_OVER else ""


def _own(plain: str, words: Collection[str]) -> str:
    """What is left without these words and without runs such as 1234; beside such a word only letters count."""
    left = plain
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    if left != plain:
        left = re.sub(r"[\W\d_]", "", left)
    for run in (*RUNS, *(run[::-1] for run in RUNS)):
        for start in range(len(run) - 3):
            left = left.replace(run[start : start + 4], "")
    return left
