"""Seats: expected, at the door, let in, dropped and back, left; second devices and knocks by voice."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from companion.core import breakouts, breaks, callers, help_desk, helping, turns
from companion.core.commands import Arrive, ExpectSeat
from companion.core.context import Act, Outcome
from companion.core.effects import Effect, EndAccess, EndDevice, LetDeviceIn
from companion.core.fields import DoorMessage, Keep
from companion.core.model import Device, Seat, SessionState, TakesPart, VoiceKnock, tell
from companion.core.refusals import Refused
from companion.core.values import replace

DEVICES = 4
NOBODY = "-"  # stands where an alias was


def expect(state: SessionState, command: ExpectSeat) -> SessionState:
    """Keep a seat for somebody who was invited; twice is quietly the same."""
    if any(seat.id == command.seat for seat in state.seats):
        return state
    seat = Seat(
        command.seat,
        command.role,
        command.alias,
        language=command.language,
        first_time=command.first_time,
        has_phone=command.has_phone,
        if_i_vanish=command.if_i_vanish,
        cues=command.cues,
    )
    return replace(state, seats=(*state.seats, seat))


def arrive(state: SessionState, act: Act, command: Arrive) -> SessionState | Outcome:
    """A browser is through the joining pages. Members wait at the door; a second device is held for a facilitator."""
    seat = state.seat(command.seat)
    if seat.removed:
        raise Refused("no_access")
    if state.phase == "planned" and seat.role == "member":
        raise Refused("session_not_open")
    if any(device.id == command.device for device in seat.devices):
        return state
    if seat.state in ("waiting", "seated") and not seat.devices:  # the staff moved her to a new device
        return state.with_seat(replace(seat, devices=(Device(command.device, act.at),)))
    if seat.state in ("waiting", "seated"):
        return _second_device(state, act, seat, command.device)
    seat = replace(
        seat,
        alias=_free_alias(state, seat, command.alias or seat.alias),
        avatar=command.avatar,
        language=command.language,
        takes_part=command.takes_part,
        caller=command.caller or seat.caller,
        cues=seat.cues if command.shares_cues else (),
        devices=(Device(command.device, act.at),),
        state="waiting",
        knocked_at=act.at,
        left_at=None,
        voice_knock=None,
        door_message=None,
    )
    state = state.with_seat(seat)
    # Staff were let in by the organiser who invited them; a member is let in by name, by somebody who knows her.
    return state if seat.role == "member" else seat_down(state, act, seat)


def seat_down(state: SessionState, act: Act, seat: Seat) -> SessionState:
    """From the waiting room into the room."""
    seated = replace(seat, state="seated", seated_at=seat.seated_at or act.at, door_message=None, not_now=False)
    return turns.join_round(state.with_seat(seated), seated, act)


def admit(state: SessionState, act: Act, *, seat_id: str) -> SessionState:
    """Let one person in; twice is quietly the same."""
    seat = state.seat(seat_id)
    if seat.state == "seated":
        return state
    _check_waiting(seat)
    return tell(seat_down(state, act, seat), seat_id, "admitted")


def admit_all(state: SessionState, act: Act) -> SessionState:
    """Let everybody in who waits, but for those told "not now"."""
    for seat in state.seats:
        if seat.state == "waiting" and not seat.not_now:
            state = admit(state, act, seat_id=seat.id)
    return state


def not_now(state: SessionState, *, seat_id: str) -> SessionState:
    """She stays at the door and hears so kindly."""
    seat = state.seat(seat_id)
    _check_waiting(seat)
    return tell(state.with_seat(replace(seat, not_now=True, door_message=None)), seat_id, "not_now")


def message(state: SessionState, *, seat_id: str, words: DoorMessage) -> SessionState:
    """A short worded message to the waiting room."""
    seat = state.seat(seat_id)
    _check_waiting(seat)
    return tell(state.with_seat(replace(seat, door_message=words)), seat_id, "door_message")


def add_phone_seat(state: SessionState, act: Act, *, alias: str) -> SessionState:
    """Seat somebody who has only a telephone."""
    seat = Seat(act.fresh, "member", alias, by_phone=True, takes_part="phone")
    seat = replace(seat, alias=_free_alias(state, seat, alias), knocked_at=act.at)
    return seat_down(replace(state, seats=(*state.seats, seat)), act, seat)


def knock_by_voice(state: SessionState, act: Act, *, seat_id: str, device: str, number: str) -> SessionState:
    """Ask to be let in by voice; the newest browser is the one that rings the bell."""
    seat = state.seat(seat_id)
    if seat.removed:
        raise Refused("no_access")
    return state.with_seat(replace(seat, voice_knock=VoiceKnock(device, number, act.at)))


def let_in_by_voice(state: SessionState, *, seat_id: str, device: str) -> Outcome:
    """The voice is known and the numbers match."""
    seat = _knocking(state, seat_id, device)
    return Outcome(state.with_seat(replace(seat, voice_knock=None)), (LetDeviceIn(device),))


def refuse_voice(state: SessionState, *, seat_id: str, device: str) -> Outcome:
    """The voice is not known: that browser ends here."""
    seat = _knocking(state, seat_id, device)
    return Outcome(state.with_seat(replace(seat, voice_knock=None)), (EndDevice(device),))


def settle_device(state: SessionState, *, seat_id: str, device: str, keep: Keep) -> Outcome:
    """Decide about a second device: both, only the new one, or only the old one."""
    seat = state.seat(seat_id)
    new = next((known for known in seat.devices if known.id == device and known.flagged), None)
    if new is None:
        raise Refused("no_such_device")
    others = tuple(known for known in seat.devices if known.id != device)
    settled = replace(new, state="in", flagged=False)
    if keep == "old":
        return Outcome(state.with_seat(replace(seat, devices=others)), (EndDevice(device),))
    let_in: tuple[Effect, ...] = (LetDeviceIn(device),)
    if keep == "both":
        return Outcome(state.with_seat(replace(seat, devices=(*others, settled))), let_in)
    ended = tuple(EndDevice(known.id) for known in others)
    return Outcome(state.with_seat(replace(seat, devices=(settled,))), (*let_in, *ended))


def notice_drop(state: SessionState, act: Act, *, seat_id: str, silent_seconds: int) -> SessionState:
    """The last connection is gone. Nothing changes for anyone yet, and nothing of hers is lost."""
    seat = state.seat(seat_id)
    # At closing every page goes: that is nobody's lost connection.
    if state.phase == "closed" or seat.state not in ("waiting", "seated"):
        return state
    if seat.dropped_at is not None or seat.by_phone:
        return state
    since = act.at - timedelta(seconds=silent_seconds)
    return state.with_seat(replace(seat, dropped_at=since, drops=seat.drops + 1))


def notice_return(state: SessionState, *, seat_id: str) -> SessionState:
    """She is back, and everything of hers is where it was."""
    seat = state.seat(seat_id)
    if seat.dropped_at is None:
        return state
    state = state.with_seat(replace(seat, dropped_at=None, lost=False, drop_noted=False))
    return help_desk.close_after_return(state, seat_id)


def leave(state: SessionState, act: Act, *, seat_id: str) -> Outcome:
    """Somebody leaves of her own accord: her things are cleared away, her access ends, nobody is told aloud."""
    return Outcome(_gone(state, act, state.seat(seat_id)), (EndAccess(seat_id),))


def remove(state: SessionState, act: Act, *, seat_id: str) -> Outcome:
    """Take somebody out, with no way back tonight."""
    seat = state.seat(seat_id)
    if seat.id == act.seat.id:
        raise Refused("not_yours_to_do")
    if seat.removed:
        return Outcome(state, (EndAccess(seat_id, for_good=True),))
    state = _gone(state, act, seat)
    return Outcome(state.with_seat(replace(state.seat(seat_id), removed=True)), (EndAccess(seat_id, for_good=True),))


def forget_her(state: SessionState, act: Act, *, seat_id: str) -> Outcome:
    """Everything about somebody is erased: she is out for good, and her alias stands nowhere any more."""
    seat = state.seat(seat_id)
    gone = callers.forget(_gone(state, act, seat), seat_id)
    nobody = Seat(seat.id, seat.role, NOBODY, state="left", left_at=act.at, removed=True, number=seat.number)
    told = (replace(s, news=None) if s.news and s.news.name == seat.alias else s for s in gone.seats)
    return Outcome(replace(gone, seats=tuple(told)).with_seat(nobody), (EndAccess(seat_id, for_good=True),))


def choose_how(state: SessionState, act: Act, *, how: TakesPart) -> SessionState:
    """Video, audio, text or phone, changed in mid-session as she likes."""
    return state.with_seat(replace(act.seat, takes_part=how))


def choose_language(state: SessionState, act: Act, *, language: str) -> SessionState:
    """The language of her own pages."""
    return state.with_seat(replace(act.seat, language=language))


def _gone(state: SessionState, act: Act, seat: Seat) -> SessionState:
    for forget in (turns.forget, breaks.forget, breakouts.forget, help_desk.forget, helping.forget):
        state = forget(state, seat.id)
    return state.with_seat(
        replace(
            state.seat(seat.id),
            state="left",
            left_at=act.at,
            on_duty=False,
            dropped_at=None,
            lost=False,
            drop_noted=False,
            devices=(),
            voice_knock=None,
            door_message=None,  # "not now" stays: knocking once more must not slip in with everybody else
        )
    )


def _second_device(state: SessionState, act: Act, seat: Seat, device: str) -> SessionState | Outcome:
    # A facilitator whose laptop died must not be locked out by her own panel, so hers is flagged but let in.
    held = seat.role != "facilitator"
    new = Device(device, act.at, "held" if held else "in", flagged=True)
    if len(seat.devices) < DEVICES:
        return state.with_seat(replace(seat, devices=(*seat.devices, new)))
    # Of a member's none is dropped silently: the first of them may be the one that she is using, and a facilitator can
    # decide. For a facilitator nobody else may be there to do that, so her oldest gives way.
    if held:
        raise Refused("too_many_pages")
    oldest, *others = seat.devices
    return Outcome(state.with_seat(replace(seat, devices=(*others, new))), (EndDevice(oldest.id),))


def _free_alias(state: SessionState, mine: Seat, alias: str) -> str:
    # Compared only with members who have arrived: a clash must not tell who else was invited. Everybody may know who
    # the staff are, and nobody may look like one of them.
    taken = {
        _as_read(seat.alias)
        for seat in state.seats
        if seat.id != mine.id and (seat.state in ("waiting", "seated") or seat.role != "member")
    }
    if _as_read(alias) not in taken:
        return alias
    return next(name for n in range(2, 1000) if _as_read(name := f"{alias} {n}") not in taken)


def _as_read(alias: str) -> str:
    # What the eye takes for the same name: joiners have no width, and many letters have a compatible twin.
    return unicodedata.normalize("NFKC", alias.replace("\u200c", "").replace("\u200d", "")).casefold()


def _check_waiting(seat: Seat) -> None:
    if seat.state != "waiting":
        raise Refused("not_at_the_door")


def _knocking(state: SessionState, seat_id: str, device: str) -> Seat:
    seat = state.seat(seat_id)
    if seat.voice_knock is None or seat.voice_knock.device != device:
        raise Refused("no_such_device")
    return seat
