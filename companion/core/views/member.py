"""A member's panel: her own affairs, and of the others only what is public."""

from __future__ import annotations

from companion.core.model import DOOR, Seat, SessionState
from companion.core.presence import on_duty
from companion.core.turns import place_of
from companion.core.views.regions import (
    AnswerView,
    MemberBreak,
    MemberHelp,
    MemberOneToOne,
    MemberRoom,
    MemberTurn,
    NewsView,
    PersonView,
    SeatPhase,
)


def news(state: SessionState, seat: Seat) -> NewsView:
    """The sentence for the live region; only "it is your turn" may interrupt, and it is said only while it is."""
    told, speaking = seat.news, state.speaking
    her_turn = speaking is not None and speaking.seat == seat.id
    if told is None or (told.code == "your_turn" and not her_turn):
        return NewsView()
    return NewsView(told.code, told.name, told.count, urgent=told.code == "your_turn")


def _phase(state: SessionState, seat: Seat) -> SeatPhase:
    if state.phase == "closed":
        return "closed"
    if seat.state in ("expected", "left"):
        return "left"
    if seat.state == "waiting" or state.phase == "planned":
        return "waiting"
    return state.phase


def room(state: SessionState, seat: Seat) -> MemberRoom:
    seated = seat.state == "seated"
    inside = seat.state in ("waiting", "seated")
    agenda = state.rules.agenda
    begun = seated and state.part_started_at is not None and state.part < len(agenda)
    return MemberRoom(
        phase=_phase(state, seat),
        alias=seat.alias,
        avatar=seat.avatar,
        not_now=seat.not_now,
        door_message=seat.door_message,
        facilitators=tuple(s.alias for s in state.seats if inside and s.role == "facilitator" and s.state == "seated"),
        part=agenda[state.part].title if begun else "",
        shared=state.shared if seated else None,
        takes_part=seat.takes_part,
        language=seat.language,
    )


def turn(state: SessionState, seat: Seat) -> MemberTurn:
    if seat.state != "seated" or state.phase == "closed":
        return MemberTurn(in_room=False)
    queue, rules = state.queue, state.rules
    speaking = queue.line.speaking
    mine = place_of(queue.line, seat.id)
    is_me = speaking is not None and speaking.seat == seat.id
    shows_speaker = rules.others_see != "nothing" or is_me
    return MemberTurn(
        in_room=True,
        others_see=rules.others_see,
        asking=queue.line.asking,
        speaker=state.alias(speaking.seat) if speaking and shows_speaker else "",
        # Frozen places look like any other: who is on a break or has lost her connection is nobody's business.
        line=tuple(state.alias(place.seat) for place in queue.line.places) if rules.others_see == "line" else (),
        place=queue.line.places.index(mine) + 1 if mine else None,
        kind=mine.kind if mine else None,
        note=mine.note if mine else "",
        speaking=is_me,
        turn=queue.turn if is_me else None,
        started_at=speaking.started_at if speaking and is_me else None,
        used_seconds=speaking.used_seconds if speaking and is_me else 0,
        agreed_seconds=rules.turn_seconds if is_me else None,
        may_ask=mine is None and not is_me and queue.line.asking == "open",
        may_reply=_may_reply(state, seat),
        may_say_not_yet=mine is not None,
        go_round=queue.line.mode == "go_round" and mine is not None and mine.kind == "round",
        not_yet=mine is not None and mine.not_yet,
        clock_stopped=speaking is not None and is_me and speaking.clock_stopped,
    )


def _may_reply(state: SessionState, seat: Seat) -> bool:
    line = state.queue.line
    if line.speaking is None or line.speaking.seat == seat.id or line.speaking.reply_used:
        return False
    return state.rules.reply_allowed and (line.asking == "open" or place_of(line, seat.id) is not None)


def break_(state: SessionState, seat: Seat) -> MemberBreak:
    signal = state.signal_of(seat.id)
    if signal is None:
        return MemberBreak(None, None, "", (), None, seat.if_i_vanish)
    answers = tuple(AnswerView(answer.reply, state.alias(answer.by)) for answer in signal.answers)
    seen_by = state.alias(signal.seen_by)
    return MemberBreak(signal.strength, signal.state, seen_by, answers, signal.back_at, seat.if_i_vanish)


def one_to_one(state: SessionState, seat: Seat) -> MemberOneToOne:
    if seat.state != "seated" or state.phase == "closed":
        return MemberOneToOne(in_room=False)
    supporters = on_duty(state)
    facilitators = (
        tuple(s for s in state.seats if s.role == "facilitator" and s.state == "seated") if supporters else ()
    )
    may_ask = (*supporters, *facilitators)
    people = tuple(PersonView(s.id, s.alias) for s in may_ask)
    mine = state.breakout_of(seat.id)
    if mine is None:
        return MemberOneToOne(in_room=True, on_duty=people)
    return MemberOneToOne(
        in_room=True,
        on_duty=people,
        state=mine.state,
        wanted=state.alias(mine.wanted),
        wanted_off_duty=mine.state == "asked"
        and mine.wanted is not None
        and mine.wanted not in {s.id for s in may_ask},
        by=state.alias(mine.supporter or mine.offered_by),
        opened_at=mine.opened_at,
        over=mine.over,
        request=mine.id if mine.moved_by else "",
    )


def help_(state: SessionState, seat: Seat) -> MemberHelp:
    ticket = state.ticket_of(seat.id)
    usual = state.rules.usual_wait_minutes
    if ticket is None:
        return MemberHelp(None, None, "", "", (), False, "", seat.has_phone, usual)
    return MemberHelp(
        ticket.state,
        ticket.kind,
        "" if ticket.by == DOOR else ticket.words,
        state.alias(ticket.helper),
        ticket.steps,
        ticket.facts is not None,
        ticket.call_number,
        seat.has_phone,
        usual,
    )
