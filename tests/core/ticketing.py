"""What tests of help tickets begin with."""

from companion.core import commands as c
from tests.core.builders import (
    a_session,
    panel,
    press,
    ticket_of,
)

KINDS = [
    "cannot_hear",
    "cannot_be_heard",
    "no_picture",
    "frozen_or_slow",
    "thrown_out",
    "cannot_get_in",
    "something_else",
]


def evening(**more):
    return a_session(["Wren", "Ash"], supporters=["Pia"], helpers=["Kit", "Bo"], **more)


def opened(state=None, kind="cannot_hear", words="", by="Wren"):
    return press(state or evening(), c.OpenTicket(kind, words), by)


def taken(state=None, by="Kit", after=1):
    state = state or opened()
    return press(state, c.TakeTicket(ticket_of(state, "Wren")), by, after)


def confirming(state=None):
    state = state or taken()
    return press(state, c.AskIfSolved(ticket_of(state, "Wren")), "Kit")


def hers(state, alias="Wren"):
    return panel(state, alias)["help"]


def on_desk(state, alias="Kit"):
    return panel(state, alias)["tickets"].tickets


def first_time(state):
    return state.ticket_of("wren").opened_at
