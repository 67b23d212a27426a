"""Invites to one date or to every date of a series: issued, replaced, revoked.

Link and passcode are shown or sent once and kept as hashes. By which way both travel is decided in ``giving`` and
``routes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Literal, TypeVar

from companion.core.commands import LeaveSession
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import Invite, Person, PlannedSession, Series, StandingInvite
from companion.service import audit, gathering, induction, links, stale_letters
from companion.service.accesses import hash_token
from companion.service.cutting import cut
from companion.service.deps import Deps
from companion.service.links import OPEN_HOURS, H, Holder
from companion.service.passcodes import new_passcode, new_token
from companion.service.perform import perform

T = TypeVar("T")
Kept = TypeVar("Kept", bound=Invite | StandingInvite, covariant=True)
STANDING_DAYS = 365  # a link that opens every date is made new once a year
Secret = tuple[str, str]  # token and passcode
Shown = Literal["draft", "sent", "delivered", "bounced", "opened", "used", "expired", "revoked", "retired"]


@dataclass(frozen=True, slots=True)
class Issued(Generic[Kept]):
    """A fresh link and passcode: the only moment at which anybody can read them."""

    invite: Kept
    link: str
    passcode: str


def new_secret() -> Secret:
    """A token and a passcode that nobody can foresee."""
    return new_token(), new_passcode()


def address_of(deps: Deps, token: str) -> str:
    """The link that carries this token."""
    return f"{deps.settings.address}/i/{token}"


def invite(deps: Deps, session_id: str, person_id: str, secret: Secret | None = None) -> Issued[Invite]:
    """Invite somebody to a session. Whoever is invited already gets a new link and passcode to the same seat."""
    session, person = _found(deps.store.session(session_id)), _found(deps.store.person(person_id))
    _check_takes_place(session)
    _check_may_be_invited(person, session.group_id)
    blank = links.seat_at(deps, session, person)
    gathering.remember_return(deps, person, session.id)
    return _reissue(deps, blank, secret)


def invite_to_series(
    deps: Deps, series_id: str, person_id: str, secret: Secret | None = None
) -> Issued[StandingInvite]:
    """One link and one passcode for every date of a series."""
    series, person = _found(deps.store.shelf(Series).get(series_id)), _found(deps.store.person(person_id))
    if series.ended_at is not None and series.ended_at <= deps.clock():
        raise Refused("session_closed")
    _check_may_be_invited(person, series.group_id)
    nobodys = hash_token(deps, new_token())
    blank = StandingInvite(links.only(series_id, person_id), person_id, series_id, nobodys, "", deps.clock())
    deps.store.shelf(StandingInvite).add(blank)
    return _reissue_standing(deps, _found(deps.store.shelf(StandingInvite).get(blank.id)), secret)


def reissue(deps: Deps, holder_id: str, secret: Secret | None = None) -> Issued[Holder]:
    """A new link and passcode to the same seat; the old ones open nothing any more.

    Who is inside stays inside; whoever is still on the way with the old link is sent back.
    """
    holder = links.known(deps, holder_id)
    if isinstance(holder, StandingInvite):
        return _reissue_standing(deps, holder, secret)
    return _reissue(deps, holder, secret)


def revoke(deps: Deps, holder_id: str, by: str = "terminal") -> None:
    """The link opens nothing, and whoever is in by it is out, with no way back; a standing one shuts all its dates."""
    holder = links.known(deps, holder_id)
    stale_letters.stop_letters(deps, holder_id)
    if isinstance(holder, StandingInvite):
        deps.store.shelf(StandingInvite).change(holder.id, lambda now: replace(now, state="revoked"))
    for seat in seats_of(deps, holder):
        _revoke(deps, seat)
    audit.note_in_passing(deps, "revoked_invite", by=by, about=f"invite {holder_id}")


def revoke_everything(deps: Deps, person_id: str, by: str = "terminal") -> None:
    """Somebody leaves the group: every link of hers is shut, and she is out of whatever is live."""
    standing = deps.store.shelf(StandingInvite).find(person_id=person_id)
    invites = deps.store.shelf(Invite).find(person_id=person_id)
    holders = [known.id for known in standing] + [known.id for known in invites if not _is_over(deps, known)]
    for holder_id in holders:
        revoke(deps, holder_id, by)


def seats_of(deps: Deps, holder: Holder) -> Sequence[Invite]:
    """Her seats behind this link that are not over: one, or one for each date of the series that she has."""
    if isinstance(holder, Invite):
        return [holder]
    dates = deps.store.shelf(PlannedSession).find(series_id=holder.series_id, closed_at=None)
    invites = deps.store.shelf(Invite).find(person_id=holder.person_id)
    return [known for known in invites if known.session_id in {date.id for date in dates}]


def shown_state(holder: Holder, at: datetime) -> Shown:
    """What an organiser sees of an invite."""
    if holder.state == "revoked":
        return "revoked"
    if holder.expires_at <= at:
        return "expired"
    if holder.retired:
        return "retired"
    # Its letter waits for a safe hour, or for the mail server.
    return "draft" if holder.state == "sent" and holder.sent_at is None else holder.state


def _check_may_be_invited(person: Person, group_id: str) -> None:
    if person.group_id != group_id:
        raise Refused("not_yours_to_do")
    if person.left_at is not None:
        raise Refused("left_group")
    if not induction.is_done(person):
        raise Refused("not_inducted")


def _reissue(deps: Deps, known: Invite, secret: Secret | None) -> Issued[Invite]:
    session = _found(deps.store.session(known.session_id))
    _check_takes_place(session)
    if _removed(deps, known):
        raise Refused("no_access")
    issued = _issue(deps, known, secret, _expiry(deps, session))
    _send_back(deps, issued.invite)
    gathering.expect(deps, issued.invite)
    return issued


def _reissue_standing(deps: Deps, known: StandingInvite, secret: Secret | None) -> Issued[StandingInvite]:
    issued = _issue(deps, known, secret, deps.clock() + timedelta(days=STANDING_DAYS))
    for seat in seats_of(deps, known):
        _send_back(deps, seat, standing_id=known.id)
        # Her dates were shut with her link, so they open with it; but not for somebody who was taken out tonight.
        if known.state == "revoked" and seat.state == "revoked" and not _removed(deps, seat):
            deps.store.shelf(Invite).change(seat.id, lambda now: replace(now, state="draft"))
    _expect_tonight(deps, known)
    return issued


def _expect_tonight(deps: Deps, standing: StandingInvite) -> None:
    # The room of a date may be ready already, and even a voice needs a seat to be let in to.
    date, person = links.next_date(deps, standing.series_id), deps.store.person(standing.person_id)
    if date is not None and person is not None and gathering.is_live(deps, date.id):
        gathering.expect(deps, links.seat_at(deps, date, person))


def _issue(deps: Deps, known: H, secret: Secret | None, expires_at: datetime) -> Issued[H]:
    token, passcode = secret or new_secret()
    token_hash, passcode_hash = hash_token(deps, token), deps.hasher.hash(passcode)

    def fresh(now: H) -> H:
        now = replace(now, token_hash=token_hash, passcode_hash=passcode_hash, state="draft", expires_at=expires_at)
        now = replace(now, failures=0, retired=False, failed_at=(), problem="", passcode_problem="")
        return replace(now, sent_at=None, delivered_at=None, opened_at=None)

    return Issued(_found(links.change(deps, known, fresh)), address_of(deps, token), passcode)


def _send_back(deps: Deps, seat: Invite, standing_id: str = "") -> None:
    for access in deps.store.accesses_of_seat(seat.session_id, seat.seat_id):
        if access.state in ("door", "joining") and standing_id in ("", access.standing_id):
            deps.store.end_accesses(seat.session_id, access_id=access.id)


def _revoke(deps: Deps, seat: Invite) -> None:
    with deps.locks.of(f"invite {seat.id}"):
        deps.store.shelf(Invite).change(seat.id, lambda now: replace(now, state="revoked"))
    # What she asked for is cleared away, and her pages are cut off; refused where she is not in, or nothing is live.
    with suppress(Refused):
        perform(deps, seat.session_id, LeaveSession(), by=seat.seat_id)
    ended = deps.store.end_accesses(seat.session_id, seat_id=seat.seat_id)
    cut(deps, tuple(ended), "no_access")


def _check_takes_place(session: PlannedSession) -> None:
    if session.closed_at is not None:
        raise Refused("session_closed")
    if session.cancelled_at is not None:
        raise Refused("date_cancelled")


def _expiry(deps: Deps, session: PlannedSession) -> datetime:
    # A session that runs today although it was planned for another day must still be reachable.
    return max(session.starts_at, deps.clock()) + timedelta(hours=OPEN_HOURS)


def _is_over(deps: Deps, known: Invite) -> bool:
    session = deps.store.session(known.session_id)
    return session is None or session.closed_at is not None


def _removed(deps: Deps, known: Invite) -> bool:
    saved = deps.store.load(known.session_id)
    return saved is not None and any(seat.id == known.seat_id and seat.removed for seat in saved.state.seats)


def _found(value: T | None) -> T:
    if value is None:
        raise Refused("no_such_seat")
    return value
