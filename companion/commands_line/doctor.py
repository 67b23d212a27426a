"""Says what is configured, what is missing, and what it means. Changes nothing and shows no secret."""

from __future__ import annotations

import os
import socket
import sqlite3
import stat
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from companion import words
from companion.commands_line import doctor_calls, doctor_line, doctor_nodes, doctor_texts
from companion.commands_line.findings import Finding, Mark
from companion.ports import StoreDown
from companion.service import audit, call_troubles, gateways, neutral, outbox
from companion.service.delivering import KINDS
from companion.service.deps import Deps
from companion.settings import BadSetting, Settings, from_environment
from companion.store.engine import make_engine, sqlite_file
from companion.store.keys import find_keys, key_file
from companion.wiring import make_deps

WRONG = {"credentials": "not accepting our key or password", "throttled": "asking us to slow down", "down": "away"}
SIGNS: dict[Mark, str] = {"good": "ok  ", "note": "note", "bad": "BAD "}


def run(args: Namespace, env: Mapping[str, str] = os.environ) -> int:
    """Print every finding; 1 if something must be mended before people come."""
    found = list(look(env))
    for finding in found:
        print(f"{SIGNS[finding.mark]}  {finding.about:<12} {finding.say}")
    bad = sum(finding.mark == "bad" for finding in found)
    print(f"\n{bad} to mend before people come." if bad else "\nNothing stands in the way.")
    return 1 if bad else 0


