"""Sessions at many moments of an evening, made with the core's own step, for whatever draws or reads panels."""

from datetime import UTC, datetime, timedelta

from companion.core import commands as c
from companion.core.model import SYSTEM, AgendaPart, GroupRules, SessionState
from companion.core.step import step
from companion.core.values import replace

START = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
RULES = GroupRules(
    others_see="line",
    turn_seconds=180,
    usual_wait_minutes=2,
    safeguarded=True,
    agenda=(AgendaPart("Arriving", 10), AgendaPart("Sharing", 40), AgendaPart("A kind end")),
    prompts=("What helped you this week?", "What would you tell your younger self?"),
)
STAFF = (("sol", "facilitator"), ("mo", "facilitator"), ("ivy", "peer_supporter"), ("kit", "tech_helper"))
MEMBERS = ("wren", "ash", "rowan", "hazel", "linden", "fern")
SEAT_OF = {"member": "wren", "facilitator": "sol", "peer_supporter": "ivy", "tech_helper": "kit"}


class Evening:
    """One session that goes on, a little later with each act."""

    def __init__(self, rules: GroupRules = RULES) -> None:
        self.state = SessionState("evening", rules)
        self.at = START
        self.acts = 0

    def do(self, who: str, command: c.Command, seconds: int = 5) -> "Evening":
        self.at += timedelta(seconds=seconds)
        self.acts += 1
        self.state = step(self.state, command, by=who, at=self.at, fresh=f"id{self.acts}").state
        return self

    def later(self, seconds: int) -> "Evening":
        return self.do(SYSTEM, c.LetTimePass(), seconds)

    def arrive(self, who: str, device: str = "") -> "Evening":
        number = 1 + sum(map(ord, who)) % 24
        return self.do(SYSTEM, c.Arrive(who, device or f"{who}-phone", who.title(), number))


def planned() -> Evening:
    evening = Evening()
    for who, role in (*STAFF, *((member, "member") for member in MEMBERS)):
        evening.do(SYSTEM, c.ExpectSeat(who, role, who.title(), first_time=who == "fern", has_phone=who != "ash"))
    return evening.arrive("sol")


def doors_open() -> Evening:
    evening = planned().do("sol", c.OpenDoors())
    for who in ("mo", "ivy", "kit", *MEMBERS[:5]):
        evening.arrive(who)
    return evening


def started() -> Evening:
    evening = doors_open().do("sol", c.AdmitAll()).do("sol", c.StartSession()).do("sol", c.GoToPart(1))
    return evening.do("sol", c.AddPhoneSeat("Birch"))


def in_line() -> Evening:
    evening = started().do("ash", c.RequestTurn()).do("wren", c.RequestTurn(note="About last week"))
    evening.do("hazel", c.RequestTurn()).do("sol", c.StartNextTurn(0))
    return evening.do("linden", c.RequestTurn(reply=True))


def busy() -> Evening:
    """As much at once as an evening may hold."""
    evening = in_line().do("ivy", c.GoOnDuty())
    evening.do("wren", c.RaiseBreakSignal("check_on_me", 5)).do("sol", c.SeeBreakSignal("wren"))
    evening.do("mo", c.AnswerBreakSignal("wren", "here_for_you"))
    evening.do("rowan", c.RaiseBreakSignal("cannot_talk")).do("hazel", c.RaiseBreakSignal("few_minutes", 1))
    evening.do("linden", c.RaiseBreakSignal("check_on_me"))
    evening.do("wren", c.RequestBreakout(None)).do("rowan", c.RequestBreakout("ivy")).do("sol", c.OfferBreakout("ash"))
    evening.do("wren", c.OpenTicket("no_picture", "only black")).do("kit", c.TakeTicket(evening.state.tickets[0].id))
    ticket = evening.state.tickets[0].id
    evening.do("kit", c.SendStep(ticket, "rejoin")).do("wren", c.MarkStepDone("rejoin"))
    evening.do("kit", c.SendStep(ticket, "camera_off"))
    evening.do("wren", c.ShareFacts("Chrome 80, Android", 420, 3, "3g", 41)).do("wren", c.CallMe("07700 900123"))
    evening.do("hazel", c.OpenTicket("cannot_hear"))
    evening.do(SYSTEM, c.KnockByVoice("fern", "fern-old", "42")).arrive("fern").arrive("ash", "ash-laptop")
    evening.do("sol", c.MessageDoor("fern", "two_minutes"))
    evening.do("mo", c.WriteNote("care", "I look after Wren.")).do(
        "kit", c.WriteNote("tech", "The call is slow today.")
    )
    evening.do("sol", c.StartActivity("breathing")).do(SYSTEM, c.NoticeDrop("linden"))
    evening.do(SYSTEM, c.NoteWrongPasscode("rowan")).do(SYSTEM, c.NoteWrongPasscode("rowan"))
    return evening.later(70)


