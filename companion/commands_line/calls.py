"""Accounts with those who hold calls, from a terminal; and a token to try against a server of one's own."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urlsplit

from companion.commands_line import call_tasks
from companion.commands_line.organising import NotFound, Parsers, command, group_called, topic
from companion.core.model import SessionState
from companion.core.refusals import Refused
from companion.records import PlatformKind
from companion.service import calls, inside, platforms, room_gate
from companion.service.deps import Deps
from companion.service.platforms import BadPlatform
from companion.settings import BadSetting

WRONG = {
    "not_https": "The address must begin with https:// and have no question mark in it.",
    "no_account": "The account is missing: Jitsi's app id, JaaS's tenant with --key-id, or Zoom's account id.",
    "no_client": "The client id is missing: --client-id, from the app's credentials at Zoom.",
    "no_host": "The host is missing: --host, the Zoom user who holds the calls, by e-mail or id, not me.",
    "weak_hook_secret": "The hook secret is too short: copy the whole secret token of the app at Zoom.",
    "weak_secret": "The secret is too short: copy the whole of it, or make one of at least 32 random characters.",
    "bad_checksum": "--checksum must be sha1, sha256, sha384 or sha512.",
    "bad_key": "The file must hold the private key that belongs to the public one at JaaS, as PEM.",
}

SHORTEST_APP_SECRET = 16  # characters: Zoom's own are longer
USUAL_ADDRESS = {"zoom": "https://zoom.us"}


def add_parsers(commands: Parsers) -> None:
    """The commands of this module."""
    platform = topic(commands, "platform", "accounts with those who hold calls")
    add = command(platform, "add", platform_add, "keep an account; its secret is read from a file or typed in")
    add.add_argument("kind", choices=get_args(PlatformKind))
    add.add_argument("--name", required=True, help="what you call it")
    add.add_argument("--address", default="", help="such as https://meet.example.org; Zoom needs none")
    add.add_argument("--account", default="", help="Jitsi's app id, JaaS's tenant, or Zoom's account id")
    add.add_argument("--key-id", default="", help="JaaS: the id of the key")
    add.add_argument("--checksum", default="", help="BigBlueButton: sha1, sha256 (usual), sha384 or sha512")
    add.add_argument("--client-id", default="", help="Zoom: the client id of the app")
    add.add_argument("--host", default="", help="Zoom: the user who holds the calls, by e-mail address or id")
    add.add_argument("--secret-file", default="-", help="where the secret or the private key is; -: standard input")
    add.add_argument("--hook-secret-file", default="", help="Zoom: where the secret token of its reports is")
    command(platform, "list", platform_list, "list accounts and which groups have them, without secrets")
    use = command(platform, "use", platform_use, "hold a group's calls there")
    use.add_argument("group", help="id or name of a group")
    use.add_argument("platform", help="id of an account; none: the group's own address")
    gate = command(
        platform,
        "gate",
        platform_gate,
        "print what lets a Jitsi server ask which rooms may be made, and report who is in them",
    )
    gate.add_argument("platform", help="id")
    app = command(platform, "app", platform_app, "keep the app that shows a panel inside Zoom, and print its addresses")
    app.add_argument("platform", help="id")
    app.add_argument("--client-id", required=True, help="the app's client id")
    app.add_argument("--secret-file", default="-", help="where the app's client secret is; -: standard input")
    gone = command(platform, "remove", platform_remove, "forget an account and its secret")
    gone.add_argument("platform", help="id")
    call = topic(commands, "call", "the call of a session")
    call_tasks.add_parsers(call)
    token = command(call, "token", call_token, "print a token with which one person could come into the call now")
    token.add_argument("--session", required=True, help="id of a session that is going on")
    token.add_argument("--seat", required=True, help="id or alias")
    token.add_argument("--url", action="store_true", help="print the whole address")


def platform_add(deps: Deps, args: Namespace) -> None:
    """Keep an account."""
    address = args.address or USUAL_ADDRESS.get(args.kind, "")
    secret, more = _secret(args.secret_file), _more(args)
    try:
        made = platforms.add(deps, args.kind, args.name, address, args.account, secret, **more)
    except BadPlatform as bad:
        raise BadSetting(WRONG[bad.problem]) from None
    print(made.id)
    if made.kind == "zoom":
        print(f"Its reports go to {deps.settings.address}/hooks/calls/{made.id}")


def platform_list(deps: Deps, args: Namespace) -> None:
    """List accounts without their secrets."""
    groups = deps.store.groups()
    for one in platforms.every(deps):
        print(f"{one.id}  {one.kind}  {one.name}  {one.address}")
        for group in groups:
            if group.settings.platform == one.id:
                print(f"  {group.id}  {group.name}")


def platform_use(deps: Deps, args: Namespace) -> None:
    """Hold a group's calls there."""
    platforms.choose(deps, group_called(deps, args.group).id, "" if args.platform == "none" else args.platform)
    print("Kept. Whoever opens the call from now on comes there.")


