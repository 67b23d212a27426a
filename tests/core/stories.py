"""What people do on an evening, as stories: a list of (who, what), each told to its end or broken off anywhere.

What is a command, a function that makes one of the session it finds (where the id of a request or the number of the
turn is needed), or "a note": a note on the place that she has already.
"""

from datetime import timedelta

from companion.core import commands as c
from companion.core.model import SYSTEM, GroupRules
from tests.core.builders import AGENDA, CLOCK, PROMPTS, SEVEN, a_session, arrived, press, request_of, ticket_of

ME = "wren"


def evening(others_see="line"):
    """Wren, Ash and Fern are in the room, Moss waits at the door; two of every kind of staff are there."""
    CLOCK.set_back()
    rules = GroupRules(others_see=others_see, call_rooms=True, usual_wait_minutes=2, agenda=AGENDA, prompts=PROMPTS)
    state = a_session(
        ["Wren", "Ash", "Fern"], facilitators=["Noor"], supporters=["Pia", "Lux"], helpers=["Kit", "Bo"], rules=rules
    )
    return arrived(press(state, c.ExpectSeat("moss", "member", "Moss"), SYSTEM), "Moss")


def about_request(command, alias):
    return lambda state: command(request_of(state, alias))


def about_ticket(command, alias, **more):
    return lambda state: command(ticket_of(state, alias), **more)


def of_this_turn(command, **more):
    return lambda state: command(turn=state.queue.turn, **more)


def care_for(alias, supporter, host):
    """Stories of all that is private between somebody and the care desk; any of them may break off anywhere."""
    seat = alias.lower()
    claim, unclaim = (about_request(command, alias) for command in (c.ClaimBreakout, c.UnclaimBreakout))
    return [
        [(seat, c.RaiseBreakSignal("few_minutes", 1)), (host, c.SettleBreakSignalFor(seat))],
        [
            (seat, c.RaiseBreakSignal("check_on_me")),
            (supporter, c.SeeBreakSignal(seat)),
            (supporter, c.AnswerBreakSignal(seat, "talk_one_to_one")),
            (seat, c.RaiseBreakSignal("check_on_me")),
        ],
        [
            (seat, c.RaiseBreakSignal("cannot_talk", 5)),
            (host, c.SeeBreakSignal(seat)),
            (host, c.AnswerBreakSignal(seat, "stay_quiet")),
            (seat, c.SettleBreakSignal()),
        ],
        [(seat, c.ChooseVanishPlan("call_me"))],
        [(seat, c.RequestBreakout()), (supporter, claim), (supporter, unclaim)],
        [
            (seat, c.RequestBreakout(supporter)),
            (supporter, claim),
            (seat, c.AcceptBreakout()),
            (supporter, c.FinishBreakout()),
        ],
        [(seat, c.RequestBreakout(host)), (host, claim), (seat, c.AcceptBreakout()), (seat, c.FinishBreakout())],
        [(seat, c.RequestBreakout()), (supporter, claim), (seat, c.WithdrawBreakout())],
        [(host, c.OfferBreakout(seat)), (seat, c.RequestBreakout(supporter)), (seat, c.WithdrawBreakout())],
        [(supporter, c.OfferBreakout(seat)), (seat, c.AcceptBreakout()), (seat, c.FinishBreakout())],
        [
            (seat, c.RequestBreakout(host)),
            (host, claim),
            (seat, c.AcceptBreakout()),
            (host, about_request(c.MoveIntoRoom, alias)),
            (seat, about_request(c.GiveUpRoom, alias)),
        ],
        [
            (SYSTEM, c.NoticeCaller("p1", "waiting", "", "a name", SEVEN)),
            (SYSTEM, c.NoticeCaller("p1", "call", "", "a name", SEVEN + timedelta(minutes=1))),
            (host, c.MatchCaller("p1", seat)),
            (SYSTEM, c.NoticeCaller("p1", "gone", "", "", SEVEN + timedelta(minutes=2))),
        ],
        [(SYSTEM, c.NoticeCaller("p2", "call", "", "a name", SEVEN)), (host, c.IgnoreCaller("p2"))],
        [(supporter, c.WriteNote("care", "a word about her"))],
    ]


