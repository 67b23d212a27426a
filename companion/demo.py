"""A demo session: people who do not exist, real invites to it, and, if wished, an evening that is already half over."""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass

import msgspec
import segno

from companion.core import commands as c
from companion.core.commands import Command
from companion.core.model import SYSTEM, Role
from companion.records import GroupSettings, Invite, SafeguardingPlan
from companion.service import aliases, gathering, inviting, organising
from companion.service.deps import Deps
from companion.service.perform import perform
from companion.settings import Settings

GROUP = "Demo group"
CALL = "https://meet.jit.si/"
GUESTS: tuple[tuple[Role, str], ...] = (
    ("facilitator", "Sol"),
    ("member", "Wren"),
    ("peer_supporter", "Noor"),
    ("tech_helper", "Kit"),
)
MORE_GUESTS: tuple[tuple[Role, str], ...] = (
    ("facilitator", "Rae"),
    ("member", "Ash"),
    ("member", "Fern"),
    ("member", "Ivy"),
    ("member", "Lark"),
    ("member", "Hazel"),
    ("member", "Juniper"),
    ("member", "Olive"),
)
COMPANY: tuple[Role, ...] = ("facilitator", "member", "member", "peer_supporter", "tech_helper")
CAST: tuple[tuple[Role, str], ...] = (
    ("facilitator", "Robin"),
    ("peer_supporter", "Mina"),
    ("member", "Ash"),
    ("member", "Fern"),
    ("member", "Ivy"),
    ("member", "Lark"),
)


@dataclass(frozen=True, slots=True)
class DemoLink:
    """A way into the demo session for one person."""

    role: Role
    alias: str
    link: str
    passcode: str


def make_demo(deps: Deps, *, busy: bool = False, doors: bool = True, company: int = 0) -> tuple[DemoLink, ...]:
    """A fresh session with invites. ``busy``: somebody speaks, two wait, there is a signal, a request and a ticket.

    ``company``: so many more people are invited, for simulated ones; their links stand at the end.
    """
    plan = SafeguardingPlan("Sol", "020 7946 0958", "Rae", "Stay with her. Then phone Sol.", deps.clock())
    call = f"{CALL}{deps.fresh_id()}"
    group = organising.add_group(
        deps, GROUP, GroupSettings(call_link=call, backup_number="020 7946 0958", safeguarding=plan)
    )
    session = organising.add_session(deps, group.id, deps.clock())
    guests = (*(GUESTS if busy else (*GUESTS, *MORE_GUESTS)), *_company(company))
    links = tuple(_invite(deps, group.id, session.id, role, alias)[0] for role, alias in guests)
    cast = {alias: _invite(deps, group.id, session.id, role, alias)[1] for role, alias in CAST} if busy else {}
    gathering.begin(deps, session.id)
    if doors:
        perform(deps, session.id, c.OpenDoors(), by=SYSTEM)
    if busy:
        _play(deps, session.id, {alias: invite.seat_id for alias, invite in cast.items()})
    return links


def is_demo_ground(deps: Deps) -> bool:
    """Whether this installation holds nothing but demos, so that another one is in nobody's way."""
    return all(group.name == GROUP for group in deps.store.groups())


def as_json(links: tuple[DemoLink, ...]) -> str:
    """The links for other programs."""
    return msgspec.json.encode([asdict(link) for link in links]).decode()


def as_text(links: tuple[DemoLink, ...], settings: Settings) -> str:
    """The links for a person at a terminal, with a QR code to scan for the member's phone."""
    lines = ["", "A demo session is open. Each link is one person; the passcode goes with it.", ""]
    for link in links:
        passcode = f"{link.passcode[:4]} {link.passcode[4:]}"
        lines.append(f"  {link.role.replace('_', ' '):<15} {link.alias:<8} {link.link}   passcode {passcode}")
    member = next(link for link in links if link.role == "member")
    on_phone = member.link.replace(settings.address, phone_address(settings))
    lines += ["", f"{member.alias} on a phone in the same network: {on_phone}", _qr(on_phone)]
    return "\n".join(lines)


def phone_address(settings: Settings) -> str:
    """Where a phone in the same network finds this machine, if the server listens to more than itself."""
    if settings.base_url or settings.host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return settings.address
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: only asks which of our addresses would be used
            return f"http://{probe.getsockname()[0]}:{settings.port}"
        except OSError:
            return settings.address


def _company(count: int) -> tuple[tuple[Role, str], ...]:
    # One of each of the staff, as far as there are people enough, and the rest members.
    roles = (*COMPANY, *["member"] * count)[:count]
    return tuple(zip(roles, aliases.suggestions(count), strict=True))  # type: ignore[arg-type]


def _invite(deps: Deps, group_id: str, session_id: str, role: Role, alias: str) -> tuple[DemoLink, Invite]:
    person = organising.add_person(deps, group_id, role, alias, alias, waived_by="the demo")
    issued = inviting.invite(deps, session_id, person.id)
    return DemoLink(role, alias, issued.link, issued.passcode), issued.invite


def _play(deps: Deps, session_id: str, seats: dict[str, str]) -> None:
    for alias, seat_id in seats.items():
        avatar = 1 + list(seats).index(alias)
        perform(deps, session_id, c.Arrive(seat=seat_id, device=deps.fresh_id(), avatar=avatar), by=SYSTEM)
    scene: tuple[tuple[str, Command], ...] = (
        ("Robin", c.AdmitAll()),
        ("Robin", c.StartSession()),
        ("Mina", c.GoOnDuty()),
        ("Ash", c.RequestTurn()),
        ("Fern", c.RequestTurn(note="about last week")),
        ("Ivy", c.RequestTurn()),
        ("Robin", c.StartNextTurn(turn=0)),
        ("Lark", c.RaiseBreakSignal(strength="few_minutes", minutes=5)),
        ("Ivy", c.RequestBreakout()),
        ("Fern", c.OpenTicket(kind="cannot_hear")),
    )
    for alias, command in scene:
        perform(deps, session_id, command, by=seats[alias])


def _qr(address: str) -> str:
    lines = []
    matrix = [list(row) for row in segno.make(address, error="m").matrix_iter(border=2)]
    for upper, lower in zip(matrix[::2], [*matrix[1::2], [0] * len(matrix[0])], strict=False):
        lines.append("".join(" ▀▄█"[(not up) + 2 * (not low)] for up, low in zip(upper, lower, strict=True)))
    return "\n".join(lines)
