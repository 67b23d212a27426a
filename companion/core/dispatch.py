"""One table: which function answers which command. A test keeps it complete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion.core import (
    agenda,
    breakouts,
    breaks,
    callers,
    guessing,
    help_desk,
    helping,
    hosting,
    overdue,
    room,
    seating,
    turns,
    undoing,
)
from companion.core import commands as c
from companion.core.commands import Command
from companion.core.context import Act, Outcome
from companion.core.model import Facts, SessionState

Handler = Callable[[SessionState, Act, Any], SessionState | Outcome]


def _finish_turn(state: SessionState, act: Act, command: c.FinishTurn) -> SessionState:
    hosted = act.seat.role == "facilitator"
    return (hosting.finish if hosted else turns.finish)(state, act, turn=command.turn)


def _share_facts(state: SessionState, act: Act, m: c.ShareFacts) -> SessionState:
    facts = Facts(m.browser, m.round_trip_ms, m.drops, m.connection, m.battery_percent)
    return help_desk.share_facts(state, act, facts=facts)


QUEUE: dict[type[Command], Handler] = {
    c.RequestTurn: lambda s, a, m: turns.request(s, a, reply=m.reply, note=m.note),
    c.WithdrawTurn: lambda s, a, m: turns.withdraw(s, a),
    c.NotYet: lambda s, a, m: turns.not_yet(s, a),
    c.PassTurn: lambda s, a, m: turns.pass_turn(s, a),
    c.FinishTurn: _finish_turn,
    c.StartNextTurn: lambda s, a, m: hosting.start_next(s, a, turn=m.turn),
    c.InviteToSpeak: lambda s, a, m: hosting.invite(s, a, seat_id=m.seat, turn=m.turn),
    c.PutBackFirst: lambda s, a, m: hosting.put_back_first(s, a, turn=m.turn),
    c.MovePlace: lambda s, a, m: hosting.move(s, a, seat_id=m.seat, direction=m.direction),
    c.AddPlace: lambda s, a, m: hosting.add(s, a, seat_id=m.seat),
    c.RemovePlace: lambda s, a, m: hosting.remove(s, a, seat_id=m.seat),
    c.SetQueueMode: lambda s, a, m: hosting.set_mode(s, a, mode=m.mode),
    c.SetAsking: lambda s, a, m: hosting.set_asking(s, a, asking=m.asking),
    c.UndoLast: lambda s, a, m: undoing.undo(s, a, seen=m.act),
}

CARE: dict[type[Command], Handler] = {
    c.RaiseBreakSignal: lambda s, a, m: breaks.raise_signal(s, a, strength=m.strength, minutes=m.minutes),
    c.SettleBreakSignal: lambda s, a, m: breaks.settle(s, a),
    c.SeeBreakSignal: lambda s, a, m: breaks.see(s, a, seat_id=m.seat),
    c.AnswerBreakSignal: lambda s, a, m: breaks.answer(s, a, seat_id=m.seat, reply=m.reply),
    c.SettleBreakSignalFor: lambda s, a, m: breaks.settle_for(s, a, seat_id=m.seat),
    c.ChooseVanishPlan: lambda s, a, m: breaks.choose_vanish_plan(s, a, plan=m.plan),
    c.GoOnDuty: lambda s, a, m: breakouts.go_on_duty(s, a),
    c.GoOffDuty: lambda s, a, m: breakouts.go_off_duty(s, a),
    c.RequestBreakout: lambda s, a, m: breakouts.request(s, a, wanted=m.wanted),
    c.WithdrawBreakout: lambda s, a, m: breakouts.withdraw(s, a),
    c.OfferBreakout: lambda s, a, m: breakouts.offer(s, a, seat_id=m.seat),
    c.ClaimBreakout: lambda s, a, m: breakouts.claim(s, a, request_id=m.request),
    c.UnclaimBreakout: lambda s, a, m: breakouts.unclaim(s, a, request_id=m.request),
    c.AcceptBreakout: lambda s, a, m: breakouts.accept(s, a),
    c.FinishBreakout: lambda s, a, m: breakouts.finish(s, a),
    c.MoveIntoRoom: lambda s, a, m: breakouts.move_into_room(s, a, request_id=m.request),
    c.GiveUpRoom: lambda s, a, m: breakouts.give_up_room(s, a, request_id=m.request),
    c.PassToTech: lambda s, a, m: breakouts.pass_to_tech(s, a, request_id=m.request),
}

TECH: dict[type[Command], Handler] = {
    c.OpenTicket: lambda s, a, m: help_desk.open_ticket(s, a, kind=m.kind, words=m.words),
    c.OpenTicketFor: lambda s, a, m: help_desk.open_for(s, a, seat_id=m.seat, kind=m.kind, words=m.words),
    c.OpenTicketAtDoor: lambda s, a, m: help_desk.open_at_door(s, a, seat_id=m.seat, words=m.words),
    c.WithdrawTicket: lambda s, a, m: help_desk.withdraw(s, a),
    c.MarkStepDone: lambda s, a, m: help_desk.mark_step_done(s, a, step=m.step),
    c.ConfirmTicket: lambda s, a, m: help_desk.confirm(s, a, works=m.works),
    c.CallMe: lambda s, a, m: help_desk.call_me(s, a, number=m.number),
    c.ShareFacts: _share_facts,
    c.TakeTicket: lambda s, a, m: helping.take(s, a, ticket_id=m.ticket),
    c.UntakeTicket: lambda s, a, m: helping.untake(s, a, ticket_id=m.ticket),
    c.HandTicketOver: lambda s, a, m: helping.hand_over(s, a, ticket_id=m.ticket, note=m.note),
    c.SendStep: lambda s, a, m: helping.send_step(s, a, ticket_id=m.ticket, step=m.step),
    c.AskIfSolved: lambda s, a, m: helping.ask_if_solved(s, a, ticket_id=m.ticket),
    c.PassToCare: lambda s, a, m: helping.pass_to_care(s, a, ticket_id=m.ticket),
}

ROOM: dict[type[Command], Handler] = {
    c.OpenDoors: lambda s, a, m: room.open_doors(s, a),
    c.StartSession: lambda s, a, m: room.start(s, a),
    c.PauseRoom: lambda s, a, m: room.pause(s, a),
    c.ResumeRoom: lambda s, a, m: room.resume(s, a),
    c.BeginEnding: lambda s, a, m: room.begin_ending(s, a, confirmed=m.confirmed),
    c.CloseSession: lambda s, a, m: room.close(s, a, confirmed=m.confirmed),
    c.WriteNote: lambda s, a, m: room.write_note(s, a, desk=m.desk, words=m.words),
    c.GoToPart: lambda s, a, m: agenda.go_to(s, a, part=m.part),
    c.SharePrompt: lambda s, a, m: agenda.share_prompt(s, prompt=m.prompt),
    c.StartActivity: lambda s, a, m: agenda.start_activity(s, activity=m.activity),
    c.StepActivity: lambda s, a, m: agenda.step_activity(s, step=m.step),
    c.StopSharing: lambda s, a, m: agenda.stop_sharing(s),
}

SEATS: dict[type[Command], Handler] = {
    c.AdmitSeat: lambda s, a, m: seating.admit(s, a, seat_id=m.seat),
    c.AdmitAll: lambda s, a, m: seating.admit_all(s, a),
    c.NotNow: lambda s, a, m: seating.not_now(s, seat_id=m.seat),
    c.MessageDoor: lambda s, a, m: seating.message(s, seat_id=m.seat, words=m.message),
    c.AddPhoneSeat: lambda s, a, m: seating.add_phone_seat(s, a, alias=m.alias),
    c.LetInByVoice: lambda s, a, m: seating.let_in_by_voice(s, seat_id=m.seat, device=m.device),
    c.RefuseVoice: lambda s, a, m: seating.refuse_voice(s, seat_id=m.seat, device=m.device),
    c.SettleDevice: lambda s, a, m: seating.settle_device(s, seat_id=m.seat, device=m.device, keep=m.keep),
    c.SeeWrongPasscodes: lambda s, a, m: guessing.see(s, seat_id=m.seat),
    c.RemoveSeat: lambda s, a, m: seating.remove(s, a, seat_id=m.seat),
    c.LeaveSession: lambda s, a, m: seating.leave(s, a, seat_id=a.seat.id),
    c.ChooseHow: lambda s, a, m: seating.choose_how(s, a, how=m.how),
    c.ChooseLanguage: lambda s, a, m: seating.choose_language(s, a, language=m.language),
}

CALL: dict[type[Command], Handler] = {
    c.NoteCaller: lambda s, a, m: callers.note(
        s, person=m.person, caller=m.caller, name=m.name, where=m.where, happened_at=a.at
    ),
    c.NoteHand: lambda s, a, m: callers.note_hand(s, a, person=m.person, caller=m.caller, raised=m.raised),
    c.MatchCaller: lambda s, a, m: callers.match(s, a, person=m.person, seat_id=m.seat),
    c.IgnoreCaller: lambda s, a, m: callers.ignore(s, person=m.person),
    c.NoticeCaller: lambda s, a, m: callers.notice(
        s, person=m.person, caller=m.caller, name=m.name, where=m.where, happened_at=m.happened_at
    ),
}

THE_HOUSE: dict[type[Command], Handler] = {
    c.ExpectSeat: lambda s, a, m: seating.expect(s, m),
    c.NotePlan: lambda s, a, m: room.note_plan(s, agreed=m.agreed),
    c.Arrive: lambda s, a, m: seating.arrive(s, a, m),
    c.KnockByVoice: lambda s, a, m: seating.knock_by_voice(s, a, seat_id=m.seat, device=m.device, number=m.number),
    c.NoteWrongPasscode: lambda s, a, m: guessing.note(s, a, seat_id=m.seat),
    c.ForgetDevices: lambda s, a, m: guessing.forget_devices(s, seat_id=m.seat),
    c.NoticeDrop: lambda s, a, m: seating.notice_drop(s, a, seat_id=m.seat, silent_seconds=m.silent_seconds),
    c.NoticeReturn: lambda s, a, m: seating.notice_return(s, seat_id=m.seat),
    c.ForgetSeat: lambda s, a, m: seating.forget_her(s, a, seat_id=m.seat),
    c.LetTimePass: lambda s, a, m: overdue.let_time_pass(s, a),
}

ACTS: dict[type[Command], Handler] = {**QUEUE, **CARE, **TECH, **ROOM, **SEATS, **CALL, **THE_HOUSE}
