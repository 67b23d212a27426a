"""One table: which command which role may give. What is not in it may not be done."""

from __future__ import annotations

from companion.core import commands as c
from companion.core.commands import Command
from companion.core.model import SYSTEM, Seat
from companion.core.refusals import Refused

MEMBER = frozenset({"member"})
FACILITATOR = frozenset({"facilitator"})
SUPPORTER = frozenset({"peer_supporter"})
HELPER = frozenset({"tech_helper"})
CARE = FACILITATOR | SUPPORTER
TECH = FACILITATOR | HELPER
STAFF = FACILITATOR | SUPPORTER | HELPER
ANYONE = MEMBER | STAFF
THE_HOUSE = frozenset({SYSTEM})

MAY: dict[type[Command], frozenset[str]] = {
    c.RequestTurn: MEMBER | CARE,
    c.WithdrawTurn: MEMBER | CARE,
    c.NotYet: MEMBER | CARE,
    c.PassTurn: MEMBER | CARE,
    c.FinishTurn: MEMBER | CARE,
    c.StartNextTurn: FACILITATOR,
    c.InviteToSpeak: FACILITATOR,
    c.PutBackFirst: FACILITATOR,
    c.MovePlace: FACILITATOR,
    c.AddPlace: FACILITATOR,
    c.RemovePlace: FACILITATOR,
    c.SetQueueMode: FACILITATOR,
    c.SetAsking: FACILITATOR,
    c.UndoLast: FACILITATOR,
    c.RaiseBreakSignal: MEMBER | CARE,
    c.SettleBreakSignal: MEMBER | CARE,
    c.SeeBreakSignal: CARE,
    c.AnswerBreakSignal: CARE,
    c.SettleBreakSignalFor: FACILITATOR,
    c.ChooseVanishPlan: MEMBER,
    c.GoOnDuty: SUPPORTER,
    c.GoOffDuty: SUPPORTER,
    c.RequestBreakout: MEMBER,
    c.WithdrawBreakout: MEMBER,
    c.AcceptBreakout: MEMBER,
    c.OfferBreakout: CARE,
    c.ClaimBreakout: CARE,
    c.UnclaimBreakout: CARE,
    c.FinishBreakout: MEMBER | CARE,
    c.MoveIntoRoom: FACILITATOR,
    c.GiveUpRoom: MEMBER | CARE,
    c.PassToTech: CARE,
    c.OpenTicket: ANYONE,
    c.WithdrawTicket: ANYONE,
    c.MarkStepDone: ANYONE,
    c.ConfirmTicket: ANYONE,
    c.CallMe: ANYONE,
    c.ShareFacts: ANYONE,
    c.OpenTicketFor: FACILITATOR,
    c.TakeTicket: HELPER,
    c.UntakeTicket: HELPER,
    c.HandTicketOver: HELPER,
    c.SendStep: HELPER,
    c.AskIfSolved: HELPER,
    c.PassToCare: HELPER,
    c.OpenDoors: FACILITATOR | THE_HOUSE,  # the organiser opens them before anybody is there
    c.StartSession: FACILITATOR,
    c.PauseRoom: FACILITATOR,
    c.ResumeRoom: FACILITATOR,
    c.BeginEnding: FACILITATOR,
    c.CloseSession: FACILITATOR,
    c.AdmitSeat: FACILITATOR,
    c.AdmitAll: FACILITATOR,
    c.NotNow: FACILITATOR,
    c.MessageDoor: FACILITATOR,
    c.AddPhoneSeat: FACILITATOR,
    c.LetInByVoice: FACILITATOR,
    c.RefuseVoice: FACILITATOR,
    c.SettleDevice: FACILITATOR,
    c.SeeWrongPasscodes: FACILITATOR,
    c.RemoveSeat: FACILITATOR,
    c.LeaveSession: ANYONE,
    c.ChooseHow: MEMBER,
    c.ChooseLanguage: ANYONE,
    c.NoteCaller: FACILITATOR,
    c.NoteHand: FACILITATOR,
    c.MatchCaller: FACILITATOR,
    c.IgnoreCaller: FACILITATOR,
    c.WriteNote: STAFF,
    c.GoToPart: FACILITATOR,
    c.SharePrompt: FACILITATOR,
    c.StartActivity: FACILITATOR,
    c.StepActivity: FACILITATOR,
    c.StopSharing: FACILITATOR,
    c.ExpectSeat: THE_HOUSE,
    c.NotePlan: THE_HOUSE,
    c.Arrive: THE_HOUSE,
    c.KnockByVoice: THE_HOUSE,
    c.OpenTicketAtDoor: THE_HOUSE,
    c.NoteWrongPasscode: THE_HOUSE,
    c.ForgetDevices: THE_HOUSE,
    c.NoticeCaller: THE_HOUSE,
    c.NoticeDrop: THE_HOUSE,
    c.NoticeReturn: THE_HOUSE,
    c.ForgetSeat: THE_HOUSE,
    c.LetTimePass: THE_HOUSE,
}

# From the waiting room a person may ask for a human or for help and may leave; the room itself is for those let in.
FROM_THE_WAITING_ROOM = frozenset(
    {
        c.RaiseBreakSignal,
        c.SettleBreakSignal,
        c.ChooseVanishPlan,
        c.OpenTicket,
        c.WithdrawTicket,
        c.MarkStepDone,
        c.ConfirmTicket,
        c.CallMe,
        c.ShareFacts,
        c.LeaveSession,
        c.ChooseHow,
        c.ChooseLanguage,
    }
)


def check(command: Command, seat: Seat) -> None:
    """Refuse what this seat may not ask for, from its role and from where it stands."""
    kind = type(command)
    if seat.role not in MAY.get(kind, frozenset()):
        raise Refused("not_yours_to_do")
    if seat.id == SYSTEM:
        return
    if seat.state in ("expected", "left"):
        raise Refused("no_access")
    if seat.state == "waiting" and kind not in FROM_THE_WAITING_ROOM:
        raise Refused("not_in_the_room_yet")
