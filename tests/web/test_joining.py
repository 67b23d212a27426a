"""The way in as people meet it: plain pages, in any order, with everything typed wrongly."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from companion.core.commands import LetInByVoice, RefuseVoice, SettleDevice
from companion.service import inviting
from tests.fakes.world import START, a_world, token_of, wrong_for
from tests.web.conftest import Browser, make_app

PLACES = [f"192.0.2.{n}" for n in range(1, 60)]


def link(issued):
    return f"/i/{token_of(issued)}"


def give_passcode(browser, issued):
    browser.open(link(issued))
    return browser.send(passcode=issued.passcode)


def walk_to_the_alias(browser, issued):
    """Every step but the last."""
    give_passcode(browser, issued)
    browser.send("/join/private_space", answer="yes")
    browser.send("/join/who_sees")
    browser.send("/join/agreement", agree="yes")


def walk(browser, issued, **alias):
    """Every step up to the waiting room."""
    walk_to_the_alias(browser, issued)
    return browser.send("/join/alias", **alias)


def test_a_member_walks_from_her_link_to_the_waiting_room(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    assert "Your passcode" in browser.open(link(issued)).words
    assert "somewhere private" in browser.send(passcode=issued.passcode).words
    assert "Who can get in" in browser.send("/join/private_space", answer="yes").words
    assert "What we agree on" in browser.send("/join/who_sees").words
    assert "What shall we call you" in browser.send("/join/agreement", agree="yes").words
    browser.send("/join/alias", alias="Fern", avatar="7", takes_part="text")

    assert browser.at == "/here"
    seat = world.seat(issued)
    assert (seat.state, seat.alias, seat.avatar, seat.takes_part) == ("waiting", "Fern", 7, "text")


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1} ", "{0}\u00a0{1}"])
def test_a_passcode_may_be_typed_with_spaces_and_dashes(world, browser, typed):
    issued = world.invite()
    browser.open(link(issued))

    browser.send(passcode=typed.format(issued.passcode[:4], issued.passcode[4:]))

    assert browser.at == "/join"


def test_the_field_takes_a_pasted_code_and_asks_for_no_memory_of_it(world, browser):
    page = browser.open(link(world.invite()))

    (field,) = page.all("input", name="passcode")
    assert field.attributes["autocomplete"] == "one-time-code"
    assert field.attributes["inputmode"] == "numeric"
    assert "required" not in field.attributes
    assert field.attributes["spellcheck"] == "false"


def test_a_wrong_passcode_is_answered_calmly_with_the_tries_left_and_another_way(world, browser):
    issued = world.invite()
    browser.open(link(issued))

    answers = [browser.send(passcode=wrong_for(issued)) for _ in range(6)]

    assert [page.status for page in answers] == [422] * 5 + [429]
    assert [found(r"(\d) tr(?:y|ies) left", page.words) for page in answers] == ["4", "3", "2", "1", "", ""]
    assert all("let in by voice" in page.words for page in answers)
    assert all("wait 15 minutes" in page.words for page in answers[4:])


def found(pattern, words):
    match = re.search(pattern, words)
    return match[1] if match else ""


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh", "1" * 90, "\x00", "🌿" * 8])
def test_what_is_no_passcode_costs_no_try(world, browser, typed):
    issued = world.invite()
    browser.open(link(issued))

    for _ in range(8):
        assert browser.send(passcode=typed).status == 422

    assert "eight digits" in browser.page.words
    browser.send(passcode=issued.passcode)
    assert browser.at == "/join"
    assert world.again(issued).failures == 0


def test_fifty_looks_and_fifty_empty_forms_use_nothing_up(world, app):
    issued = world.invite()
    client = app.test_client()
    for n in range(50):
        place = {"REMOTE_ADDR": PLACES[n]}
        assert client.get(link(issued), environ_overrides=place).status_code == 200
        assert client.head(link(issued), environ_overrides=place).status_code == 200
        assert client.post(link(issued), environ_overrides=place).status_code in (400, 422)
    untouched = world.again(issued)

    give_passcode(browser := Browser(app), issued)

    assert untouched == issued.invite
    assert browser.at == "/join"
    assert world.again(issued).state == "opened"


def test_a_look_at_a_link_asks_the_store_nothing(world, app):
    issued = world.invite()
    world.store.down = True

    assert app.test_client().get(link(issued)).status_code == 200


DEAD = ("random", "revoked", "expired", "used", "over")


def dead_link(world, kind):
    issued = world.invite("Ash")
    if kind == "random":
        return "/i/" + "r" * len(token_of(issued)), issued.passcode
    if kind == "revoked":
        inviting.revoke(world.deps, issued.invite.id)
    elif kind == "expired":
        world.store.save_invite(replace(issued.invite, expires_at=START))
    elif kind == "used":
        world.store.save_invite(replace(issued.invite, state="used", used_at=START))
        return link(issued), wrong_for(issued)
    else:
        world.store.save_session(replace(world.session, phase="closed", closed_at=START - timedelta(minutes=31)))
    return link(issued), issued.passcode


def without_nonces(response):
    body = re.sub(rb'name="csrf_token" value="[^"]+"', b"", response.data)
    headers = [
        (k, re.sub(r"(^[a-z_]+|Expires)=[^;]+;", r"\1=;", v) if k == "Set-Cookie" else v) for k, v in response.headers
    ]
    return response.status_code, sorted(headers), body


@pytest.mark.parametrize("kind", DEAD)
def test_links_that_lead_somewhere_and_nowhere_look_alike_to_the_byte(kind):
    answers = []
    for real in (True, False):
        world = a_world()
        world.open_doors()
        issued = world.invite("Wren")
        path, digits = (link(issued), wrong_for(issued)) if real else dead_link(world, kind)
        answers.append(everything_a_stranger_sees(make_app(world), path, digits))

    assert answers[0] == answers[1]


def everything_a_stranger_sees(app, path, digits):
    client, seen = app.test_client(), []

    def ask(method, suffix="", place=PLACES[0], **fields):
        token = re.search(rb'name="csrf_token" value="([^"]+)"', client.get(path).data)[1].decode()
        data = {"csrf_token": token, **fields} if method == "POST" else None
        response = client.open(path + suffix, method=method, data=data, environ_overrides={"REMOTE_ADDR": place})
        status, headers, body = without_nonces(response)
        headers = [(k, v.replace(path, "LINK")) for k, v in headers]
        body = re.sub(rb"<bdi>\d{3}</bdi>", b"<bdi>NUMBER</bdi>", body.replace(path.encode(), b"LINK"))
        # A digit more or less in a signed cookie's length is the nonce's own.
        seen.append((method, suffix, status, [h for h in headers if h[0] != "Content-Length"], body))

    ask("GET")
    ask("HEAD")
    for place in PLACES[:25]:
        ask("POST", place=place, passcode=digits)
    for _ in range(6):
        ask("POST", place=PLACES[30], passcode=digits)
    ask("POST", passcode="123")
    ask("POST", ask="voice")
    ask("POST", "/voice", place=PLACES[31])
    ask("GET", "/voice")
    ask("POST", ask="help")
    ask("POST", "/help", words="no code came", place=PLACES[31])
    ask("GET")
    return seen


def test_after_twenty_wrong_guesses_only_a_voice_opens_and_a_new_passcode_mends_it(world, app):
    issued = world.invite()
    for place in PLACES[:20]:
        browser = Browser(app, place)
        browser.open(link(issued))
        browser.send(passcode=wrong_for(issued))
    browser = Browser(app, PLACES[40])

    page = give_passcode(browser, issued)
    renewed = inviting.reissue(world.deps, issued.invite.id)
    give_passcode(browser, renewed)

    assert (page.status, "Passcodes no longer open this link" in page.words) == (422, True)
    assert browser.at == "/join"


def test_one_address_cannot_keep_the_slow_part_busy(world, app):
    browser = Browser(app)
    statuses = []
    for n in range(80):
        browser.open(f"/i/guess{n}") if n % 5 == 0 else None
        response = browser.client.post(
            f"/i/guess{n}",
            data={"passcode": "12345678", "csrf_token": browser.page.csrf},
            environ_overrides={"REMOTE_ADDR": browser.address},
        )
        statuses.append(response.status_code)

    assert statuses == [422] * 60 + [429] * 20
    assert len(world.hasher.verified) == 60


def test_coming_in_counts_for_nothing_however_many_share_an_address(world, app):
    issued = world.invite()

    for _ in range(70):
        give_passcode(browser := Browser(app), issued)
        assert browser.at == "/join"


def test_a_form_without_its_token_is_refused(world, app):
    issued = world.invite()

    assert app.test_client().post(link(issued), data={"passcode": issued.passcode}).status_code == 400


def test_the_cookie_is_opaque_quiet_and_new_at_every_stage(world, browser):
    world.open_doors()
    issued = world.invite("Ash", language="en")
    give_passcode(browser, issued)
    first = browser.cookies()["id"]
    walk(browser, issued, suggested="Ash")
    second = browser.cookies()["id"]

    old = Browser(browser.app)
    old.client.set_cookie("id", first)
    assert old.open("/here").status == 401
    assert first != second
    for value in browser.cookies().values():
        assert "Ash" not in value


@pytest.mark.parametrize(
    ("address", "name", "secure"), [("", "id", False), ("https://notes.example", "__Host-id", True)]
)
def test_the_cookie_keeps_to_itself(address, name, secure):
    world = a_world(base_url=address)
    issued = world.invite()
    client = make_app(world).test_client()
    base = address or "http://localhost"
    token = re.search(r'csrf_token" value="([^"]+)"', client.get(link(issued), base_url=base).text)[1]

    response = client.post(link(issued), base_url=base, data={"passcode": issued.passcode, "csrf_token": token})

    (cookie,) = (c for c in response.headers.getlist("Set-Cookie") if c.startswith(f"{name}=") and "Max-Age=0" not in c)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert ("Secure" in cookie) is secure


def test_whoever_is_not_alone_hears_what_helps_and_may_go_on(world, browser):
    give_passcode(browser, world.invite())

    for answer in ("no", "not_sure"):
        browser.open("/join")
        page = browser.send("/join/private_space", answer=answer)
        assert "headphones" in page.words

        assert "Who can get in" in browser.open("/join").words
        world.store.save_access(replace(only_access(world), steps=()))


def only_access(world):
    (access,) = world.store._accesses.values()
    return access


@pytest.mark.parametrize("answer", [None, "", "maybe"])
def test_an_answer_must_be_one_of_three(world, browser, answer):
    give_passcode(browser, world.invite())

    page = browser.send("/join/private_space", **({"answer": answer} if answer is not None else {}))

    assert page.status == 422
    assert "Each of them is fine" in page.words or "Not a valid choice" in page.words


def test_without_the_tick_nobody_goes_on_and_nobody_is_scolded(world, browser):
    give_passcode(browser, world.invite())
    browser.send("/join/private_space", answer="yes")
    browser.send("/join/who_sees")

    page = browser.send("/join/agreement")

    assert page.status == 422
    assert "Please tick the box to go on." in page.words
    assert all(item in page.words for item in world.group.settings.agreement)


@pytest.mark.parametrize("step", ["who_sees", "agreement", "alias", "enter"])
def test_a_step_cannot_be_jumped_over(world, browser, step):
    world.open_doors()
    issued = world.invite()
    give_passcode(browser, issued)

    page = browser.send(f"/join/{step}", agree="yes", suggested="Ash")

    assert browser.at == "/join"
    assert "somewhere private" in page.words
    assert world.seat(issued).state == "expected"


def test_an_unknown_step_is_no_page(world, browser):
    give_passcode(browser, world.invite())

    assert browser.send("/join/somewhere").status == 404


@pytest.mark.parametrize("path", ["/join", "/join/options"])
def test_whoever_has_no_way_in_is_sent_to_the_front(browser, path):
    browser.open(path)

    assert browser.at == "/"


@pytest.mark.parametrize(
    ("alias", "why"),
    [("Mary", "part of your own name"), ("Fern 1987", "a year"), ("Fern M1 1AE", "a postcode")],
)
def test_a_name_that_gives_her_away_is_met_with_a_gentle_word_and_may_be_kept(world, browser, alias, why):
    world.open_doors()
    issued = world.invite("Ash")

    page = walk(browser, issued, alias=alias, avatar="5", takes_part="audio")
    kept = {name: page.value(name) for name in ("alias", "avatar", "takes_part")}
    browser.send("/join/alias", **kept, keep=alias)

    assert (page.status, why in page.words) == (422, True)
    assert "Longname" not in page.html
    assert kept == {"alias": alias, "avatar": "5", "takes_part": "audio"}
    assert (browser.at, world.seat(issued).alias) == ("/here", alias)


def test_keeping_one_name_does_not_keep_another(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    page = walk(browser, issued, alias="Mary", keep="Fern 1987")

    assert page.status == 422


def test_nothing_must_be_typed(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    walk(browser, issued)

    assert (browser.at, world.seat(issued).alias) == ("/here", "Ash")


def test_suggested_names_and_all_24_pictures_are_offered_with_words(world, browser):
    give_passcode(browser, world.invite("Ash"))
    browser.send("/join/private_space", answer="yes")
    browser.send("/join/who_sees")

    page = browser.send("/join/agreement", agree="yes")

    assert len(page.all("input", name="suggested")) == 4
    assert len(page.all("input", name="avatar")) == 24
    assert page.value("suggested") == "Ash"


@pytest.mark.parametrize(
    "wrong", [{"avatar": "25"}, {"avatar": "x"}, {"takes_part": "telepathy"}, {"alias": "w" * 101}]
)
def test_what_is_not_on_offer_comes_back(world, browser, wrong):
    world.open_doors()
    issued = world.invite("Ash")

    page = walk(browser, issued, **wrong)

    assert page.status == 422
    assert world.seat(issued).state == "expected"


def test_markup_in_a_name_stays_words(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    walk(browser, issued, alias="<b>Mary</b>")

    assert not browser.page.all("b")


def test_before_the_doors_are_open_she_waits_calmly_and_loses_nothing(world, browser):
    world.store.save_session(replace(world.session, starts_at=START))
    issued = world.invite("Ash")

    page = walk(browser, issued, alias="Fern")
    again = browser.send("/join/enter")
    world.open_doors()
    browser.send("/join/enter")

    assert "The doors are not open yet" in page.words
    assert "Thursday 5 March, 19:00" in page.words
    assert again.words == page.words
    assert (browser.at, world.seat(issued).alias) == ("/here", "Fern")


def test_a_session_that_is_over_says_so(world, browser):
    issued = world.invite("Ash")
    walk(browser, issued)
    world.store.save_session(replace(world.session, phase="closed", closed_at=START))

    page = browser.send("/join/enter")

    assert "It is over for today" in page.words


@pytest.mark.parametrize("role", ["facilitator", "peer_supporter", "tech_helper"])
def test_staff_go_straight_in(world, browser, role):
    world.begin()
    issued = world.invite("Sol", role)

    give_passcode(browser, issued)

    assert browser.at == "/here"
    assert world.seat(issued).state == "seated"


def test_staff_wait_calmly_until_it_is_begun(world, browser):
    issued = world.invite("Sol", "facilitator")

    page = give_passcode(browser, issued)
    world.begin()
    browser.send("/join/enter")

    assert "not open yet" in page.words
    assert browser.at == "/here"


def test_a_second_device_waits_until_a_facilitator_says_yes(world, app):
    host = world.open_doors()
    issued = world.invite("Ash")
    walk(Browser(app), issued)
    second = Browser(app)

    page = walk(second, issued)
    device = world.seat(issued).devices[-1].id
    world.perform(SettleDevice(seat=issued.invite.seat_id, device=device, keep="both"), by=host.invite.seat_id)

    assert "Please wait" in page.words
    assert "Please wait a moment" not in second.open("/here").words


def test_opening_her_link_again_on_the_same_phone_is_no_second_device(world, browser):
    world.open_doors()
    issued = world.invite("Ash")
    walk(browser, issued)

    give_passcode(browser, issued)

    assert browser.at == "/here"
    assert len(world.seat(issued).devices) == 1


def test_who_left_and_comes_back_walks_the_whole_way_again(world, browser):
    world.open_doors()
    issued = world.invite("Ash")
    walk(browser, issued)
    browser.client.post("/leave", headers={"Origin": "http://127.0.0.1:8000"})
    left = world.seat(issued).state

    page = give_passcode(browser, issued)

    assert left == "left"
    assert "somewhere private" in page.words


def test_somebody_without_a_passcode_is_let_in_by_her_voice(world, browser):
    host = world.open_doors()
    issued = world.invite("Ash")
    browser.open(link(issued))

    page = browser.send(ask="voice")
    seat = world.seat(issued)
    shown = page.all("bdi")[-1].words
    waiting = browser.open(browser.at)
    world.perform(LetInByVoice(seat=seat.id, device=seat.voice_knock.device), by=host.invite.seat_id)
    onward = browser.open(browser.at)

    assert browser.way[-1][0] == "/join"
    assert seat.voice_knock.number == shown
    assert shown in waiting.words
    assert "somewhere private" in onward.words
    assert "at" not in browser.cookies()


def test_a_voice_that_nobody_knows_hears_so(world, browser):
    host = world.open_doors()
    issued = world.invite("Ash")
    browser.open(link(issued))
    browser.send(ask="voice")
    seat = world.seat(issued)
    world.perform(RefuseVoice(seat=seat.id, device=seat.voice_knock.device), by=host.invite.seat_id)

    page = browser.open(f"{link(issued)}/voice")

    assert "This device was not let in" in page.words
    again = browser.send()
    assert world.seat(issued).voice_knock.number in again.words


def test_a_knock_leaves_the_seat_of_this_browser_alone(world, browser):
    world.open_doors()
    issued = world.invite("Ash")
    walk(browser, issued)
    mine = browser.cookies()["id"]
    browser.open("/i/some-other-link")

    browser.send(ask="voice")

    assert browser.cookies()["id"] == mine
    assert browser.open("/here").status == 200


@pytest.mark.parametrize("becomes_of_it", ["waits", "refused", "let in"])
def test_a_knock_in_the_place_of_an_access_tells_nothing_of_the_link(world, app, becomes_of_it):
    host = world.open_doors()
    issued = world.invite("Ash")
    answers = []
    for address in (link(issued), "/i/some-other-link"):
        browser = Browser(app)
        browser.open(address)
        browser.send(ask="voice")
        stranger = Browser(app)
        stranger.client.set_cookie("id", browser.cookies()["at"])
        knock = world.seat(issued).voice_knock
        if knock is not None and becomes_of_it != "waits":
            command = LetInByVoice if becomes_of_it == "let in" else RefuseVoice
            world.perform(command(seat=issued.invite.seat_id, device=knock.device), by=host.invite.seat_id)
        answers.append(
            [
                (answer.status_code, answer.headers.get("Location"), len(answer.data))
                for path in ("/", "/help", "/about", "/here", "/join", "/call", "/room", "/leave")
                for answer in [stranger.client.get(path)]
            ]
        )

    assert answers[0] == answers[1]
    assert world.live().seat(issued.invite.seat_id).state == "expected"


@pytest.mark.parametrize("seconds", [0, 59])
def test_an_answer_lost_on_the_way_in_makes_no_second_device(world, browser, seconds):
    world.open_doors()
    issued = world.invite("Ash")
    walk_to_the_alias(browser, issued)
    before, form = browser.cookies()["id"], {"csrf_token": browser.page.csrf}
    browser.send("/join/alias")
    mine = browser.cookies()["id"]
    browser.client.set_cookie("id", before)
    world.clock.turn(seconds=seconds)

    browser.send("/join/alias", **form)

    assert (browser.at, browser.page.status, browser.cookies()["id"]) == ("/here", 200, mine)
    assert len(world.seat(issued).devices) == 1


def test_an_old_cookie_gets_no_new_one_later_elsewhere_or_after_leaving(world, app):
    world.open_doors()
    issued = world.invite("Ash")
    browser, old = Browser(app), Browser(app)
    walk_to_the_alias(browser, issued)
    old.open(link(issued))
    form = {"csrf_token": old.page.csrf}
    old.client.set_cookie("id", browser.cookies()["id"])
    browser.send("/join/alias")

    assert old.client.get("/here").status_code == 401
    assert old.client.post("/act/leave_session").status_code == 401
    world.clock.turn(seconds=60)
    old.send("/join/alias", **form)
    assert old.at == "/"
    world.clock.turn(seconds=-60)
    browser.client.get("/leave")
    old.send("/join/alias", **form)
    assert old.at == "/"


def test_being_let_in_by_voice_may_be_looked_at_twice(world, browser):
    host = world.open_doors()
    issued = world.invite("Ash")
    browser.open(link(issued))
    browser.send(ask="voice")
    knock, seat = browser.cookies()["at"], world.seat(issued)
    world.perform(LetInByVoice(seat=seat.id, device=seat.voice_knock.device), by=host.invite.seat_id)
    browser.open(browser.at)
    browser.client.delete_cookie("id")
    browser.client.set_cookie("at", knock)

    page = browser.open(f"{link(issued)}/voice")

    assert "somewhere private" in page.words


def test_the_page_of_a_knock_without_a_knock_is_the_link_itself(world, browser):
    issued = world.invite()

    browser.open(f"{link(issued)}/voice")

    assert browser.at == link(issued)


def test_knocking_without_end_is_stopped(world, app):
    browser = Browser(app)
    browser.open("/i/somewhere")
    statuses = [
        browser.client.post(
            "/i/somewhere/voice",
            data={"csrf_token": browser.page.csrf},
            environ_overrides={"REMOTE_ADDR": browser.address},
        ).status_code
        for _ in range(12)
    ]

    assert statuses == [303] * 10 + [429] * 2


def test_no_log_holds_a_link_a_passcode_an_address_or_a_name(world, app, caplog):
    caplog.set_level("DEBUG")
    world.open_doors()
    issued = world.invite("Ash")
    browser = Browser(app)
    walk(browser, issued, alias="Fern")
    browser.open(link(issued))
    for _ in range(7):
        browser.client.post(
            link(issued),
            data={"passcode": wrong_for(issued), "csrf_token": browser.page.csrf},
            environ_overrides={"REMOTE_ADDR": browser.address},
        )
    for _ in range(12):
        browser.client.post(f"{link(issued)}/voice", data={"csrf_token": browser.page.csrf})
    browser.client.post(link(issued), data={"passcode": issued.passcode})

    said = " ".join(record.getMessage() for record in caplog.records)
    for secret in (token_of(issued), issued.passcode, wrong_for(issued), "192.0.2", "Ash", "Fern", "Longname"):
        assert secret not in said


def test_somebody_who_cannot_get_in_tells_a_tech_helper(world, browser):
    world.open_doors()
    issued = world.invite("Ash")
    browser.open(link(issued))

    page = browser.send(ask="help", words="no code came")
    again = browser.open(link(issued))

    (ticket,) = world.live().tickets
    assert (ticket.seat, ticket.words) == (issued.invite.seat_id, "no code came")
    assert "If this link is in use today" in page.words
    assert "If this link is in use today" not in again.words


@pytest.mark.parametrize("path", ["/", "/help", "/about"])
def test_the_open_pages_can_be_read_without_any_way_in(browser, path):
    page = browser.open(path)

    assert page.status == 200
    assert "116 123" in page.html


def test_about_tells_the_camera_policy_to_those_in_the_group_alone(world, browser):
    assert "Cameras" not in browser.open("/about").words

    give_passcode(browser, world.invite())

    assert "Switch your camera on when you are ready" in browser.open("/about").words


def test_the_groups_number_is_on_every_page_once_she_is_known(world, browser):
    issued = world.invite("Ash")

    assert "020 7946 0000" not in browser.open(link(issued)).html
    assert "020 7946 0000" in browser.send(passcode=issued.passcode).html


def test_neither_names_nor_the_group_stand_in_an_address_or_before_the_passcode(world, browser):
    world.open_doors()
    issued = world.invite("Ash")

    page = browser.open(link(issued))
    browser.send(passcode=issued.passcode)

    for word in ("Ash", "Longname", "Tuesday", "circle"):
        assert word not in page.html
        assert all(word not in path for path, _ in browser.way)


def test_with_the_database_down_the_way_in_says_so(world, browser):
    issued = world.invite("Ash")
    browser.open(link(issued))
    world.store.down = True

    assert browser.send(passcode=issued.passcode).status == 503


@pytest.mark.parametrize("language", ["en", "cy", "ar", "zz"])
def test_the_language_of_the_phone_is_kept_where_nothing_else_is_known(world, browser, language):
    page = browser.open("/i/somewhere", headers={"Accept-Language": language})

    assert page.all("html")[0].attributes["lang"] in (language, "en")
