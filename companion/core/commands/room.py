"""What may be asked of the room around the turns: doors, phases, seats, notes and agenda."""

from typing import Annotated

from companion.core.commands.base import Command
from companion.core.fields import Activity, DoorMessage, Flag, Id, Keep, choice, text, whole
from companion.core.model import Desk, TakesPart


class OpenDoors(Command, frozen=True):
    """People may arrive; the waiting room fills."""


class StartSession(Command, frozen=True):
    """The meeting begins."""


class PauseRoom(Command, frozen=True):
    """Everyone takes a short pause; the queue freezes."""


class ResumeRoom(Command, frozen=True):
    """The pause is over."""


class BeginEnding(Command, frozen=True):
    """The last part of the evening; ``confirmed`` after being told who is out or waiting."""

    confirmed: Flag = False


class CloseSession(Command, frozen=True):
    """The session is over: everybody's access ends and the live data is destroyed within a minute."""

    confirmed: Flag = False


class AdmitSeat(Command, frozen=True):
    """Let one person in."""

    seat: Id


class AdmitAll(Command, frozen=True):
    """Let everybody in who was invited and waits, but for those told "not now"."""


class NotNow(Command, frozen=True):
    """Not now: she stays in the waiting room and is told so kindly."""

    seat: Id


class MessageDoor(Command, frozen=True):
    """A short worded message to one person in the waiting room."""

    seat: Id
    message: Annotated[str, choice(DoorMessage)]


class AddPhoneSeat(Command, frozen=True):
    """Seat somebody who has only a telephone; a facilitator runs her seat."""

    alias: Annotated[str, text(40, needed=True)]


class LetInByVoice(Command, frozen=True):
    """The number she said aloud is the number on this panel: let that browser in without a passcode."""

    seat: Id
    device: Id


class RefuseVoice(Command, frozen=True):
    """I do not know this voice: that browser stays out."""

    seat: Id
    device: Id


class SettleDevice(Command, frozen=True):
    """A second device: keep both, only the new one, or only the old one."""

    seat: Id
    device: Id
    keep: Annotated[str, choice(Keep)]


class SeeWrongPasscodes(Command, frozen=True):
    """I know of the wrong passcodes at her link, and ask her."""

    seat: Id


class RemoveSeat(Command, frozen=True):
    """Take somebody out of the session, with no way back in tonight."""

    seat: Id


class LeaveSession(Command, frozen=True):
    """I leave, quietly; my access ends."""


class ChooseHow(Command, frozen=True):
    """How I take part just now: video, audio, text or phone."""

    how: Annotated[str, choice(TakesPart)]


class ChooseLanguage(Command, frozen=True):
    """The language of my own pages."""

    language: Annotated[str, text(12, needed=True)]


class WriteNote(Command, frozen=True):
    """A short note to the colleagues of one desk."""

    desk: Annotated[str, choice(Desk)]
    words: Annotated[str, text(280, needed=True)]


class GoToPart(Command, frozen=True):
    """Go to a part of the evening, forwards or back."""

    part: Annotated[int, whole(0, 50)]


class SharePrompt(Command, frozen=True):
    """Show everyone one of the group's prompts."""

    prompt: Annotated[int, whole(0, 500)]


class StartActivity(Command, frozen=True):
    """Show everyone the first step of a guided activity."""

    activity: Annotated[str, choice(Activity)]


class StepActivity(Command, frozen=True):
    """Go to a step of the activity that is shown."""

    step: Annotated[int, whole(0, 50)]


class StopSharing(Command, frozen=True):
    """Take the prompt or activity off everyone's page."""
