"""What the line leaves behind, and what another member could learn of it: nothing."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from companion.core.values import replace
from companion.core.views import panel_for
from companion.records import Access, Invite, LineCaller, LinePin, LineTry
from companion.service import (
    closing,
    retention,
)
from tests.service.by_line import HERS, wrong


def test_all_that_is_known_of_callers_goes_with_the_live_session(inside):
    inside.text(inside.digits)
    inside.call(wrong(inside.digits), call="two")
    inside.close()
    inside.world.clock.turn(hours=2)

    closing.destroy(inside.world.deps, inside.world.session.id)

    assert inside.world.store.shelf(LineCaller).find() == []
    assert inside.world.store.shelf(LineTry).find() == []
    assert len(inside.world.store.shelf(LinePin).find()) == 1


def test_retention_clears_away_what_a_crash_left(inside):
    inside.call(wrong(inside.digits), call="two")
    inside.world.clock.now += timedelta(days=2)

    retention.tidy(inside.world.deps)

    assert inside.world.store.shelf(LineCaller).find() == []
    assert inside.world.store.shelf(LineTry).find() == []


def test_no_number_no_call_and_no_digits_are_kept_or_logged(inside, caplog):
    caplog.set_level(logging.DEBUG)
    inside.text(inside.digits)
    inside.text("speak")
    inside.call(wrong(inside.digits), call="CA-secret", number="+442079460777")

    kept = [inside.world.store.shelf(kind).find() for kind in (LinePin, LineCaller, LineTry, Invite, Access)]
    everything = repr([kept, inside.world.store._live, inside.world.store._taps]) + caplog.text

    secrets = (HERS, HERS[3:], "2079460777", inside.digits, wrong(inside.digits), "CA-secret")
    assert [secret for secret in secrets if secret in everything] == []


class Frames:
    """Implements deps.Panels: what each seat was sent."""

    def __init__(self):
        self.sent = []

    def send(self, after, changes):
        self.sent += [(seat, dict(regions)) for seat, regions in changes.items()]


@pytest.mark.parametrize("key", ["2", "3", "0", "7", ""])
def test_another_member_is_sent_nothing_whatever_private_she_presses(inside, key):
    if key == "0":
        inside.call("2", 2)
    frames, ash = Frames(), inside.ash.invite.seat_id
    inside.world.deps = replace(inside.world.deps, panels=frames)
    before = panel_for(inside.world.live(), ash)

    inside.call(key, 3, keys=1)
    inside.text(inside.digits)
    inside.text("break")

    assert panel_for(inside.world.live(), ash) == before
    assert [seat for seat, _ in frames.sent if seat == ash] == []
    if key in ("2", "3"):
        assert {seat for seat, _ in frames.sent} == {inside.host.invite.seat_id, inside.at}


def test_another_member_is_sent_nothing_when_she_comes_to_the_door(evening):
    frames, ash = Frames(), evening.ash.invite.seat_id
    evening.world.deps = replace(evening.world.deps, panels=frames)
    before = panel_for(evening.world.live(), ash)

    evening.call(evening.digits)

    assert panel_for(evening.world.live(), ash) == before
    assert evening.host.invite.seat_id in {seat for seat, _ in frames.sent}
    assert ash not in {seat for seat, _ in frames.sent}