def platform_gate(deps: Deps, args: Namespace) -> None:
    """Print settings for Prosody's plugins; what was printed before counts no more."""
    token = room_gate.new_token(deps, args.platform)
    print(f'reservations_api_prefix = "{deps.settings.address}/hooks/rooms/{args.platform}"')
    print(f'reservations_api_headers = {{ ["Authorization"] = "Bearer {token}" }}')
    print("")
    print("-- Who comes and goes, for mod_event_sync_component:")
    print(f'api_prefix = "{deps.settings.address}/hooks/calls/{args.platform}"')
    print(f'api_headers = {{ ["Authorization"] = "Bearer {token}" }}')


def platform_app(deps: Deps, args: Namespace) -> None:
    """Keep an app of an account at Zoom, and print what has to be written there."""
    secret = _secret(args.secret_file)
    if len(secret) < SHORTEST_APP_SECRET:
        raise BadSetting("The secret is too short: copy the whole client secret of the app.")
    try:
        kept = inside.keep_app(deps, args.platform, args.client_id, secret)
    except Refused:
        raise NotFound(f"There is no account {args.platform} at Zoom.") from None
    print(f"Home URL: {deps.settings.address}/zoom")
    print(f"OAuth redirect URL: {deps.settings.address}/zoom/added/{kept.id}")


def platform_remove(deps: Deps, args: Namespace) -> None:
    """Forget an account."""
    if not platforms.remove(deps, args.platform):
        raise NotFound(f"There is no account {args.platform}.")
    print("Forgotten. Groups that had it go on at their own addresses.")


def call_token(deps: Deps, args: Namespace) -> None:
    """Print a token, or the whole address."""
    planned, saved = deps.store.session(args.session), deps.store.load(args.session)
    group = deps.store.group(planned.group_id) if planned else None
    if planned is None or saved is None or group is None:
        raise NotFound(f"There is no session {args.session} that is going on.")
    who = calls.attendee(deps, saved.state, _seat(saved.state, args.seat))
    entry = deps.calls.of(group).entry(calls.room_of(deps, planned), who, deps.clock())
    token = parse_qs(urlsplit(entry.url).query).get("jwt", [""])[0] if entry else ""
    if entry is None or not token:
        raise NotFound("The calls of this group are opened without a token: companion platform use.")
    print(entry.url if args.url else token)


def _seat(state: SessionState, wanted: str) -> str:
    found = [seat.id for seat in state.seats if wanted in (seat.id, seat.alias)]
    if len(found) != 1:
        raise NotFound(f"{len(found)} seats are called {wanted}: say its id.")
    return found[0]


def _more(args: Namespace) -> dict[str, str]:
    hook_secret = _secret(args.hook_secret_file, "--hook-secret-file") if args.hook_secret_file else ""
    said = {
        "key_id": args.key_id,
        "checksum": args.checksum,
        "client_id": args.client_id,
        "host": args.host,
        "webhook_secret": hook_secret,
    }
    return {name: text for name, text in said.items() if text}


def _secret(file: str, option: str = "--secret-file") -> str:
    try:
        return (sys.stdin.read() if file == "-" else Path(file).read_text()).strip()
    except OSError as error:
        raise BadSetting(f"The file named by {option} cannot be read: {error.strerror}.") from None