def look(env: Mapping[str, str]) -> Iterator[Finding]:
    """Everything, in the order in which it would be mended."""
    yield Finding("good", "versions", f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")
    try:
        settings = from_environment(env)
    except BadSetting as bad:
        yield Finding("bad", "settings", str(bad))
        return
    inside = (_address, _server, _folder, _keys, _database, doctor_nodes.look, _backups)
    for check in (*inside, _mail, _bounces, doctor_texts.look, doctor_line.look, _calls, _languages):
        yield from check(settings)


def _address(settings: Settings) -> Iterator[Finding]:
    local = urlsplit(settings.address).hostname in ("127.0.0.1", "localhost")
    if settings.secure:
        yield Finding("good", "address", f"{settings.address}, by https")
    elif local:
        yield Finding("note", "address", f"{settings.address}: for trying out on this machine. Set COMPANION_BASE_URL.")
    else:
        yield Finding("bad", "address", f"{settings.address} is not https: passcodes could be read on their way.")
    if neutral.telling(urlsplit(settings.address).hostname or ""):
        say = f"{settings.address} tells what this is about: it stands in every link, text and history. Choose another."
        yield Finding("bad", "address", say)
    if settings.secure and not settings.trusted_proxies:
        say = "COMPANION_TRUSTED_PROXIES is 0: behind a proxy, all wrong passcodes would count as one person's."
        yield Finding("note", "proxy", say)
    if settings.development and not local:
        yield Finding("bad", "development", "COMPANION_DEVELOPMENT is 1 at an address that others can open.")


def _server(settings: Settings) -> Iterator[Finding]:
    host = settings.host or "127.0.0.1, for a demo every address of this machine"
    yield Finding("good", "server", f"{settings.server} {version(settings.server)} on {host}, port {settings.port}")
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", settings.port)) == 0:
            yield Finding("note", "port", f"something answers on port {settings.port} already, perhaps this service")


def _folder(settings: Settings) -> Iterator[Finding]:
    data = settings.data.absolute()
    if not data.exists():
        above = next(path for path in data.parents if path.exists())
        mark: Mark = "good" if os.access(above, os.W_OK) else "bad"
        yield Finding(
            mark, "data folder", f"{data} is made at the first start" if mark == "good" else f"{above} is closed"
        )
    elif not os.access(data, os.W_OK | os.X_OK):
        yield Finding("bad", "data folder", f"{data} cannot be written: no tap could be kept.")
    elif stat.S_IMODE(data.stat().st_mode) & 0o077:
        yield Finding("note", "data folder", f"{data} is open to others on this machine: chmod 700 {data}")
    else:
        yield Finding("good", "data folder", f"{data}")


def _keys(settings: Settings) -> Iterator[Finding]:
    try:
        keys = find_keys(settings)
    except BadSetting as bad:
        yield Finding("bad", "secret key", str(bad))
        return
    if settings.secret_key:
        yield Finding("good", "secret key", "from COMPANION_SECRET_KEY")
    elif keys:
        yield Finding("good", "secret key", f"in {key_file(settings)}, open to its owner alone. Keep a copy elsewhere.")
    else:
        yield Finding(
            "good", "secret key", "is made at the first start. Keep a copy elsewhere: nothing opens without it."
        )


def _database(settings: Settings) -> Iterator[Finding]:
    shown = _without_password(settings.database)
    engine = make_engine(settings.database)
    file = sqlite_file(engine) if settings.database.startswith("sqlite") else None
    engine.dispose()
    if file is not None and not Path(file).exists():
        yield Finding("good", "database", f"{shown} is made at the first start")
        return
    try:
        deps = make_deps(settings)
        deps.store.ready()
        yield Finding("good", "database", f"{shown} takes a write")
        yield from _contents(deps)
    except (StoreDown, BadSetting) as error:
        yield Finding("bad", "database", f"{shown}: {error}")


def _contents(deps: Deps) -> Iterator[Finding]:
    groups = deps.store.groups()
    yield Finding("good", "contents", f"{len(groups)} groups, {len(deps.store.live())} sessions with live data")
    for group in groups:
        if not deps.calls.of(group).watched():
            say = f"{group.id} has no https address for its call: people hear of it another way."
            yield Finding("note", "group", say)
        if not group.settings.backup_number:
            yield Finding("note", "group", f"{group.id} has no backup telephone number for when pages fail.")
    yield from doctor_calls.look(deps)
    yield from _untold(deps)
    for kind in KINDS:
        state = gateways.state_of(deps, kind)
        if state.trouble and state.shut_until:
            mark: Mark = "bad" if state.trouble == "credentials" else "note"
            yield Finding(mark, "way out", f"{state.id} is {WRONG[state.trouble]}: what is posted waits for it.")
    yield from _audit(deps)
    failed = [letter for letter in outbox.undelivered(deps) if letter.letter.state == "failed"]
    if failed:
        yield Finding("note", "letters", f"{len(failed)} did not leave: see {deps.settings.address}/desk/letters")


def _untold(deps: Deps) -> Iterator[Finding]:
    found = call_troubles.unasked(deps)
    if found:
        mark: Mark = "bad" if any(one.failed or one.advice == "credentials" for one in found) else "note"
        yield Finding(mark, "calls", f"not told to platforms in time: {len(found)}. See companion call tasks")


def _audit(deps: Deps) -> Iterator[Finding]:
    faults = audit.check(deps)
    if faults:
        yield Finding("bad", "audit", f"{len(faults)} places do not fit together: companion audit check")
    else:
        yield Finding("good", "audit", "it fits together")


def _backups(settings: Settings) -> Iterator[Finding]:
    if settings.backups is None:
        yield Finding("note", "backups", "COMPANION_BACKUPS is not set: nobody sees whether there are any.")
        return
    made = sorted(settings.backups.glob("*.backup"))
    newest = f"the newest is {made[-1].name}" if made else "there is none yet: companion backup"
    yield Finding("good" if made else "note", "backups", f"in {settings.backups}, {newest}")


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.mail == "folder":
        say = f"into {settings.data / 'mail'}: nothing leaves this machine. Set COMPANION_MAIL."
        yield Finding("note", "mail", say)
    elif not settings.mail.startswith(("smtp://", "smtps://")):
        yield Finding("bad", "mail", 'COMPANION_MAIL must be "folder" or smtp://user:password@host:port.')
    else:
        yield _mail_server(settings)
    if neutral.telling(settings.mail_from):
        say = f"{settings.mail_from} tells what this is about to whoever sees a list of letters. Choose a neutral one."
        yield Finding("bad", "sender", say)
    else:
        yield Finding("good", "sender", settings.mail_from)


def _bounces(settings: Settings) -> Iterator[Finding]:
    if settings.mail_bounces:
        yield Finding("good", "bounces", f"to {settings.mail_bounces}: pipe that into companion mail bounce")
    elif settings.mail != "folder":
        say = "to the sender; a letter that comes back later is not noticed. Set COMPANION_MAIL_BOUNCES."
        yield Finding("note", "bounces", say)


def _mail_server(settings: Settings) -> Finding:
    parts = urlsplit(settings.mail)
    port = parts.port or (465 if parts.scheme == "smtps" else 587)
    try:
        socket.create_connection((parts.hostname or "localhost", port), timeout=3).close()
    except OSError as error:
        return Finding("bad", "mail", f"{parts.hostname}:{port} does not answer ({error}): letters wait in the outbox.")
    return Finding("good", "mail", f"by {parts.hostname}:{port}")


def _calls(settings: Settings) -> Iterator[Finding]:
    if settings.jitsi_domain == "meet.jit.si":
        say = "one-to-ones use meet.jit.si, which asks the first person to sign in. Set COMPANION_JITSI_DOMAIN."
        yield Finding("note", "jitsi", say)
    else:
        yield Finding("good", "jitsi", f"one-to-ones at https://{settings.jitsi_domain}")


def _languages(settings: Settings) -> Iterator[Finding]:
    yield Finding("good", "languages", ", ".join(words.languages().values()))
    written = {path.parts[-3] for path in words.CATALOGUES.glob("*/LC_MESSAGES/messages.po")}
    missing = sorted(written - set(words.languages()))
    if missing:
        yield Finding("note", "languages", f"not compiled: {', '.join(missing)}. Run make translations.")


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return url if parts.password is None else url.replace(f":{parts.password}@", ":…@", 1)
