"""Two evenings that differ only in what is private to Wren: every other member's panel is the same, change for change.

Her private acts are her signals, one-to-ones, tickets, plan, way of taking part, language, devices, drops and returns,
and what staff do about them. What the group sees of staff names a person and is the same on both evenings.
The tech desk is tested alike against everything that belongs to care. The same at the wire: tests/live.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core import commands as c
from companion.core import helping
from companion.core.model import SYSTEM, GroupRules
from companion.core.overdue import next_due
from companion.core.presence import away, on_duty
from companion.core.refusals import Refused
from companion.core.step import step
from companion.core.turns import place_of
from companion.core.views import panel_for
from tests.core.builders import AGENDA, CLOCK, PROMPTS, SEVEN, a_session, arrived, press, request_of, ticket_of
from tests.hypothesis_profiles import examples

OTHERS = ("ash", "fern", "moss")
HELPERS = ("kit", "bo")
ME = "wren"


def evening(others_see="line"):
    """Wren, Ash and Fern are in the room, Moss waits at the door; two of every kind of staff are there."""
    CLOCK.set_back()
    rules = GroupRules(others_see=others_see, usual_wait_minutes=2, agenda=AGENDA, prompts=PROMPTS)
    state = a_session(
        ["Wren", "Ash", "Fern"], facilitators=["Noor"], supporters=["Pia", "Lux"], helpers=["Kit", "Bo"], rules=rules
    )
    return arrived(press(state, c.ExpectSeat("moss", "member", "Moss"), SYSTEM), "Moss")


# An act is (who, what): a command, or a function that makes one of the session it finds, where the id of a request or
# the number of the turn is needed.
def about_request(command, alias):
    return lambda state: command(request_of(state, alias))


def about_ticket(command, alias, **more):
    return lambda state: command(ticket_of(state, alias), **more)


def of_this_turn(command, **more):
    return lambda state: command(turn=state.queue.turn, **more)


def care_for(alias, supporter, host):
    """Stories of all that is private between somebody and the care desk; any of them may break off anywhere."""
    seat = alias.lower()
    claim, unclaim = (about_request(command, alias) for command in (c.ClaimBreakout, c.UnclaimBreakout))
    return [
        [(seat, c.RaiseBreakSignal("few_minutes", 1)), (host, c.SettleBreakSignalFor(seat))],
        [
            (seat, c.RaiseBreakSignal("check_on_me")),
            (supporter, c.SeeBreakSignal(seat)),
            (supporter, c.AnswerBreakSignal(seat, "talk_one_to_one")),
            (seat, c.RaiseBreakSignal("check_on_me")),
        ],
        [
            (seat, c.RaiseBreakSignal("cannot_talk", 5)),
            (host, c.SeeBreakSignal(seat)),
            (host, c.AnswerBreakSignal(seat, "stay_quiet")),
            (seat, c.SettleBreakSignal()),
        ],
        [(seat, c.ChooseVanishPlan("call_me"))],
        [(seat, c.RequestBreakout()), (supporter, claim), (supporter, unclaim)],
        [
            (seat, c.RequestBreakout(supporter)),
            (supporter, claim),
            (seat, c.AcceptBreakout()),
            (supporter, c.FinishBreakout()),
        ],
        [(seat, c.RequestBreakout(host)), (host, claim), (seat, c.AcceptBreakout()), (seat, c.FinishBreakout())],
        [(seat, c.RequestBreakout()), (supporter, claim), (seat, c.WithdrawBreakout())],
        [(host, c.OfferBreakout(seat)), (seat, c.RequestBreakout(supporter)), (seat, c.WithdrawBreakout())],
        [(supporter, c.OfferBreakout(seat)), (seat, c.AcceptBreakout()), (seat, c.FinishBreakout())],
        [(supporter, c.WriteNote("care", "a word about her"))],
    ]


def tech_for(alias, helper):
    """Stories of all that is private between somebody and the tech desk."""
    seat = alias.lower()
    take, untake, ask = (about_ticket(command, alias) for command in (c.TakeTicket, c.UntakeTicket, c.AskIfSolved))
    return [
        [
            (seat, c.OpenTicket("cannot_hear", "words")),
            (seat, c.ShareFacts("Firefox 128", 900, 4, "2g", 11)),
            (helper, take),
            (helper, about_ticket(c.SendStep, alias, step="rejoin")),
            (seat, c.MarkStepDone("rejoin")),
            (helper, ask),
            (seat, c.ConfirmTicket(works=False)),
            (helper, take),
            (helper, ask),
            (seat, c.ConfirmTicket(works=True)),
        ],
        [(seat, c.OpenTicket("something_else")), (helper, take), (helper, untake)],
        [
            ("sol", c.OpenTicketFor(seat, "no_picture")),
            (helper, take),
            (seat, c.CallMe("01632 960001")),
            (helper, about_ticket(c.HandTicketOver, alias, note="tried it all")),
            (seat, c.WithdrawTicket()),
        ],
        [(helper, c.WriteNote("tech", "a word about her"))],
    ]


def passed_on(alias, supporter, helper):
    seat, there, back = alias.lower(), about_ticket(c.PassToCare, alias), about_request(c.PassToTech, alias)
    return [
        [(seat, c.OpenTicket("something_else")), (helper, there), (supporter, back)],
        [(seat, c.RequestBreakout()), (supporter, back), (helper, there)],
    ]


CARE = care_for("Wren", "pia", "sol")
PRIVATE = [
    *CARE,
    *tech_for("Wren", "kit"),
    *passed_on("Wren", "pia", "kit"),
    [(ME, c.ChooseHow("text")), (ME, c.ChooseLanguage("cy"))],
    [(ME, "a note")],
    [(SYSTEM, c.NoticeDrop(ME)), (SYSTEM, c.NoticeReturn(ME))],
    *([(SYSTEM, c.Arrive(ME, "tablet", "Wren")), ("sol", c.SettleDevice(ME, "tablet", k))] for k in ("both", "new")),
    [(SYSTEM, c.Arrive(ME, "tablet", "Wren")), ("sol", c.SettleDevice(ME, "tablet", "old"))],
    *([(SYSTEM, c.KnockByVoice(ME, "door", "42")), ("sol", k(ME, "door"))] for k in (c.LetInByVoice, c.RefuseVoice)),
]
PUBLIC = [
    *((by, c.RequestTurn(reply)) for by in ("wren", "ash", "fern") for reply in (False, True)),
    *((by, command) for by in ("wren", "ash", "fern") for command in (c.WithdrawTurn(), c.NotYet(), c.PassTurn())),
    *((by, of_this_turn(c.FinishTurn)) for by in ("wren", "ash", "sol")),
    *(("sol", of_this_turn(c.InviteToSpeak, seat=seat)) for seat in ("wren", "ash", "fern", "noor")),
    ("sol", of_this_turn(c.PutBackFirst)),
    *(("sol", c.MovePlace(seat, way)) for seat in ("wren", "ash") for way in ("up", "down")),
    *(("sol", command) for command in (c.AddPlace("fern"), c.RemovePlace("ash"), c.UndoLast(), c.UndoLast())),
    *(("noor", c.SetQueueMode(mode)) for mode in ("as_asked", "quieter_first", "go_round")),
    *(("noor", c.SetAsking(asking)) for asking in ("open", "last_turns")),
    *(("sol", command) for command in (c.PauseRoom(), c.ResumeRoom(), c.GoToPart(1), c.SharePrompt(1))),
    *(("sol", command) for command in (c.AdmitSeat("moss"), c.MessageDoor("moss", "soon"), c.AddPhoneSeat("Ivy"))),
    *((by, command) for by in ("pia", "lux") for command in (c.GoOffDuty(), c.GoOnDuty())),
    *(("fern", command) for command in (c.LeaveSession(), c.ChooseLanguage("cy"))),
    *((SYSTEM, command) for command in (c.NoticeDrop("ash"), c.NoticeReturn("ash"))),
]
# The others have private affairs too, the same on both evenings, with colleagues of their own.
ASHS = [*care_for("Ash", "lux", "noor"), *tech_for("Ash", "bo"), *passed_on("Ash", "lux", "bo")]
SHARED = [*([act] for act in PUBLIC), *ASHS]
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
@settings(max_examples=examples(60))
def test_no_other_member_can_tell_whether_wrens_private_acts_happened(played, others_see):
    assert_the_same_to(OTHERS, evening(others_see), played)


@given(played=evenings(CARE))
@settings(max_examples=examples(40))
def test_no_tech_helper_can_tell_whether_anything_of_care_happened(played):
    assert_the_same_to(HELPERS, evening(), played)


NOT_FOR_SUPPORTERS = ("few_minutes", "cannot_talk")
SIGNALS = [
    story
    for story in CARE
    if isinstance(story[0][1], c.RaiseBreakSignal) and story[0][1].strength in NOT_FOR_SUPPORTERS
]


@given(played=evenings(SIGNALS))
@settings(max_examples=examples(40))
def test_no_supporter_can_tell_of_signals_that_are_not_for_supporters(played):
    assert_the_same_to(("pia", "lux"), evening(), played)


@pytest.mark.parametrize("story", [*PRIVATE, *ASHS], ids=str)
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
    shown = tuple(f"{state.alias(p.seat)}{' (away)' if away(state, p.seat) else ''}" for p in places)
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