def moments() -> dict[str, SessionState]:
    """Every kind of moment, by name."""
    made = {make.__name__: make() for make in (planned, doors_open, started, in_line, busy)}
    made["waiting_kindly"] = doors_open().do("sol", c.NotNow("wren"))
    made["waiting_told"] = doors_open().do("sol", c.MessageDoor("wren", "please_call"))
    made["my_turn"] = in_line().do("sol", c.StartNextTurn(1)).do("sol", c.StartNextTurn(2))
    made["interrupted"] = in_line().do("sol", c.InviteToSpeak("wren", 1)).do("sol", c.PutBackFirst(2))
    made["go_round"] = in_line().do("sol", c.SetQueueMode("go_round"))
    made["quieter_first"] = (
        in_line().do("sol", c.SetQueueMode("quieter_first")).do("sol", c.FinishTurn(1)).do("ash", c.RequestTurn())
    )
    made["quieter_first"].do("sol", c.MovePlace("ash", "up"), 60).do("sol", c.MovePlace("ash", "up"))
    made["quieter_first"].do("sol", c.MovePlace("ash", "up"))
    made["asking_paused"] = started().do("sol", c.SetAsking("paused"))
    made["last_turns"] = started().do("sol", c.SetAsking("last_turns"))
    made["paused"] = in_line().do("sol", c.PauseRoom())
    made["prompt"] = started().do("sol", c.SharePrompt(1))
    made["offered"] = started().do("ivy", c.GoOnDuty()).do("ivy", c.OfferBreakout("wren"))
    asked = started().do("ivy", c.GoOnDuty()).do("wren", c.RequestBreakout("ivy"))
    made["asked"] = asked
    made["claimed"] = _claimed()
    made["together"] = _claimed().do("wren", c.AcceptBreakout())
    made["together_long"] = _claimed().do("wren", c.AcceptBreakout()).later(1000)
    made["off_duty"] = (
        started().do("ivy", c.GoOnDuty()).do("wren", c.RequestBreakout("ivy")).do("ivy", c.GoOffDuty()).later(70)
    )
    made["few_minutes"] = started().do("wren", c.RaiseBreakSignal("few_minutes", 5))
    made["overdue"] = started().do("wren", c.RaiseBreakSignal("few_minutes", 1)).later(120)
    made["vanished"] = (
        started().do("wren", c.RaiseBreakSignal("cannot_talk")).do(SYSTEM, c.NoticeDrop("wren")).later(30)
    )
    made["ticket_open"] = started().do("wren", c.OpenTicket("something_else", "It hums")).later(70)
    made["ticket_confirming"] = _confirming()
    made["passed_on"] = _passed_on()
    made["someone_left"] = in_line().do("ash", c.LeaveSession()).do("wren", c.LeaveSession())
    made["ending"] = busy().do("sol", c.BeginEnding(confirmed=True))
    made["closed"] = busy().do("sol", c.BeginEnding(confirmed=True)).do("sol", c.CloseSession(confirmed=True))
    states = {name: evening.state for name, evening in made.items()}
    states["nothing_agreed"] = replace(in_line().state, rules=GroupRules(others_see="nothing", safeguarded=True))
    return states


def _claimed() -> Evening:
    evening = started().do("ivy", c.GoOnDuty()).do("wren", c.RequestBreakout(None))
    return evening.do("ivy", c.ClaimBreakout(evening.state.breakouts[0].id))


def _confirming() -> Evening:
    evening = started().do("wren", c.OpenTicket("cannot_hear"))
    ticket = evening.state.tickets[0].id
    return evening.do("kit", c.TakeTicket(ticket)).do("kit", c.AskIfSolved(ticket))


def _passed_on() -> Evening:
    evening = started().do("ivy", c.GoOnDuty()).do("wren", c.OpenTicket("something_else", "I feel low"))
    return evening.do("kit", c.PassToCare(evening.state.tickets[0].id))
