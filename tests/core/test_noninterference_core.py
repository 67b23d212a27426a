"""Two evenings that differ only in what is private to Wren: every other member's panel is the same, change for change.

Her private acts are her signals, one-to-ones, tickets, plan, way of taking part, language, devices, drops and returns,
and what staff do about them. What the group sees of staff names a person and is the same on both evenings.
The tech desk is tested alike against everything that belongs to care. The same at the wire: tests/live.
"""

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core import commands as c
from companion.core import helping
from companion.core.model import SYSTEM
from companion.core.overdue import next_due
from companion.core.presence import all_away, on_duty
from companion.core.refusals import Refused
from companion.core.step import step
from companion.core.turns import place_of
from companion.core.values import replace
from companion.core.views import panel_for
from tests.core.builders import SEVEN, press
from tests.core.stories import ASHS, CARE, PRIVATE, SHARED, about_request, about_ticket, evening
from tests.hypothesis_profiles import examples

OTHERS = ("ash", "fern", "moss")
HELPERS = ("kit", "bo")
SECONDS = st.sampled_from((1, 2, 16, 25, 61, 181))


def evenings(private):
    """A random evening: (private or not, who, what, seconds since the act before)."""
    told = st.tuples(st.booleans(), st.sampled_from(private), st.sampled_from(SHARED), st.integers(1, 9), SECONDS)

    def told_as(secret, hers, shared, breaks_off, after):
        return [(secret, by, what, after) for by, what in (hers if secret else shared)[:breaks_off]]

    stories = st.lists(told.map(lambda story: told_as(*story)), min_size=4, max_size=14)
    return stories.map(lambda told: [act for story in told for act in story])


def pushes(state, played, watched, *, with_private, panel_of=panel_for):
    """What each of these seats is sent: (when, seat, regions) for every panel that changes."""
    now, sent = SEVEN.replace(hour=23), []
    panels = {seat: panel_of(state, seat) for seat in watched}
    for number, (private, by, what, after) in enumerate(played):
        now += timedelta(seconds=after)
        for at, then in _until(state, now):
            state = then
            sent += _changed(panels, state, at, panel_of)
        if with_private or not private:
            state = _stepped(state, by, what, now, f"act-{number}")
            sent += _changed(panels, state, now, panel_of)
    return sent


def _until(state, now):
    # The clock comes round whenever something falls due, be it Wren's or another's.
    while (due := next_due(state)) is not None and due <= now:
        state = step(state, c.LetTimePass(), by=SYSTEM, at=due, fresh=f"due-{due.timestamp()}").state
        yield due, state


def _stepped(state, by, what, at, fresh):
    if what == "a note":  # is private; asking to speak is not, so she sends it only where she has a place already
        if place_of(state.queue.line, by) is None:
            return state
        what = c.RequestTurn(note="my sister")
    try:
        return step(state, what(state) if callable(what) else what, by=by, at=at, fresh=fresh).state
    except Refused:
        return state


def _changed(panels, state, at, panel_of):
    sent = []
    for seat, before in panels.items():
        after = panel_of(state, seat)
        regions = {name: region for name, region in after.items() if before.get(name) != region}
        if regions:
            sent.append((at, seat, regions))
        panels[seat] = after
    return sent


def assert_the_same_to(watched, start, played, panel_of=panel_for):
    with_private = pushes(start, played, watched, with_private=True, panel_of=panel_of)
    without = pushes(start, played, watched, with_private=False, panel_of=panel_of)
    assert with_private == without


@given(played=evenings(PRIVATE), others_see=st.sampled_from(("nothing", "speaker", "line")))
@settings(max_examples=examples(40))
def test_no_other_member_can_tell_whether_wrens_private_acts_happened(played, others_see):
    assert_the_same_to(OTHERS, evening(others_see), played)


@given(played=evenings(CARE))
@settings(max_examples=examples(25))
def test_no_tech_helper_can_tell_whether_anything_of_care_happened(played):
    assert_the_same_to(HELPERS, evening(), played)


