"""What every member is told before her first time: nobody is invited until it is done, or waived by somebody by name.

With it go eight questions about devices and reading. Answers are added to totals of the group and kept nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.records import AccessAnswers, Induction, Person
from companion.service.deps import Deps

ITEMS = ("what_to_expect", "who_gets_in", "security", "how_it_works", "access")
QUESTIONS = (
    "own_device",
    "good_line",
    "data_costs",
    "private_place",
    "headphones",
    "reading_is_hard",
    "other_language",
    "try_it_first",
)
HEARD = 50
FEWEST = 3  # totals of fewer people would tell of one of them


def is_done(person: Person) -> bool:
    """Whether she may be invited. Staff know how it works."""
    told = person.induction
    return person.role != "member" or bool(told.waived_by) or set(ITEMS) <= set(told.done)


def note(deps: Deps, person_id: str, done: Iterable[str], waived_by: str = "") -> Person:
    """Keep what she was told, or who says that she need not be."""
    known = tuple(item for item in ITEMS if item in set(done))
    told = Induction(known, " ".join(waived_by.split())[:80], deps.clock())
    kept = deps.store.shelf(Person).change(person_id, lambda person: replace(person, induction=told))
    if kept is None:
        raise Refused("no_such_seat")
    return kept


def add_answers(deps: Deps, group_id: str, answers: Mapping[str, bool], form: str) -> None:
    """Add one person's answers to the totals; what she skipped is not counted. Nothing says whose they were.

    ``form`` is a word that the form was drawn with: the same form sent twice is counted once.
    """
    given = {question: answers[question] for question in QUESTIONS if question in answers}
    if not given:
        return
    shelf = deps.store.shelf(AccessAnswers)
    shelf.add(AccessAnswers(group_id))
    shelf.change(group_id, lambda totals: None if form in totals.heard else _added(totals, given, form))


def totals(deps: Deps, group_id: str) -> dict[str, tuple[int, int]]:
    """For each question how many said yes, and how many answered; empty while too few have."""
    kept = deps.store.shelf(AccessAnswers).get(group_id) or AccessAnswers(group_id)
    counted = {question: (kept.yes.get(question, 0), kept.answered.get(question, 0)) for question in QUESTIONS}
    return {question: pair for question, pair in counted.items() if pair[1] >= FEWEST}


def _added(totals: AccessAnswers, given: Mapping[str, bool], form: str) -> AccessAnswers:
    return replace(
        totals,
        yes={q: totals.yes.get(q, 0) + given.get(q, False) for q in QUESTIONS},
        answered={q: totals.answered.get(q, 0) + (q in given) for q in QUESTIONS},
        heard=(*totals.heard, form)[-HEARD:],
    )
