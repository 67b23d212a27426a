"""What the doctor says of accounts with those who hold calls. It shows no secret, and lets nobody in."""

from __future__ import annotations

from collections.abc import Iterator

from companion.commands_line.findings import Finding
from companion.ports import CallDown
from companion.ports.calls import Trouble
from companion.records import LinkState, Platform, PlatformKind
from companion.service import platforms
from companion.service.deps import Deps

WRONG = {
    "no_account": "has no account: companion platform remove, then add it with --account.",
    "weak_secret": "has a secret that can be found by trying: make a new one of at least 32 characters.",
    "bad_checksum": "is signed in a way that it does not know: add it again with another --checksum.",
    "no_client": "has no client id: companion platform remove, then add it with --client-id.",
    "no_host": "has no host: companion platform remove, then add it with --host.",
    "weak_hook_secret": "has a hook secret that is cut short: add it again with the whole secret token.",
    "bad_key": "has no private key that signs: add it again with the file from the console.",
}
WHAT_TO_DO: dict[Trouble, str] = {
    "down": "Is the server on, and is its address right?",
    "credentials": "Copy its secret again, and look whether it wants another --checksum.",
    "throttled": "Wait a little and ask again.",
    "refused": "Is the address that of its interface?",
}
AT_ZOOM: dict[Trouble, str] = {
    "down": "Is this machine on the internet? Look at status.zoom.us.",
    "credentials": "Mend it at marketplace.zoom.us, or add the account again: see integrations/zoom/README.md.",
    "refused": "Look at integrations/zoom/README.md, at its end.",
}
DOES: dict[PlatformKind, str] = {"zoom": "takes our app, has all its scopes and a host with a licence"}
NO_REPORTS = "reports nothing: who waits or has left is not seen here. Add it again with --hook-secret-file."
SEEN: dict[LinkState, str] = {
    "unreachable": "does not answer. Is the server on, and is its name right?",
    "changed": "answers with no such page, or sends elsewhere. Is the address right?",
    "not_allowed": "is on our own network, where we do not look: COMPANION_INSIDE_LINKS=1 allows it.",
}


def look(deps: Deps) -> Iterator[Finding]:
    """Whether each account can sign or is let in, and whether something answers at its address."""
    for platform in platforms.every(deps):
        meetings = deps.calls.on(platform)
        wrong = meetings.check()
        if wrong:
            yield Finding("bad", platform.name, WRONG[wrong])
            continue
        try:
            meetings.try_out()
        except CallDown as down:
            yield Finding("bad", platform.name, _what_to_do(platform, down))
            continue
        if platform.kind == "zoom" and "webhook_secret" not in platform.more:
            yield Finding("note", platform.name, NO_REPORTS)
        does, seen = DOES.get(platform.kind, "can sign"), deps.probe.look(meetings.watched())
        if seen in SEEN:
            yield Finding("bad", platform.name, f"{does}, but {meetings.watched()} {SEEN[seen]}")
        else:
            yield Finding("good", platform.name, f"{does}, and {meetings.watched()} answers")


def _what_to_do(platform: Platform, down: CallDown) -> str:
    known = WHAT_TO_DO | AT_ZOOM if platform.kind == "zoom" else WHAT_TO_DO
    when = f" Not before {down.retry_at:%H:%M} UTC." if down.retry_at else ""
    return f"{down.problem}. {known.get(down.trouble, known['refused'])}{when}"
