"""One contract for every platform whose calls are planned ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from companion.core.values import replace
from companion.ports import Attendee, CallDown, CallPlan, Planner
from integrations.bigbluebutton.fake import FakeBigBlueButton
from integrations.careful import PAUSE, Breaker, around
from integrations.jitsi.fake import FakeJitsi
from integrations.zoom.fake import FakeZoom
from tests.integrations.zoom_place import at_a_server
from tests.integrations.zoom_server import NOW, ZoomServer

PLAN = CallPlan("k7tuesday", NOW + timedelta(days=1), 90)
WREN, ASH = Attendee("r7wren", "Wren"), Attendee("r7ash", "Ash", leads=True)


@pytest.fixture(params=["fake zoom", "zoom", "careful fake zoom", "careful zoom"])
def place(request):
    """What plans, and how its host begins a call."""
    server = ZoomServer()
    fake = FakeZoom()
    planner, begin = (fake, fake.begin) if "fake" in request.param else (at_a_server(server), server.begin)
    yield (around(planner, Breaker()) if "careful" in request.param else planner), begin
    server.close()


def test_it_is_a_planner_and_those_who_plan_nothing_are_none(place):
    assert isinstance(place[0], Planner)
    for other in (FakeJitsi(), FakeBigBlueButton()):
        assert not isinstance(other, Planner)
        assert not isinstance(around(other, Breaker()), Planner)


def test_the_same_key_is_the_same_call_and_another_is_another(place):
    planner, _ = place
    first = planner.make(PLAN, NOW)

    assert planner.make(PLAN, NOW) == first
    assert planner.make(replace(PLAN, key="k7wednesday"), NOW) != first


def test_a_call_that_should_have_begun_is_found_again_too(place):
    planner, _ = place
    first = planner.make(replace(PLAN, starts_at=NOW - timedelta(minutes=10)), NOW)

    assert planner.make(PLAN, NOW) == first


def test_a_call_that_is_moved_keeps_its_key_and_its_people(place):
    planner, _ = place
    ref = planner.make(PLAN, NOW)
    hers = planner.register(ref, WREN, NOW)

    planner.change(ref, replace(PLAN, starts_at=NOW + timedelta(days=8), minutes=60), NOW)

    assert planner.make(PLAN, NOW) == ref
    assert planner.register(ref, WREN, NOW) == hers


def test_each_person_has_a_place_and_an_https_address_of_her_own(place):
    planner, _ = place
    ref = planner.make(PLAN, NOW)

    hers, his = (planner.register(ref, who, NOW) for who in (WREN, ASH))

    assert hers.ref and his.ref and hers.ref != his.ref
    assert hers.url.startswith("https://") and hers.url != his.url


def test_the_host_can_begin_until_somebody_has(place):
    planner, begin = place
    ref = planner.make(PLAN, NOW)

    before = planner.host_entry(ref, NOW)
    begin(ref)

    assert before.url.startswith("https://") and before.expires_at == NOW + timedelta(hours=2)
    assert planner.host_entry(ref, NOW) is None


def test_stopping_twice_or_what_never_began_or_is_gone_is_no_trouble(place):
    planner, begin = place
    ref = planner.make(PLAN, NOW)
    planner.stop(ref, NOW)
    begin(ref)

    planner.stop(ref, NOW)
    planner.stop(ref, NOW)
    planner.stop("85999999999", NOW)


@pytest.mark.parametrize("begun", [False, True])
def test_what_is_cancelled_is_gone_and_cancelling_twice_is_no_trouble(place, begun):
    planner, begin = place
    ref = planner.make(PLAN, NOW)
    if begun:
        begin(ref)

    planner.cancel(ref, NOW)
    planner.cancel(ref, NOW)

    for ask in (
        lambda: planner.change(ref, PLAN, NOW),
        lambda: planner.register(ref, WREN, NOW),
        lambda: planner.host_entry(ref, NOW),
    ):
        with pytest.raises(CallDown) as down:
            ask()
        assert down.value.trouble == "gone"
    assert planner.make(PLAN, NOW) != ref


@pytest.mark.parametrize(
    "ask",
    [
        lambda planner: planner.make(PLAN, NOW),
        lambda planner: planner.change("1", PLAN, NOW),
        lambda planner: planner.cancel("1", NOW),
        lambda planner: planner.stop("1", NOW),
        lambda planner: planner.register("1", WREN, NOW),
        lambda planner: planner.host_entry("1", NOW),
    ],
)
def test_after_a_failure_nobody_waits_for_a_planner_for_half_a_minute(ask):
    clock, fake = [0.0], FakeZoom()
    careful = around(fake, Breaker(lambda: clock[0]))
    fake.troubles.append(CallDown("away"))
    with pytest.raises(CallDown, match="away"):
        careful.make(PLAN, NOW)

    with pytest.raises(CallDown, match="a moment ago"):
        ask(careful)
    assert fake.calls == {}
    clock[0] += PAUSE + 1
    assert careful.make(PLAN, NOW)


def test_a_no_about_one_call_shuts_nobody_else_out():
    fake = FakeZoom()
    careful = around(fake, Breaker())
    with pytest.raises(CallDown) as down:
        careful.register("85999999999", WREN, NOW)

    assert down.value.trouble == "gone"
    assert careful.make(PLAN, NOW)
