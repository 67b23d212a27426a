"""Link and passcode travel by two ways: what is suggested, what is refused, what leaves and when, and what it says."""

from datetime import timedelta

import pytest

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import DeliveryFailed, NoTexts
from companion.records import Hours, Invite, Letter, SafeContact
from companion.service import arrivals, giving, inviting, joining, organising, outbox, routes
from companion.service.guesses import Guesses
from companion.service.routes import CannotSend, Routes
from tests.fakes.series import weekly
from tests.fakes.world import START, a_world

CONTACT = {"email": "her@example.org", "phone": "+447700900123", "contact_is_safe": True}
MAIL, BY_HAND = Routes("email", "aloud"), Routes("copied", "aloud")


def reached_by(world, channel, alias="Wren", hours=(), **more):
    person = world.person(alias, **{**CONTACT, **more})
    person = replace(person, contact=SafeContact(channel, hours))
    world.store.save_person(person)
    return person


def target(world):
    return giving.target_of(world.deps, "session", world.session.id)


def give(world, person, ways):
    return giving.give(world.deps, target(world), person.id, ways)


def refusal(world, person, ways):
    with pytest.raises(CannotSend) as cannot:
        give(world, person, ways)
    assert world.store.invites(world.session.id) == []
    assert world.store.letters() == []
    return cannot.value.reason


@pytest.mark.parametrize(
    ("channel", "more", "pair"),
    [
        ("email", {}, ("email", "aloud")),
        ("text", {}, ("text", "aloud")),
        ("call", {}, ("paper", "aloud")),
        ("post", {}, ("paper", "aloud")),
        ("none", {}, ("copied", "aloud")),
        ("email", {"email": ""}, ("paper", "aloud")),
        ("email", {"contact_is_safe": False}, ("paper", "aloud")),
    ],
)
def test_the_pair_that_is_suggested_uses_only_what_she_called_safe(channel, more, pair):
    world = a_world()
    person = reached_by(world, channel, **more)

    ways = routes.suggested(world.deps, person, START)

    assert (ways.link, ways.passcode) == pair
    routes.check(world.deps, person, ways, START)


def test_texts_are_not_suggested_where_there_is_no_gateway():
    world = a_world()
    world.deps = replace(world.deps, texter=NoTexts())
    person = reached_by(world, "text")

    assert routes.suggested(world.deps, person, START).link == "paper"
    assert refusal(world, person, Routes("text", "aloud")) == "no_texts"


@pytest.mark.parametrize("way", ["email", "text", "paper"])
def test_the_same_way_for_both_is_refused(way):
    world = a_world()

    assert refusal(world, reached_by(world, "email"), Routes(way, way)) == "same_route"


@pytest.mark.parametrize(
    ("channel", "more", "ways", "why"),
    [
        ("email", {"waived_by": ""}, BY_HAND, "not_inducted"),
        ("email", {"email": ""}, MAIL, "no_address"),
        ("email", {"contact_is_safe": False}, MAIL, "contact_not_confirmed"),
        ("text", {}, MAIL, "not_this_way"),
        ("email", {}, Routes("paper", "text"), "not_this_way"),
        ("none", {}, MAIL, "reach_nobody"),
        ("text", {"phone": ""}, Routes("text", "aloud"), "no_number"),
        ("email", {}, Routes("pigeon", "aloud"), "no_route"),
        ("email", {}, Routes("email", ""), "no_route"),
    ],
)
def test_nothing_happens_where_it_may_not_be_sent(channel, more, ways, why):
    world = a_world()

    assert refusal(world, reached_by(world, channel, **more), ways) == why


def test_nothing_is_sent_ninety_days_after_she_said_that_it_is_safe():
    world = a_world()
    person = reached_by(world, "email")
    world.clock.turn(days=90)
    world.store.save_session(replace(world.session, starts_at=world.clock()))
    in_time = give(world, person, MAIL)
    world.clock.turn(minutes=1)

    with pytest.raises(CannotSend, match="contact_not_confirmed"):
        giving.again(world.deps, in_time.holder_id)


def test_staff_need_not_be_told_how_it_works():
    world = a_world()
    sol = world.person("Sol", "facilitator", waived_by="")

    assert give(world, sol, BY_HAND).link


def test_nobody_of_another_group_is_invited():
    world = a_world()
    other = organising.add_group(world.deps, "Another")
    stranger = organising.add_person(world.deps, other.id, "member", "Stranger", waived_by="Sol")

    with pytest.raises(Refused, match="not_yours_to_do"):
        give(world, stranger, BY_HAND)


