"""Who may ask for what: denied unless written down, here a second time and by hand."""

from types import ModuleType

import pytest

from companion.core import commands as c
from companion.core.commands import Command
from companion.core.dispatch import ACTS
from companion.core.model import SYSTEM
from companion.core.parsing import ALL_COMMANDS, INNER_COMMANDS
from companion.core.permissions import FROM_THE_WAITING_ROOM, MAY
from companion.core.refusals import Refused
from tests.core.builders import a_session, arrived, press
from tests.core.given import an_example_of

# Written out again on purpose: a slip in the table of the rules has to be made twice to go unnoticed.
SPEAKING = {c.RequestTurn, c.WithdrawTurn, c.NotYet, c.PassTurn, c.FinishTurn}
OWN_SIGNAL = {c.RaiseBreakSignal, c.SettleBreakSignal}
OWN_TICKET = {c.OpenTicket, c.WithdrawTicket, c.MarkStepDone, c.ConfirmTicket, c.CallMe, c.ShareFacts}
OWN_SEAT = {c.LeaveSession, c.ChooseLanguage}
OWN_ONE_TO_ONE = {c.RequestBreakout, c.WithdrawBreakout, c.AcceptBreakout, c.FinishBreakout, c.GiveUpRoom}
CALL = {c.NoteCaller, c.NoteHand, c.MatchCaller, c.IgnoreCaller}
CARING = {
    c.SeeBreakSignal,
    c.AnswerBreakSignal,
    c.OfferBreakout,
    c.ClaimBreakout,
    c.UnclaimBreakout,
    c.FinishBreakout,
    c.PassToTech,
    c.GiveUpRoom,
}
HELPING = {c.TakeTicket, c.UntakeTicket, c.HandTicketOver, c.SendStep, c.AskIfSolved, c.PassToCare}
HOSTING = {
    *(c.StartNextTurn, c.InviteToSpeak, c.PutBackFirst, c.MovePlace, c.AddPlace, c.RemovePlace),
    *(c.SetQueueMode, c.SetAsking, c.UndoLast, c.SettleBreakSignalFor, c.OpenTicketFor),
    *(c.OpenDoors, c.StartSession, c.PauseRoom, c.ResumeRoom, c.BeginEnding, c.CloseSession),
    *(c.AdmitSeat, c.AdmitAll, c.NotNow, c.MessageDoor, c.AddPhoneSeat, c.LetInByVoice, c.RefuseVoice),
    *(
        c.SettleDevice,
        c.SeeWrongPasscodes,
        c.RemoveSeat,
        c.GoToPart,
        c.SharePrompt,
        c.StartActivity,
        c.StepActivity,
        c.StopSharing,
    ),
}
ALLOWED = {
    "Wren": SPEAKING | OWN_SIGNAL | OWN_TICKET | OWN_SEAT | OWN_ONE_TO_ONE | {c.ChooseVanishPlan, c.ChooseHow},
    "Sol": SPEAKING | OWN_SIGNAL | OWN_TICKET | OWN_SEAT | CARING | HOSTING | CALL | {c.WriteNote, c.MoveIntoRoom},
    "Pia": SPEAKING | OWN_SIGNAL | OWN_TICKET | OWN_SEAT | CARING | {c.GoOnDuty, c.GoOffDuty, c.WriteNote},
    "Kit": OWN_TICKET | OWN_SEAT | HELPING | {c.WriteNote},
    SYSTEM: set(INNER_COMMANDS) | {c.OpenDoors},  # the organiser opens the doors before anybody is there
}
AT_THE_DOOR = OWN_SIGNAL | OWN_TICKET | OWN_SEAT | {c.ChooseVanishPlan, c.ChooseHow}

DENIED = {"not_yours_to_do"}


def answer(state, command, by):
    """The reason of a refusal, or "done"."""
    try:
        press(state, command, by)
    except Refused as no:
        return no.reason
    return "done"


@pytest.fixture(scope="module")
def evening():
    state = a_session(["Wren", "Ash"], supporters=["Pia"], helpers=["Kit"])
    for role, alias in (("member", "Moss"), ("facilitator", "Noor"), ("member", "Lark")):
        state = press(state, c.ExpectSeat(alias.lower(), role, alias), SYSTEM)
    return press(arrived(state, "Moss"), c.LeaveSession(), "Ash")


def test_every_command_has_a_row_in_the_table_of_permissions():
    assert set(MAY) == set(ALL_COMMANDS)


def test_every_command_has_a_function_that_answers_it():
    assert set(ACTS) == set(ALL_COMMANDS)


def test_the_list_of_commands_is_whole():
    modules = [module for module in vars(c).values() if isinstance(module, ModuleType)]
    defined = {value for module in modules for value in vars(module).values() if _is_command(value)}

    assert defined == set(ALL_COMMANDS)


def _is_command(value):
    return isinstance(value, type) and issubclass(value, Command) and value is not Command


@pytest.mark.parametrize("by", ALLOWED)
def test_each_role_may_do_what_is_written_here_and_nothing_else(evening, by):
    example = {c.WriteNote: c.WriteNote("tech", "hello")} if by == "Kit" else {}

    let = {kind for kind in ALL_COMMANDS if answer(evening, example.get(kind) or an_example_of(kind), by) not in DENIED}

    assert let == ALLOWED[by]


@pytest.mark.parametrize("by", ["Lark", "Noor", "Ash"])
def test_somebody_who_has_not_come_or_has_left_may_do_nothing(evening, by):
    answers = {answer(evening, an_example_of(command), by) for command in ALL_COMMANDS}

    assert answers == {"no_access", "not_yours_to_do"}


def test_from_the_waiting_room_one_may_ask_for_a_human_or_for_help_and_leave(evening):
    outside = {*DENIED, "not_in_the_room_yet"}

    assert {kind for kind in ALL_COMMANDS if answer(evening, an_example_of(kind), "Moss") not in outside} == AT_THE_DOOR


def test_the_two_lists_of_the_waiting_room_agree():
    assert set(FROM_THE_WAITING_ROOM) == AT_THE_DOOR


def test_a_stranger_may_do_nothing(evening):
    assert {answer(evening, an_example_of(command), "stranger") for command in ALL_COMMANDS} == {"no_such_seat"}


@pytest.mark.parametrize("by", ["Sol", SYSTEM])
def test_before_the_doors_open_staff_prepare_and_nothing_happens_inside(by):
    state = a_session(phase="planned")
    prepared = {
        *(c.OpenDoors, c.ExpectSeat, c.KnockByVoice, c.LetInByVoice, c.RefuseVoice, c.SettleDevice, c.WriteNote),
        *(c.NoteWrongPasscode, c.SeeWrongPasscodes, c.ForgetDevices),
        *(*CALL, c.NoticeCaller),
        *(c.LeaveSession, c.ChooseLanguage, c.NoticeDrop, c.NoticeReturn, c.LetTimePass, c.NotePlan, c.ForgetSeat),
    }

    refused = {kind for kind in ALLOWED[by] if answer(state, an_example_of(kind), by) == "session_not_open"}

    # For a member, and Wren is one, the doors are closed; staff come in: tests/core/test_doors.py.
    assert refused == ALLOWED[by] - prepared


@pytest.mark.parametrize("by", ["Sol", SYSTEM])
def test_after_closing_nothing_happens_at_all(by):
    state = a_session(phase="closed")

    refused = {kind for kind in ALLOWED[by] if answer(state, an_example_of(kind), by) == "session_closed"}

    assert refused == ALLOWED[by] - {c.NoticeDrop, c.NoticeReturn, c.ForgetSeat, c.LetTimePass}
