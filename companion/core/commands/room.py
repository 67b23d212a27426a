"""What may be asked of the room around the turns: doors, phases, seats, notes and agenda."""

from __future__ import annotations

from dataclasses import dataclass

from companion.core.commands.base import Command
from companion.core.fields import Activity, DoorMessage, Keep, choice, flag, ref, whole, words
from companion.core.model import Desk, TakesPart


@dataclass(frozen=True, slots=True)
class OpenDoors(Command):
    """People may arrive; the waiting room fills."""


@dataclass(frozen=True, slots=True)
class StartSession(Command):
    """The meeting begins."""


@dataclass(frozen=True, slots=True)
class PauseRoom(Command):
    """Everyone takes a short pause; the queue freezes."""


@dataclass(frozen=True, slots=True)
class ResumeRoom(Command):
    """The pause is over."""


@dataclass(frozen=True, slots=True)
class BeginEnding(Command):
    """The last part of the evening; ``confirmed`` after being told who is out or waiting."""

    confirmed: bool = flag()


@dataclass(frozen=True, slots=True)
class CloseSession(Command):
    """The session is over: everybody's access ends and the live data is destroyed within a minute."""

    confirmed: bool = flag()


@dataclass(frozen=True, slots=True)
class AdmitSeat(Command):
    """Let one person in."""

    seat: str = ref()


@dataclass(frozen=True, slots=True)
class AdmitAll(Command):
    """Let everybody in who was invited and waits, but for those told "not now"."""


@dataclass(frozen=True, slots=True)
class NotNow(Command):
    """Not now: she stays in the waiting room and is told so kindly."""

    seat: str = ref()


@dataclass(frozen=True, slots=True)
class MessageDoor(Command):
    """A short worded message to one person in the waiting room."""

    seat: str = ref()
    message: str = choice(DoorMessage)


@dataclass(frozen=True, slots=True)
class AddPhoneSeat(Command):
    """Seat somebody who has only a telephone; a facilitator runs her seat."""

    alias: str = words(40, needed=True)


@dataclass(frozen=True, slots=True)
class LetInByVoice(Command):
    """The number she said aloud is the number on this panel: let that browser in without a passcode."""

    seat: str = ref()
    device: str = ref()


@dataclass(frozen=True, slots=True)
class RefuseVoice(Command):
    """I do not know this voice: that browser stays out."""

    seat: str = ref()
    device: str = ref()


@dataclass(frozen=True, slots=True)
class SettleDevice(Command):
    """A second device: keep both, only the new one, or only the old one."""

    seat: str = ref()
    device: str = ref()
    keep: str = choice(Keep)


@dataclass(frozen=True, slots=True)
class SeeWrongPasscodes(Command):
    """I know of the wrong passcodes at her link, and ask her."""

    seat: str = ref()


@dataclass(frozen=True, slots=True)
class RemoveSeat(Command):
    """Take somebody out of the session, with no way back in tonight."""

    seat: str = ref()


@dataclass(frozen=True, slots=True)
class LeaveSession(Command):
    """I leave, quietly; my access ends."""


@dataclass(frozen=True, slots=True)
class ChooseHow(Command):
    """How I take part just now: video, audio, text or phone."""

    how: str = choice(TakesPart)


@dataclass(frozen=True, slots=True)
class ChooseLanguage(Command):
    """The language of my own pages."""

    language: str = words(12, needed=True)


@dataclass(frozen=True, slots=True)
class WriteNote(Command):
    """A short note to the colleagues of one desk."""

    desk: str = choice(Desk)
    words: str = words(280, needed=True)


@dataclass(frozen=True, slots=True)
class GoToPart(Command):
    """Go to a part of the evening, forwards or back."""

    part: int = whole(0, 50)


@dataclass(frozen=True, slots=True)
class SharePrompt(Command):
    """Show everyone one of the group's prompts."""

    prompt: int = whole(0, 500)


@dataclass(frozen=True, slots=True)
class StartActivity(Command):
    """Show everyone the first step of a guided activity."""

    activity: str = choice(Activity)


@dataclass(frozen=True, slots=True)
class StepActivity(Command):
    """Go to a step of the activity that is shown."""

    step: int = whole(0, 50)


@dataclass(frozen=True, slots=True)
class StopSharing(Command):
    """Take the prompt or activity off everyone's page."""
