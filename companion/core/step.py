"""The one door: a session, a command, who asks and when, and out comes the new session. Nothing outside is touched."""

from __future__ import annotations

from datetime import datetime

from companion.core import commands as c
from companion.core import permissions
from companion.core.commands import Command
from companion.core.context import Act, Outcome
from companion.core.dispatch import ACTS
from companion.core.model import SYSTEM, Seat, SessionState
from companion.core.refusals import Refused

THE_HOUSE = Seat(SYSTEM, SYSTEM, "", state="seated")

BEFORE_THE_DOORS = (
    c.OpenDoors,
    c.ExpectSeat,
    c.Arrive,
    c.LeaveSession,
    c.ChooseLanguage,
    c.KnockByVoice,
    c.LetInByVoice,
    c.RefuseVoice,
    c.SettleDevice,
    c.NoteWrongPasscode,
    c.SeeWrongPasscodes,
    c.ForgetDevices,
    c.NotePlan,
    c.NoticeDrop,
    c.NoticeReturn,
    c.NoticeCaller,
    c.NoteCaller,
    c.NoteHand,
    c.MatchCaller,
    c.IgnoreCaller,
    c.ForgetSeat,
    c.LetTimePass,
    c.WriteNote,
)
AFTER_CLOSING = (c.NoticeDrop, c.NoticeReturn, c.ForgetSeat, c.LetTimePass)


def step(state: SessionState, command: Command, *, by: str, at: datetime, fresh: str) -> Outcome:
    """What ``command`` by seat ``by`` at server time ``at`` leads to.

    ``fresh`` is an unguessable id for whatever the command makes. Raises Refused with the reason; the state is a value,
    so a refusal leaves it as it was.
    """
    seat = THE_HOUSE if by == SYSTEM else state.seat(by)
    permissions.check(command, seat)
    _check_phase(state, command)
    outcome = ACTS[type(command)](state, Act(seat, at, fresh), command)
    return outcome if isinstance(outcome, Outcome) else Outcome(outcome)


def _check_phase(state: SessionState, command: Command) -> None:
    if state.phase == "closed" and not isinstance(command, AFTER_CLOSING):
        raise Refused("session_closed")
    if state.phase == "planned" and not isinstance(command, BEFORE_THE_DOORS):
        raise Refused("session_not_open")