def test_a_letter_holds_the_link_and_never_the_passcode_a_name_or_the_group():
    world = a_world(base_url="https://notes.example")

    given = give(world, reached_by(world, "email"), MAIL)
    outbox.deliver_due(world.deps)

    (letter,) = world.mailer.sent
    assert (given.link, letter.to) == ("", "her@example.org")
    assert "https://notes.example/i/" in letter.body
    digits = given.passcode
    for secret in (digits, f"{digits[:4]} {digits[4:]}", "Wren", "Longname", "Tuesday", "circle", "passcode"):
        assert secret not in letter.body + letter.subject


def test_a_text_with_the_link_is_short_and_opens_with_the_passcode_that_was_read_aloud():
    world = a_world(base_url="https://notes.example")

    given = give(world, reached_by(world, "text"), Routes("text", "aloud"))
    outbox.deliver_due(world.deps)

    (text,) = world.deps.texter.sent
    link = next(word for word in text.body.split() if word.startswith("https://"))
    token = link.rpartition("/")[2]
    assert (text.to, len(text.body) <= 160) == ("+447700900123", True)
    assert joining.enter(world.deps, Guesses(), token, given.passcode, "192.0.2.1", "en").access.state == "joining"


def test_a_passcode_by_mail_is_a_number_like_any_other_without_its_link():
    world = a_world(base_url="https://notes.example")

    given = give(world, reached_by(world, "email"), Routes("paper", "email"))
    outbox.deliver_due(world.deps)

    (letter,) = world.mailer.sent
    assert (given.passcode, given.link.startswith("https://notes.example/i/")) == ("", True)
    assert "http" not in letter.body
    assert "passcode" not in (letter.body + letter.subject).lower()
    number = letter.body.split("\n\n")[1].replace(" ", "")
    token = given.link.rpartition("/")[2]
    assert joining.enter(world.deps, Guesses(), token, number, "192.0.2.1", "en").access.state == "joining"


@pytest.mark.parametrize("language", ["en", "cy", "ur", "ar", "xx"])
@pytest.mark.parametrize(
    ("channel", "ways"),
    [
        ("email", MAIL),
        ("email", Routes("paper", "email")),
        ("text", Routes("text", "aloud")),
        ("text", Routes("paper", "text")),
    ],
)
def test_the_first_forty_characters_and_the_subject_tell_nothing(language, channel, ways):
    world = a_world()

    give(world, reached_by(world, channel, language=language), ways)

    (waiting,) = outbox.undelivered(world.deps)
    glance = (waiting.letter.subject + waiting.letter.body[:40]).lower()
    for word in ("support", "group", "meeting", "session", "women", "mental", "health", "help", "passcode", "http"):
        assert word not in glance


def test_a_letter_for_every_date_says_so_and_names_the_next():
    world = a_world()
    weekly(world)
    person = reached_by(world, "email")
    series = giving.target_of(world.deps, "series", "weekly")

    giving.give(world.deps, series, person.id, MAIL)
    outbox.deliver_due(world.deps)

    (letter,) = world.mailer.sent
    assert "It is the same page each time." in letter.body
    assert "Thursday 5 March, 19:00" in letter.body


EVENINGS = (Hours(tuple(range(7)), 20 * 60, 21 * 60),)


def test_it_leaves_only_in_her_safe_hours_and_is_not_tried_after_them():
    world = a_world()
    world.store.save_session(replace(world.session, starts_at=START + timedelta(days=1)))
    person = reached_by(world, "email", hours=EVENINGS)

    given = give(world, person, MAIL)
    outbox.deliver_due(world.deps)
    early = list(world.mailer.sent)
    (letter,) = world.store.letters()
    world.clock.turn(hours=1)
    outbox.deliver_due(world.deps)

    assert (early, len(world.mailer.sent)) == ([], 1)
    assert given.leaves_at == letter.due_at == START + timedelta(hours=1)
    assert letter.not_after == START + timedelta(hours=2)
    assert world.store.invite(given.holder_id).state == "sent"


def test_who_cannot_be_reached_safely_in_time_is_not_written_to():
    world = a_world()
    later = replace(world.session, starts_at=START - timedelta(hours=1), minutes=30)
    world.store.save_session(later)
    world.clock.now = START - timedelta(hours=1)
    person = reached_by(world, "email", hours=EVENINGS)

    assert refusal(world, person, MAIL) == "too_late"


