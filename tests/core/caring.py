"""What tests of one-to-ones begin with."""

from companion.core import commands as c
from tests.core.builders import (
    a_session,
    panel,
    press,
    request_of,
)


def evening(**more):
    return a_session(["Wren", "Ash"], supporters=["Pia", "Lux"], helpers=["Kit"], **more)


def asked(state=None, wanted=None, by="Wren"):
    return press(state or evening(), c.RequestBreakout(wanted), by)


def claimed(state=None, by="Pia", member="Wren"):
    state = state or asked()
    return press(state, c.ClaimBreakout(request_of(state, member)), by)


def hers(state, alias="Wren"):
    return panel(state, alias)["one_to_one"]


def desk(state, alias):
    return [(request.alias, request.state) for request in panel(state, alias)["one_to_ones"].requests]
