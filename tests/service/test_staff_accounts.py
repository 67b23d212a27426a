"""Accounts of staff: names and passwords, codes of an app, browsers that are signed in."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from companion.core.refusals import Refused
from companion.records import Account, Membership, StaffSession
from companion.service.staff import accounts, browsers, passwords, totp
from companion.service.staff.accounts import NotGood
from tests.fakes.staff import PASSWORD, SECRET, a_browser, again, an_account, code_for
from tests.fakes.world import a_world


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def jo(world):
    return an_account(world.deps)


@pytest.mark.parametrize(
    ("password", "mistake"),
    [
        ("", "too_short"),
        ("eleven char", "too_short"),
        ("x" * 201, "too_long"),
        ("password1234", "too_common"),
        ("Password1987!!", "too_common"),
        ("iloveyouiloveyou", "too_common"),
        ("123456789012", "too_common"),
        ("98765432109876", "too_common"),
        ("qwertyuiop[]", "too_common"),
        ("aaaaaaaaaaaaaaa", "too_common"),
        ("Noor Hale 1987", "own_name"),
        ("noorhalenoorhale", "own_name"),
        ("seven herons by the water", ""),
        ("summer evening by the lake", ""),
        ("noor likes long walks", ""),
        ("0412 1987 3381 55", ""),
        ("ڈھلتی شام کا سورج", ""),
    ],
)
def test_a_password_is_long_and_neither_common_nor_her_name(password, mistake):
    assert passwords.mistake(password, "Noor Hale") == mistake


def test_a_name_is_found_however_it_is_written_and_stands_nowhere_in_the_clear(world, jo):
    for typed in ("jo", " JO ", "\uff2a\uff4f"):
        assert accounts.find(world.deps, typed) == jo
    assert accounts.find(world.deps, "joe") is None
    assert "jo" not in jo.name_index


@pytest.mark.parametrize(
    ("name", "password", "field"), [("JO", PASSWORD, "name"), (" ", PASSWORD, "name"), ("sam", "short", "password")]
)
def test_an_account_that_cannot_be_made_says_why(world, jo, name, password, field):
    with pytest.raises(NotGood) as problem:
        accounts.make(world.deps, name, password)

    assert problem.value.field == field
    assert accounts.everybody(world.deps) == [jo]


def test_the_right_password_opens_an_account_and_unknown_names_cost_as_much(world, jo):
    answers = [accounts.opened(world.deps, *typed) for typed in (("jo", PASSWORD), ("jo", "no"), ("sam", PASSWORD))]

    assert answers == [jo, None, None]
    assert len(world.hasher.verified) == 3


def test_a_closed_account_is_nobodys(world, jo):
    sam = an_account(world.deps, "sam", "organiser", group=world.group.id, keeper=True)
    a_browser(world.deps, sam)

    accounts.close(world.deps, sam.id, jo)

    assert accounts.find(world.deps, "sam") is None
    assert accounts.get(world.deps, sam.id) is None
    assert world.store.shelf(Membership).find(account_id=sam.id) == []
    assert world.store.shelf(StaffSession).find(account_id=sam.id) == []
    accounts.make(world.deps, "sam", PASSWORD)  # the name is free again


def test_nobody_closes_her_own_account(world, jo):
    with pytest.raises(Refused):
        accounts.close(world.deps, jo.id, jo)

    assert again(world.deps, jo) == jo


# codes


def code(world, steps=0, secret=SECRET):
    return pyotp.TOTP(secret).at(world.clock.now + timedelta(seconds=30 * steps))


@pytest.mark.parametrize(("steps", "answer"), [(-2, "wrong"), (-1, "right"), (0, "right"), (1, "right"), (2, "wrong")])
def test_clocks_may_differ_by_half_a_minute(world, jo, steps, answer):
    assert totp.use(world.deps, jo, code(world, steps)) == answer


def test_a_code_opens_once(world, jo):
    answers = [totp.use(world.deps, jo, code(world)) for _ in range(2)]

    assert answers == ["right", "used"]


def test_a_code_from_before_the_last_one_is_used_up_too(world, jo):
    totp.use(world.deps, jo, code(world, 1))

    assert [totp.use(world.deps, jo, code(world, step)) for step in (-1, 0)] == ["used", "used"]
    world.clock.turn(seconds=60)
    assert totp.use(world.deps, jo, code(world)) == "right"


@pytest.mark.parametrize("form", ["{} {}", "{}-{}", "\u200e{}{}\u200e"])
def test_a_code_may_be_typed_as_she_likes(world, jo, form):
    digits = code(world)

    assert totp.use(world.deps, jo, form.format(digits[:3], digits[3:])) == "right"


def test_a_code_may_be_typed_in_her_own_digits(world, jo):
    hers = "".join(chr(0x660 + int(digit)) for digit in code(world))

    assert totp.use(world.deps, jo, hers) == "right"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "½" * 6, "0" * 1000])
def test_what_is_no_code_opens_nothing(world, jo, typed):
    assert totp.use(world.deps, jo, typed) == "wrong"


def test_no_code_opens_an_account_without_an_app(world):
    bare = accounts.make(world.deps, "sam", PASSWORD)

    assert totp.use(world.deps, bare, code(world)) == "wrong"


def test_an_app_counts_once_it_has_shown_the_right_code_and_that_code_is_used(world):
    bare, secret = accounts.make(world.deps, "sam", PASSWORD), totp.new_secret()

    assert not totp.set_up(world.deps, bare, secret, "000000")
    assert again(world.deps, bare).totp_secret == ""
    assert totp.set_up(world.deps, bare, secret, code(world, secret=secret))
    assert totp.use(world.deps, again(world.deps, bare), code(world, secret=secret)) == "used"
    assert totp.use(world.deps, again(world.deps, bare), code_for(world.deps, bare)) == "right"


def test_the_picture_for_the_app_names_neither_group_nor_place():
    assert totp.address(SECRET, "jo") == f"otpauth://totp/Notes:jo?secret={SECRET}&issuer=Notes"


# browsers


def test_a_browser_is_known_by_its_newest_token_alone(world, jo):
    first = a_browser(world.deps, jo, "code")
    entered = browsers.enter(world.deps, first.session)
    unlocked = browsers.unlock(world.deps, entered.session)
    proved = browsers.prove(world.deps, unlocked.session)

    tokens = [one.token for one in (first, entered, unlocked, proved)]
    assert [browsers.find(world.deps, token) is not None for token in tokens] == [False, False, False, True]
    assert not {"", *tokens} & {proved.session.token_hash}


@pytest.mark.parametrize(("stage", "minutes"), [("code", 10), ("setup", 60), ("in", 12 * 60)])
def test_each_stage_has_its_end(world, jo, stage, minutes):
    token = a_browser(world.deps, jo, stage).token
    world.clock.turn(minutes=minutes - 1)
    before = browsers.find(world.deps, token)
    world.clock.turn(minutes=1)

    assert (before is not None, browsers.find(world.deps, token)) == (True, None)


def test_opening_again_makes_its_life_no_longer(world, jo):
    opened = a_browser(world.deps, jo)
    world.clock.turn(hours=11)
    unlocked = browsers.unlock(world.deps, opened.session)
    world.clock.turn(hours=1)

    assert browsers.find(world.deps, unlocked.token) is None


def test_a_quarter_of_an_hour_of_silence_locks_it(world, jo):
    opened = a_browser(world.deps, jo)
    world.clock.turn(minutes=14)
    browsers.seen(world.deps, opened.session)
    world.clock.turn(minutes=14)
    still = browsers.is_locked(world.deps, browsers.find(world.deps, opened.token))
    world.clock.turn(minutes=1)

    assert (still, browsers.is_locked(world.deps, browsers.find(world.deps, opened.token))) == (False, True)


def test_a_proof_holds_for_five_minutes_in_this_browser(world, jo):
    proved, other = browsers.prove(world.deps, a_browser(world.deps, jo).session), a_browser(world.deps, jo)

    def holds(session, proof):
        return browsers.is_proved(world.deps, session, proof)

    assert holds(proved.session, proved.proof)
    assert not holds(proved.session, "")
    assert not holds(proved.session, proved.token)
    assert not holds(other.session, proved.proof)
    world.clock.turn(minutes=5)
    assert not holds(proved.session, proved.proof)


def test_a_browser_that_was_ended_does_not_come_back(world, jo):
    opened = a_browser(world.deps, jo, "code")
    browsers.end_all(world.deps, jo.id)

    with pytest.raises(Refused):
        browsers.enter(world.deps, opened.session)

    assert browsers.find(world.deps, opened.token) is None


def test_nobody_ends_a_colleagues_browser(world, jo):
    sam = an_account(world.deps, "sam")
    opened = a_browser(world.deps, sam)

    browsers.end(world.deps, opened.session.id, jo.id)

    assert browsers.find(world.deps, opened.token) is not None


def test_starting_anew_takes_away_all_that_opened_the_account(world, jo):
    opened = a_browser(world.deps, jo)

    accounts.start_anew(world.deps, jo, "quite another sentence")

    now = world.store.shelf(Account).get(jo.id)
    assert (now.totp_secret, browsers.find(world.deps, opened.token)) == ("", None)
    assert not accounts.is_right(world.deps, now, PASSWORD)
    assert accounts.is_right(world.deps, now, "quite another sentence")
