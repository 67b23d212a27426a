"""By which way a link travels, by which other way its passcode, and why somebody cannot be invited just now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from companion.records import Kind, LinkRoute, PasscodeRoute, Person
from companion.service import contact, induction
from companion.service.deps import Deps

LINK_ROUTES: tuple[LinkRoute, ...] = tuple(route for route in get_args(LinkRoute) if route)
PASSCODE_ROUTES: tuple[PasscodeRoute, ...] = tuple(route for route in get_args(PasscodeRoute) if route)
KIND: dict[str, Kind] = {"email": "mail", "text": "text"}
BY_HAND = ("paper", "copied", "aloud")


class CannotSend(Exception):
    """It may not go to her, or not this way; ``reason`` says why not."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Routes:
    """How the link travels, and how the passcode does."""

    link: LinkRoute
    passcode: PasscodeRoute

    @property
    def letters(self) -> bool:
        """Whether any of the two goes by a letter of ours."""
        return self.link in KIND or self.passcode in KIND


def suggested(deps: Deps, person: Person, at: datetime) -> Routes:
    """The pair that her safe-contact record suggests: first by the way she named, then by another; the rest by hand."""
    open_ways = [route for route in _own_first(person) if not why_not_by(deps, person, route, at)]
    if not open_ways:
        return Routes("copied" if person.contact.channel == "none" else "paper", "aloud")
    link: LinkRoute = "text" if open_ways[0] == "text" else "email"
    other: PasscodeRoute = "text" if link == "email" else "email"
    return Routes(link, other if other in open_ways else "aloud")


def check(deps: Deps, person: Person, routes: Routes, at: datetime) -> None:
    """Whether link and passcode may travel like this. Raises CannotSend."""
    if routes.link not in LINK_ROUTES or routes.passcode not in PASSCODE_ROUTES:
        raise CannotSend("no_route")
    if routes.link == routes.passcode:
        raise CannotSend("same_route")
    for route in (routes.link, routes.passcode):
        reason = why_not(person) or why_not_by(deps, person, route, at)
        if reason:
            raise CannotSend(reason)


def why_not(person: Person) -> str:
    """Why she is not invited at all; empty if she may be."""
    if person.left_at is not None:
        return "left_group"
    return "" if induction.is_done(person) else "not_inducted"


def why_not_by(deps: Deps, person: Person, route: str, at: datetime) -> str:
    """Why nothing goes to her by this way; what a hand gives her needs no address."""
    kind = KIND.get(route)
    if kind is None:
        return ""
    if kind == "text" and not deps.texter.name:
        return "no_texts"
    return contact.may_reach(person, kind, at)


def why_not_in_bulk(deps: Deps, person: Person, at: datetime) -> str:
    """Why she is not invited together with all others: she has to be asked first, or is invited by hand."""
    if reason := why_not(person):
        return reason
    if person.phone_only:
        return "phone_only"
    own = person.contact.channel
    if own in KIND:
        return why_not_by(deps, person, own, at)
    if own == "none":
        return "reach_nobody"
    return contact.may_reach(person, "call" if own == "call" else "post", at)


def _own_first(person: Person) -> tuple[str, ...]:
    return ("text", "email") if person.contact.channel == "text" else ("email", "text")