def test_who_has_no_safe_hour_at_all_is_not_written_to():
    world = a_world()
    person = reached_by(world, "email", hours=(Hours((), 0, 60),))

    assert refusal(world, person, MAIL) == "no_safe_hours"


def test_a_new_link_stops_the_letter_with_the_old_one():
    world = a_world()
    world.store.save_session(replace(world.session, starts_at=START + timedelta(days=1)))
    first = give(world, reached_by(world, "email", hours=EVENINGS), MAIL)

    giving.again(world.deps, first.holder_id)
    world.clock.turn(hours=1)
    outbox.deliver_due(world.deps)

    (letter,) = world.mailer.sent
    token = letter.body.split("/i/")[1].split()[0]
    assert world.store.invite_by_token(world.hash(token)).id == first.holder_id


def test_a_link_that_was_taken_back_does_not_leave():
    world = a_world()
    given = give(world, reached_by(world, "email"), MAIL)

    inviting.revoke(world.deps, given.holder_id)

    assert outbox.deliver_due(world.deps) == 0


def test_the_ways_are_remembered_for_the_next_link():
    world = a_world()
    given = give(world, reached_by(world, "email"), Routes("paper", "email"))

    again = giving.again(world.deps, given.holder_id)

    assert (bool(again.link), again.passcode) == (True, "")


def test_a_new_phone_sends_a_passcode_alone():
    world = a_world()
    given = give(world, reached_by(world, "email"), Routes("paper", "email"))
    outbox.deliver_due(world.deps)
    before = world.store.invite(given.holder_id).token_hash

    moved = giving.new_phone(world.deps, given.holder_id)
    outbox.deliver_due(world.deps)

    assert (moved.link, moved.passcode) == ("", "")
    assert world.store.invite(given.holder_id).token_hash == before
    assert ["http" in letter.body for letter in world.mailer.sent] == [False, False]


def a_letter_about(world, given, what="invite", **changes):
    return replace(Letter("l", "mail", "", "", "", START, about=f"{what} {given.holder_id}"), **changes)


def state_after(world, given, *letters):
    for letter in letters:
        arrivals.told(world.deps, letter)
    return world.store.invite(given.holder_id)


def test_an_invite_hears_what_became_of_its_letters_and_never_goes_back():
    world = a_world()
    given = give(world, reached_by(world, "email"), MAIL)
    sent, delivered = (a_letter_about(world, given, state=state) for state in ("sent", "delivered"))
    failed = a_letter_about(world, given, state="failed", trouble="address")

    states = [state_after(world, given, letter).state for letter in (failed, sent, delivered, failed, sent)]

    assert states == ["bounced", "sent", "delivered", "delivered", "delivered"]
    assert state_after(world, given).problem == ""


def test_a_late_report_does_not_unsay_that_she_came():
    world = a_world()
    given = give(world, reached_by(world, "email"), MAIL)
    world.store.shelf(Invite).put(replace(world.store.invite(given.holder_id), state="used", used_at=START))

    after = state_after(world, given, a_letter_about(world, given, state="delivered"))

    assert (after.state, after.delivered_at) == ("used", START)


def test_a_passcode_that_did_not_arrive_is_said_beside_the_link():
    world = a_world()
    given = give(world, reached_by(world, "email"), Routes("paper", "email"))

    failed = state_after(world, given, a_letter_about(world, given, "passcode", state="failed", trouble="address"))
    mended = state_after(world, given, a_letter_about(world, given, "passcode", state="sent"))

    assert (failed.state, failed.passcode_problem) == ("sent", "address")
    assert mended.passcode_problem == ""


def test_a_failing_letter_marks_its_invite_by_itself():
    world = a_world()
    world.mailer.failures = [DeliveryFailed("no such box", permanent=True)]
    given = give(world, reached_by(world, "email"), MAIL)

    outbox.deliver_due(world.deps)

    assert world.store.invite(given.holder_id).state == "bounced"


def test_what_is_known_of_an_old_letter_says_nothing_of_the_new_link():
    world = a_world()
    given = give(world, reached_by(world, "email"), MAIL)
    old = a_letter_about(world, given, state="failed", posted_at=START - timedelta(days=1))

    assert inviting.shown_state(state_after(world, given, old), START) == "draft"