NOT_FOR_SUPPORTERS = ("few_minutes", "cannot_talk")
SIGNALS = [
    story
    for story in CARE
    if isinstance(story[0][1], c.RaiseBreakSignal) and story[0][1].strength in NOT_FOR_SUPPORTERS
]


@given(played=evenings(SIGNALS))
@settings(max_examples=examples(25))
def test_no_supporter_can_tell_of_signals_that_are_not_for_supporters(played):
    assert_the_same_to(("pia", "lux"), evening(), played)


@pytest.mark.parametrize("story", [*PRIVATE, *ASHS])
def test_every_act_of_these_stories_does_something(story):
    """A secrecy test needs a secret that could leak: an act that is always refused would test nothing."""
    state, now = press(evening(), c.RequestTurn()), SEVEN.replace(hour=23)
    for number, (by, what) in enumerate(story):
        now += timedelta(seconds=61)
        for _, then in _until(state, now):
            state = then
        after = _stepped(state, by, what, now, f"act-{number}")
        assert after != state, (by, what)
        state = after


# Views with a leak, to show that the tests above can fail.
def _frozen_place_shown(state, seat):
    panel = panel_for(state, seat)
    places = state.queue.line.places
    shown = tuple(f"{state.alias(p.seat)}{' (away)' if p.seat in all_away(state) else ''}" for p in places)
    return {**panel, "turn": replace(panel["turn"], line=shown)}


def _busy_supporters_hidden(state, seat):
    panel = panel_for(state, seat)
    free = {s.id for s in on_duty(state) if state.breakout_with(s.id) is None}
    people = tuple(person for person in panel["one_to_one"].on_duty if person.seat in free)
    return {**panel, "one_to_one": replace(panel["one_to_one"], on_duty=people)}


def _wait_of_tonight_shown(state, seat):
    panel = panel_for(state, seat)
    return {**panel, "help": replace(panel["help"], usual_wait_minutes=helping.mean_wait_seconds(state))}


def _something_changed_somewhere(state, seat):
    return {**panel_for(state, seat), "version": hash(state)}


def _present_people_counted(state, seat):
    return {**panel_for(state, seat), "here": sum(1 for s in state.seats if s.state == "seated" and not s.lost)}


def _all_notes_shown(state, seat):
    return {**panel_for(state, seat), "notes": state.notes}


LEAKS = [
    (OTHERS, _frozen_place_shown, [("wren", c.RequestTurn()), ("wren", c.RaiseBreakSignal("few_minutes"))]),
    (
        OTHERS,
        _busy_supporters_hidden,
        [("wren", c.RequestBreakout()), ("pia", about_request(c.ClaimBreakout, "Wren"))],
    ),
    (
        OTHERS,
        _wait_of_tonight_shown,
        [("wren", c.OpenTicket("cannot_hear")), ("kit", about_ticket(c.TakeTicket, "Wren"))],
    ),
    (OTHERS, _something_changed_somewhere, [("wren", c.ChooseLanguage("cy"))]),
    (OTHERS, _present_people_counted, [(SYSTEM, c.NoticeDrop("wren")), ("wren", c.ChooseLanguage("cy"))]),
    (HELPERS, _all_notes_shown, [("pia", c.WriteNote("care", "a word about her"))]),
]


@pytest.mark.parametrize(("watched", "leaky", "acts_of_wren"), LEAKS, ids=[leak[1].__name__ for leak in LEAKS])
def test_a_view_with_a_leak_is_found_out(watched, leaky, acts_of_wren):
    played = [(True, by, what, 20) for by, what in acts_of_wren]
    if played[0][2] == c.RequestTurn():
        played[0] = (False, *played[0][1:])
    check = partial(assert_the_same_to, watched, evening(), played)

    check()
    with pytest.raises(AssertionError):
        check(panel_of=leaky)
