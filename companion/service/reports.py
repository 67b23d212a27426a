"""What gateways and mail servers report of letters that have left. Late, doubled or out of order, it does no harm."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from companion.core.values import replace
from companion.ports import BadReport, Hook, Report
from companion.records import Kind, Letter, LetterState, SeenReport
from companion.service.arrivals import told
from companion.service.deps import Deps
from companion.service.fates import emptied

# How far a letter is. A report only ever moves it on; what has arrived has arrived.
FAR: dict[LetterState, int] = {
    "waiting": 0,
    "held": 0,
    "sending": 0,
    "unsure": 0,
    "stopped": 0,
    "sent": 1,
    "failed": 2,
    "delivered": 3,
}


def receive(deps: Deps, provider: str, hook: Hook) -> Letter:
    """A request to our address for reports of texts. Raises BadReport, and changes nothing then."""
    if not provider or provider != deps.texter.name:
        raise BadReport("forged")
    report = deps.texter.read_report(hook)
    seen = _digest(provider, report.once)
    if report.once and deps.store.shelf(SeenReport).get(seen) is not None:
        raise BadReport("replayed")
    letter = note(deps, _meant(deps, report), report)
    if report.once:  # only now: if we die before, the gateway's next try must still count
        deps.store.shelf(SeenReport).put(SeenReport(seen, deps.clock()))
    return letter


def note(deps: Deps, letter: Letter, report: Report) -> Letter:
    """Write down what became of a letter, and pass it on."""
    now = deps.clock()

    def how(it: Letter) -> Letter | None:
        if FAR[report.outcome] <= FAR[it.state]:
            return None
        trouble = report.trouble if report.outcome == "failed" else ""
        known = replace(it, state=report.outcome, trouble=trouble, sent_at=it.sent_at or now)
        return emptied(replace(known, reference=it.reference or report.reference))

    kept = deps.store.shelf(Letter).change(letter.id, how)
    if kept is None:
        raise BadReport("unknown")
    told(deps, kept)
    return kept


def letter_of(deps: Deps, kind: Kind, references: Sequence[str]) -> Letter | None:
    """The letter that was given one of these references."""
    wanted = tuple(reference for reference in references if reference)
    found = deps.store.shelf(Letter).find(kind=kind, reference=wanted, limit=1) if wanted else ()
    return found[0] if found else None


def _meant(deps: Deps, report: Report) -> Letter:
    own = deps.store.shelf(Letter).get(report.letter) if report.letter else None
    letter = own if own is not None and own.kind == "text" else letter_of(deps, "text", (report.reference,))
    if letter is None:
        raise BadReport("unknown")
    return letter


def _digest(provider: str, once: str) -> str:
    return hashlib.sha256(f"{provider} {once}".encode()).hexdigest()
