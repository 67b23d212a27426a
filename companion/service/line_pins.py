"""The nine digits by which the line knows somebody: made, shown once, found again, taken away.

They are looked up by a keyed hash, since whoever calls says nothing else. Without the key, which is in no database,
nobody can try them out.
"""

from __future__ import annotations

import hmac
import secrets

from companion.core.refusals import Refused
from companion.records import LineCaller, LinePin, Person, tagged
from companion.service import audit
from companion.service.belongings import invites_of
from companion.service.deps import Deps

DIGITS = 9
NOBODYS = "-"


def make(deps: Deps, person_id: str, by: str) -> str:
    """New digits for a member, which can be read this once; older ones count no more. Raises Refused."""
    person = deps.store.person(person_id)
    if person is None:
        raise Refused("no_such_seat")
    if person.left_at is not None:
        raise Refused("left_group")
    if person.role != "member":
        raise Refused("not_yours_to_do")
    audit.note(deps, "made_line_pin", by=by, about=f"person {person_id}")
    _forget(deps, person_id)
    digits = _nobodys_yet(deps)
    deps.store.shelf(LinePin).put(LinePin(person_id, person_id, _digests(deps, digits)[0], deps.clock()))
    return digits


def take_away(deps: Deps, person_id: str, by: str) -> None:
    """Her digits open nothing any more, and whoever is in by them is not; twice is quietly the same."""
    if _forget(deps, person_id):
        audit.note_in_passing(deps, "took_line_pin", by=by, about=f"person {person_id}")


def of(deps: Deps, person_id: str) -> LinePin | None:
    """Whether she has digits, and since when; never which."""
    return deps.store.shelf(LinePin).get(person_id)


def person_of(deps: Deps, digits: str) -> Person | None:
    """The member with these digits. It costs as much where there is none."""
    wanted = _digests(deps, digits)
    found = deps.store.shelf(LinePin).find(digest=wanted)
    pin = found[0] if len(found) == 1 else LinePin("nobody", "nobody", NOBODYS, deps.clock())
    person = deps.store.person(pin.person_id)
    right = [hmac.compare_digest(pin.digest.encode(), one.encode()) for one in wanted]
    if person is None or not any(right) or person.role != "member" or person.left_at is not None:
        return None
    if not right[0]:  # made with an older key: now that they are known again, they need it no longer
        deps.store.shelf(LinePin).put(LinePin(pin.id, pin.person_id, wanted[0], pin.made_at))
    return person


def grouped(digits: str) -> str:
    """As they are shown and read aloud: "123 456 789"."""
    return " ".join(digits[at : at + 3] for at in range(0, DIGITS, 3))


def _nobodys_yet(deps: Deps) -> str:
    while True:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not deps.store.shelf(LinePin).find(digest=_digests(deps, digits), limit=1):
            return digits


def _forget(deps: Deps, person_id: str) -> int:
    invites = tuple(invite.id for invite in invites_of(deps, person_id))
    if invites:
        deps.store.shelf(LineCaller).remove(invite_id=invites)
    return deps.store.shelf(LinePin).remove(id=person_id)


def _digests(deps: Deps, digits: str) -> tuple[str, ...]:
    return tuple(tagged(key, digits.encode()) for key in deps.sealer.subkeys("line pins"))