def tech_for(alias, helper):
    """Stories of all that is private between somebody and the tech desk."""
    seat = alias.lower()
    take, untake, ask = (about_ticket(command, alias) for command in (c.TakeTicket, c.UntakeTicket, c.AskIfSolved))
    return [
        [
            (seat, c.OpenTicket("cannot_hear", "words")),
            (seat, c.ShareFacts("Firefox 128", 900, 4, "2g", 11)),
            (helper, take),
            (helper, about_ticket(c.SendStep, alias, step="rejoin")),
            (seat, c.MarkStepDone("rejoin")),
            (helper, ask),
            (seat, c.ConfirmTicket(works=False)),
            (helper, take),
            (helper, ask),
            (seat, c.ConfirmTicket(works=True)),
        ],
        [(seat, c.OpenTicket("something_else")), (helper, take), (helper, untake)],
        [
            ("sol", c.OpenTicketFor(seat, "no_picture")),
            (helper, take),
            (seat, c.CallMe("01632 960001")),
            (helper, about_ticket(c.HandTicketOver, alias, note="tried it all")),
            (seat, c.WithdrawTicket()),
        ],
        [(helper, c.WriteNote("tech", "a word about her"))],
    ]


def passed_on(alias, supporter, helper):
    seat, there, back = alias.lower(), about_ticket(c.PassToCare, alias), about_request(c.PassToTech, alias)
    return [
        [(seat, c.OpenTicket("something_else")), (helper, there), (supporter, back)],
        [(seat, c.RequestBreakout()), (supporter, back), (helper, there)],
    ]


CARE = care_for("Wren", "pia", "sol")
PRIVATE = [
    *CARE,
    *tech_for("Wren", "kit"),
    *passed_on("Wren", "pia", "kit"),
    [(ME, c.ChooseHow("text")), (ME, c.ChooseLanguage("cy"))],
    [(ME, "a note")],
    [(SYSTEM, c.NoticeDrop(ME)), (SYSTEM, c.NoticeReturn(ME))],
    *([(SYSTEM, c.Arrive(ME, "tablet", "Wren")), ("sol", c.SettleDevice(ME, "tablet", k))] for k in ("both", "new")),
    [(SYSTEM, c.Arrive(ME, "tablet", "Wren")), ("sol", c.SettleDevice(ME, "tablet", "old"))],
    [(SYSTEM, c.NoteWrongPasscode(ME)), (SYSTEM, c.NoteWrongPasscode(ME)), ("sol", c.SeeWrongPasscodes(ME))],
    [(SYSTEM, c.NoteWrongPasscode(ME)), (SYSTEM, c.ForgetDevices(ME)), (SYSTEM, c.Arrive(ME, "new-phone", "Wren"))],
    *([(SYSTEM, c.KnockByVoice(ME, "door", "42")), ("sol", k(ME, "door"))] for k in (c.LetInByVoice, c.RefuseVoice)),
]
PUBLIC = [
    *((by, c.RequestTurn(reply)) for by in ("wren", "ash", "fern") for reply in (False, True)),
    *((by, command) for by in ("wren", "ash", "fern") for command in (c.WithdrawTurn(), c.NotYet(), c.PassTurn())),
    *((by, of_this_turn(c.FinishTurn)) for by in ("wren", "ash", "sol")),
    *(("sol", of_this_turn(c.InviteToSpeak, seat=seat)) for seat in ("wren", "ash", "fern", "noor")),
    ("sol", of_this_turn(c.PutBackFirst)),
    *(("sol", c.MovePlace(seat, way)) for seat in ("wren", "ash") for way in ("up", "down")),
    *(("sol", command) for command in (c.AddPlace("fern"), c.RemovePlace("ash"), c.UndoLast(), c.UndoLast())),
    *(("noor", c.SetQueueMode(mode)) for mode in ("as_asked", "quieter_first", "go_round")),
    *(("noor", c.SetAsking(asking)) for asking in ("open", "last_turns")),
    *(("sol", command) for command in (c.PauseRoom(), c.ResumeRoom(), c.GoToPart(1), c.SharePrompt(1))),
    *(("sol", command) for command in (c.AdmitSeat("moss"), c.MessageDoor("moss", "soon"), c.AddPhoneSeat("Ivy"))),
    *((by, command) for by in ("pia", "lux") for command in (c.GoOffDuty(), c.GoOnDuty())),
    *(("fern", command) for command in (c.LeaveSession(), c.ChooseLanguage("cy"))),
    *((SYSTEM, command) for command in (c.NoticeDrop("ash"), c.NoticeReturn("ash"))),
]
# The others have private affairs too, the same on both evenings, with colleagues of their own.
ASHS = [*care_for("Ash", "lux", "noor"), *tech_for("Ash", "bo"), *passed_on("Ash", "lux", "bo")]
SHARED = [*([act] for act in PUBLIC), *ASHS]
