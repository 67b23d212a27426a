"""What tests of the doors begin with."""

from companion.core import commands as c
from companion.core.model import SYSTEM
from tests.core.builders import (
    a_session,
    arrived,
    panel,
    press,
)


def evening(**more):
    return a_session(["Wren", "Ash"], supporters=["Pia"], helpers=["Kit"], **more)


def expected(state, *aliases, role="member"):
    for alias in aliases:
        state = press(state, c.ExpectSeat(alias.lower(), role, alias, first_time=True), SYSTEM)
    return state


def knocking(*aliases):
    state = expected(evening(), *aliases)
    for alias in aliases:
        state = arrived(state, alias)
    return state


def door(state, alias="Sol"):
    return panel(state, alias)["door"]


def alerts(state):
    return [(alert.kind, alert.alias) for alert in panel(state, "Sol")["now"].alerts]
