"""What the doctor says of accounts with those who hold calls. It shows no secret, and lets nobody in."""

from __future__ import annotations

from collections.abc import Iterator

from companion.commands_line.findings import Finding
from companion.ports import CallDown
from companion.ports.calls import Trouble
from companion.records import LinkState
from companion.service import platforms
from companion.service.deps import Deps

WRONG = {
    "no_account": "has no account: companion platform remove, then add it with --account.",
    "weak_secret": "has a secret that can be found by trying: make a new one of at least 32 characters.",
    "bad_checksum": "is signed in a way that it does not know: add it again with another --checksum.",
    "bad_key": "has no private key that signs: add it again with the file from the console.",
}
WHAT_TO_DO: dict[Trouble, str] = {
    "down": "Is the server on, and is its address right?",
    "credentials": "Copy its secret again, and look whether it wants another --checksum.",
    "throttled": "Wait a little and ask again.",
    "refused": "Is the address that of its interface?",
}
SEEN: dict[LinkState, str] = {
    "unreachable": "does not answer. Is the server on, and is its name right?",
    "changed": "answers with no such page, or sends elsewhere. Is the address right?",
    "not_allowed": "is on our own network, where we do not look: COMPANION_INSIDE_LINKS=1 allows it.",
}


def look(deps: Deps) -> Iterator[Finding]:
    """Whether each account can sign, and whether something answers at its address."""
    for platform in platforms.every(deps):
        meetings = deps.calls.on(platform)
        wrong = meetings.check()
        if wrong:
            yield Finding("bad", platform.name, WRONG[wrong])
            continue
        try:
            meetings.try_out()
        except CallDown as down:
            yield Finding("bad", platform.name, f"{down.problem}. {WHAT_TO_DO[down.trouble]}")
            continue
        seen = deps.probe.look(meetings.watched())
        if seen in SEEN:
            yield Finding("bad", platform.name, f"can sign, but {meetings.watched()} {SEEN[seen]}")
        else:
            yield Finding("good", platform.name, f"can sign, and {meetings.watched()} answers")
