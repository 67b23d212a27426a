"""Calendar addresses: made and renewed at the desk, and read by calendar programs that cannot log in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from companion.records import Person
from companion.service import feeds
from companion.web import throttle
from companion.web.organiser_door import Page, ask, keep_to_show, or_say, say, to_show

blueprint = Blueprint("feeds", __name__)
public = Blueprint("feed", __name__)  # outside the door of the desk: the address itself is the key


@blueprint.post("/people/<person_id>/feed")
def renew(person_id: str) -> Page:
    """A new address for her calendar."""
    person = _person(person_id)
    address = or_say(feeds.renew, person_id)
    if not address:
        return redirect(f"/desk/groups/{person.group_id}/dates", 303)
    keep_to_show({"feed": person_id, "address": address})
    return redirect(f"/desk/people/{person_id}/feed", 303)


@blueprint.get("/people/<person_id>/feed")
def show(person_id: str) -> Page:
    """The address, this once."""
    person, kept = _person(person_id), to_show()
    address = kept.get("address", "") if kept.get("feed") == person_id else ""
    return render_template("desk/date_feed.html", person=person, address=address)


@blueprint.post("/people/<person_id>/feed/end")
def forget(person_id: str) -> Page:
    """Her calendar address leads nowhere any more."""
    person = _person(person_id)
    ask(feeds.forget, person_id)
    say("kept")
    return redirect(f"/desk/groups/{person.group_id}/dates", 303)


@public.get("/desk/feed/<token>.ics")
@throttle.limiter.limit(throttle.LOOKS)
def feed(token: str) -> Response:
    """The dates of one facilitator's group, in neutral words. A wrong address looks like any page that is not there."""
    served = ask(feeds.served, token)
    if served is None:
        raise NotFound
    response = Response(served.text, content_type="text/calendar; charset=utf-8")
    response.set_etag(served.mark, weak=True)
    return response.make_conditional(request)


def _person(person_id: str) -> Person:
    found = ask(lambda lean: lean.store.person(person_id))
    if found is None:
        raise NotFound
    return found
