"""What facilitators alone see: the queue, the door, the people, the evening and, at its end, whom to follow up."""

from __future__ import annotations

from collections.abc import Mapping

from companion.core import suggesting, turns
from companion.core.agenda import ACTIVITY_STEPS
from companion.core.model import Place, Seat, SessionState
from companion.core.presence import Away, all_away
from companion.core.views.regions import (
    AgendaView,
    DebriefView,
    DeviceView,
    DoorView,
    KnockView,
    PartView,
    PeopleView,
    PersonView,
    PlaceView,
    QueueView,
    SeatView,
    SpeakerView,
    VoiceView,
)


def queue(state: SessionState) -> QueueView:
    """The speaking queue."""
    line, undo, gone = state.queue.line, state.queue.undo, all_away(state)
    next_place = suggesting.next_place(state)
    suggestion = suggesting.suggestion(state)
    in_line = {place.seat for place in line.places} | ({line.speaking.seat} if line.speaking else set())
    return QueueView(
        mode=line.mode,
        asking=line.asking,
        turn=state.queue.turn,
        speaker=_speaker(state, gone),
        places=tuple(_place(state, place, gone) for place in line.places),
        next_alias=state.alias(next_place.seat) if next_place else "",
        suggestion=suggestion,
        suggested_alias=state.alias(suggestion.seat) if suggestion else "",
        undo=undo.act if undo else "",
        undo_until=undo.until if undo else None,
        others=tuple(
            PersonView(s.id, s.alias)
            for s in state.seats
            if s.state == "seated" and s.role != "tech_helper" and s.id not in in_line
        ),
    )


def door(state: SessionState) -> DoorView:
    """The waiting room, knocks by voice and second devices."""
    knocks = tuple(
        KnockView(s.id, s.alias, s.knocked_at, s.first_time, s.takes_part, s.not_now, s.door_message, s.lost)
        for s in sorted(state.seats, key=lambda s: s.knocked_at.timestamp() if s.knocked_at else 0)
        if s.state == "waiting"
    )
    voices = tuple(
        VoiceView(s.id, s.alias, s.voice_knock.device, s.voice_knock.number, s.voice_knock.at)
        for s in state.seats
        if s.voice_knock is not None
    )
    devices = tuple(
        DeviceView(s.id, s.alias, device.id, device.at, device.state == "held")
        for s in state.seats
        for device in s.devices
        if device.flagged
    )
    expected = tuple(s.alias for s in state.seats if s.state == "expected")
    return DoorView(knocks, voices, devices, expected)


def people(state: SessionState, me: Seat) -> PeopleView:
    """Who is here and who has left."""
    gone = all_away(state)
    return PeopleView(
        tuple(
            SeatView(
                seat=s.id,
                alias=s.alias,
                avatar=s.avatar,
                role=s.role,
                state="seated" if s.state == "seated" else "left",
                by_phone=s.by_phone,
                takes_part=s.takes_part,
                first_time=s.first_time,
                cues=s.cues,
                away=gone.get(s.id) if s.state == "seated" else None,
                lost=s.lost,
                dropped_at=s.dropped_at if s.lost else None,
                turns_had=state.spoken.count(s.id),
                on_duty=s.on_duty,
                me=s.id == me.id,
            )
            for s in state.seats
            if s.state in ("seated", "left")
        )
    )


def agenda(state: SessionState) -> AgendaView:
    """The evening's parts and what can be shown to everyone."""
    shared = state.shared
    return AgendaView(
        parts=tuple(PartView(part.title, part.minutes) for part in state.rules.agenda),
        part=state.part,
        part_started_at=state.part_started_at,
        prompts=state.rules.prompts,
        activities=tuple(ACTIVITY_STEPS),
        shared=shared,
        steps=ACTIVITY_STEPS[shared.what] if shared and shared.kind == "activity" else 0,
    )


def debrief(state: SessionState) -> DebriefView:
    """Who to follow up, from the ending on."""
    if state.phase not in ("ending", "closed"):
        return DebriefView(shown=False)
    members = tuple(s for s in state.seats if s.role == "member")
    heard = turns.finished(state.queue.line).spoken
    seated = tuple(s for s in members if s.state == "seated")
    before_the_end = tuple(
        s for s in members if s.state == "left" and s.left_at and state.ending_at and s.left_at < state.ending_at
    )
    return DebriefView(
        shown=True,
        came=sum(1 for s in members if s.seated_at is not None),
        left_early=tuple(s.alias for s in before_the_end),
        lost_at_the_end=tuple(s.alias for s in seated if s.lost),
        tickets_unsolved=tuple(state.alias(ticket.seat) for ticket in state.tickets),
        not_heard=tuple(s.alias for s in seated if s.id not in heard),
        closed_at=state.closed_at,
    )


def _speaker(state: SessionState, gone: Mapping[str, Away]) -> SpeakerView | None:
    turn = state.queue.line.speaking
    if turn is None:
        return None
    alias, away = state.alias(turn.seat), gone.get(turn.seat)
    agreed = state.rules.turn_seconds
    return SpeakerView(turn.seat, alias, turn.started_at, turn.used_seconds, agreed, away, turn.clock_stopped)


def _place(state: SessionState, place: Place, gone: Mapping[str, Away]) -> PlaceView:
    return PlaceView(
        seat=place.seat,
        alias=state.alias(place.seat),
        kind=place.kind,
        note=place.note,
        passed=place.passed,
        not_yet=place.not_yet,
        by_phone=state.seat(place.seat).by_phone,
        away=gone.get(place.seat),
        turns_had=state.queue.line.spoken.count(place.seat),
        used_seconds=place.used_seconds,
    )
