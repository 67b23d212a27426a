"""Ten thousand guesses at one link, from many addresses over many days: what they are worth, and whom they hurt."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from companion.core.commands import AdmitSeat, Arrive, LetInByVoice, RequestTurn, StartSession
from companion.core.model import SYSTEM
from companion.core.refusals import Refused
from companion.core.values import replace
from companion.core.views import panel_for
from companion.records import StandingInvite
from companion.service import alarms, inviting, joining, organising
from companion.service.guesses import Guesses
from companion.service.joining import WrongPasscode
from companion.service.perform import perform
from companion.settings import Settings
from companion.wiring import make_deps
from tests.fakes.series import WEEK, invite_for_all, open_date, weekly
from tests.fakes.world import QuickHasher, SeenPanels, a_world, token_of, wrong_for
from tests.web.conftest import Browser, make_app

GUESSES = 10_000
DIGITS = 10**8
WORTH = 2e-7  # twenty of a hundred million
ADDRESSES = 400


@dataclass
class WatchedPanels(SeenPanels):
    """Remembers which seats were sent anything."""

    sent: list[str] = field(default_factory=list)

    def send(self, after, changes):
        self.sent += [after.seat(seat_id).alias for seat_id in changes]


def guess_on(world, issued, times=GUESSES, every=timedelta(minutes=1), meanwhile=lambda n: None):
    """What an attacker does who has the link and many addresses: digits upwards, one address after the other."""
    guesses, token, right = Guesses(), token_of(issued), int(issued.passcode)
    for n in range(times):
        digits = f"{(right + 1 + n) % DIGITS:08}"  # never the right one, and never one twice
        try:
            joining.enter(world.deps, guesses, token, digits, f"198.51.{n % ADDRESSES}", "en")
        except WrongPasscode:
            alarms.wrong_passcode(world.deps, token)  # as the page does
        except Refused as refused:
            assert refused.reason in ("too_fast", "passcode_retired")
        else:
            raise AssertionError("it opened")
        world.clock.now += every
        meanwhile(n)


def weighed(world, issued):
    """How many of them were compared with her passcode at all."""
    return world.hasher.verified.count(issued.invite.passcode_hash)


def chance(world, issued):
    tried = weighed(world, issued)
    print(f"{GUESSES} guesses, {tried} of them weighed: a chance of {tried / DIGITS:.1e}")
    return tried / DIGITS


def test_ten_thousand_guesses_over_a_week_at_one_invite_are_worth_twenty():
    world = a_world()
    world.store.save_session(replace(world.session, starts_at=world.clock() + timedelta(days=8)))
    issued = world.invite("Ash")

    guess_on(world, issued)

    assert chance(world, issued) <= WORTH
    assert (world.again(issued).failures, world.again(issued).retired) == (20, True)


def test_ten_thousand_guesses_over_a_year_of_dates_are_worth_twenty_in_all():
    world = a_world()
    dates = weekly(world, 52)
    issued = invite_for_all(world, "Ash")

    guess_on(world, issued, every=52 * WEEK / GUESSES)

    assert chance(world, issued) <= WORTH
    standing = world.store.shelf(StandingInvite).get(issued.invite.id)
    assert (standing.failures, standing.retired) == (20, True)
    assert [invite for date in dates for invite in world.store.invites(date.id)] == []


def test_a_burst_is_worth_no_more():
    world = a_world()
    issued = world.invite("Ash")

    guess_on(world, issued, every=timedelta(0))

    assert chance(world, issued) <= WORTH


def test_guesses_at_the_same_moment_get_twenty_and_no_more(tmp_path):
    deps = replace(make_deps(Settings(data=tmp_path)), hasher=QuickHasher())
    group = organising.add_group(deps, "Tuesday circle")
    session = organising.add_session(deps, group.id, deps.clock())
    ash = organising.add_person(deps, group.id, "member", "Mary", "Ash", waived_by="Sol")
    issued = inviting.invite(deps, session.id, ash.id)
    guesses = Guesses()

    def guess(n):
        with pytest.raises((WrongPasscode, Refused)):
            joining.enter(deps, guesses, token_of(issued), wrong_for(issued), f"198.51.{n}", "en")

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(guess, range(80)))

    assert deps.hasher.verified.count(issued.invite.passcode_hash) == 20
    deps.store.dispose()


@pytest.mark.parametrize("kind", ["one date", "every date"])
def test_a_live_session_goes_on_unharmed(kind):
    world = a_world()
    watched = WatchedPanels()
    world.deps = replace(world.deps, panels=watched)
    weekly(world)
    open_date(world, world.session)
    target = invite_for_all(world, "Ash") if kind == "every date" else world.invite("Ash")
    joining.enter(world.deps, Guesses(), token_of(target), target.passcode, "192.0.2.1", "en")
    others = [world.invite(alias) for alias in ("Wren", "Fern")]
    for other in others:
        seat = other.invite.seat_id
        perform(world.deps, world.session.id, Arrive(seat=seat, device=f"phone of {seat}"), by=SYSTEM)
        host = next(each.id for each in world.live().seats if each.role == "facilitator")
        perform(world.deps, world.session.id, AdmitSeat(seat=seat), by=host)
    perform(world.deps, world.session.id, StartSession(), by=host)
    wren, fern = (other.invite.seat_id for other in others)
    before = panel_for(world.live(), fern)
    watched.sent.clear()

    guess_on(world, target, times=GUESSES // 2, every=timedelta(seconds=0.1))
    by_guesses = list(watched.sent)
    untouched = panel_for(world.live(), fern)
    tap(world, wren)
    guess_on(world, target, times=GUESSES // 2, every=timedelta(seconds=0.1))

    assert set(by_guesses) == {"Sol"}
    assert untouched == before
    assert [place.seat for place in world.live().queue.line.places] == [wren]
    alerts = panel_for(world.live(), host)["now"].alerts
    assert [(alert.kind, alert.alias) for alert in alerts] == [("wrong_passcodes", "Ash")]


def tap(world, seat):
    perform(world.deps, world.session.id, RequestTurn(), by=seat)


@pytest.mark.parametrize("kind", ["one date", "every date"])
def test_she_still_gets_in_by_voice(kind):
    world = a_world()
    weekly(world)
    open_date(world, world.session)
    issued = invite_for_all(world, "Ash") if kind == "every date" else world.invite("Ash")
    guess_on(world, issued, times=100, every=timedelta(seconds=1))
    her = Browser(make_app(world))
    her.open("/i/" + token_of(issued))
    refused = her.send(passcode=issued.passcode)

    her.send(ask="voice")
    (seat,) = (each for each in world.live().seats if each.voice_knock)
    said = her.page.words
    host = next(each.id for each in world.live().seats if each.role == "facilitator")
    world.perform(LetInByVoice(seat=seat.id, device=seat.voice_knock.device), by=host)
    her.open(her.at)

    assert "Passcodes no longer open this link." in refused.words
    assert seat.voice_knock is not None
    assert seat.voice_knock.number in said
    assert (her.at, her.page.status) == ("/join", 200)


def test_limits_go_by_link_and_address_and_never_by_a_name():
    world = a_world()
    one = inviting.invite(world.deps, world.session.id, world.person("Ash").id)
    namesake = inviting.invite(world.deps, world.session.id, world.person("Ash").id)
    guesses = Guesses()

    for n in range(30):
        with pytest.raises((WrongPasscode, Refused)):
            joining.enter(world.deps, guesses, token_of(one), wrong_for(one), f"198.51.{n % 6}", "en")
    entered = joining.enter(world.deps, guesses, token_of(namesake), namesake.passcode, "198.51.0", "en")

    assert world.again(one).retired
    assert entered.access.seat_id == namesake.invite.seat_id
    assert {key[1] for key in guesses._recent} <= {f"198.51.{n}" for n in range(6)}
    assert not any("Ash" in repr(key) or "Mary" in repr(key) for key in guesses._recent)


def test_by_the_page_itself_the_facilitator_hears_from_the_second_on(app, world):
    world.open_doors()
    issued = world.invite("Ash")
    seen = []

    for n in range(3):
        guesser = Browser(app, f"198.51.100.{n}")
        guesser.open("/i/" + token_of(issued))
        guesser.send(passcode=wrong_for(issued))
        seen.append(world.seat(issued).wrong_passcodes)

    assert seen == [1, 2, 3]


def test_before_anything_is_live_nobody_is_alerted_and_nothing_breaks(app, world):
    issued = world.invite("Ash")
    guesser = Browser(app)
    guesser.open("/i/" + token_of(issued))

    assert guesser.send(passcode=wrong_for(issued)).status == 422
    assert world.store.live() == []
