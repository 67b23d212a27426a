"""The line at the wire: what Twilio sends, forged, doubled, out of order and too long; and what it is answered."""

import logging
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree

import pytest

from companion.core import commands as c
from companion.core.values import replace
from companion.records import LineTry
from companion.service import line_pins
from integrations import twilio_signing as signing
from integrations.phone.adapter import TwilioLine
from integrations.phone.fake import FakeLine
from tests.fakes.world import a_world
from tests.web.conftest import make_app
from tests.web.pages import SECURITY
from tests.web.signing_in import prove, signed_in

ADDRESS, ACCOUNT, TOKEN = "https://notes.example", "AC" + "a" * 32, "t" * 32
OURS, HERS = "+447700900998", "+447700900142"
FORM = "application/x-www-form-urlencoded"
KEYS = f"{ADDRESS}/hooks/line/keys?keys=9&step=1&silent=0"
PATHS = [f"{ADDRESS}/hooks/line/voice", KEYS, f"{ADDRESS}/hooks/line/text"]


class Twilio:
    """Sends what Twilio sends, and follows what it is answered."""

    def __init__(self, world):
        self.world = world
        world.deps = replace(world.deps, line=TwilioLine(ACCOUNT, TOKEN, (OURS,), ADDRESS))
        self.client = make_app(world).test_client()
        self.host, self.wren = world.open_doors(), world.invite("Wren")
        self.digits = line_pins.make(world.deps, self.wren.invite.person_id, "account x")
        self.calls = self.texts = 0

    @property
    def at(self):
        return self.wren.invite.seat_id

    def request(self, url, *, token=TOKEN, signed=None, **form):
        """A signed request of one of our addresses."""
        form = {"AccountSid": ACCOUNT, "From": HERS, "To": OURS, **form}
        signed = signed or url + "".join(name + form[name] for name in sorted(form))
        headers = {"X-Twilio-Signature": signing.signature(token, signed).decode(), "Content-Type": FORM}
        return url.removeprefix(ADDRESS), urlencode(form).encode(), headers

    def send(self, path, body, headers):
        return self.client.post(path, data=body, headers=headers)

    def some(self, url, **more):
        """A request of that address that would be taken."""
        return self.request(url, CallSid="CA" + "1" * 32, MessageSid="SM" + "1" * 32, Body="", Digits="", **more)

    def call(self):
        self.calls += 1
        return Call(self, f"CA{self.calls:032}")

    def text(self, words, **more):
        self.texts += 1
        form = {"MessageSid": f"SM{self.texts:032}", "Body": words, **more}
        return self.send(*self.request(f"{ADDRESS}/hooks/line/text", **form))

    def admit(self):
        self.world.perform(c.AdmitSeat(self.at), by=self.host.invite.seat_id)


class Call:
    """One call: each key goes to the address that the last answer named."""

    def __init__(self, twilio, sid):
        self.twilio, self.sid = twilio, sid
        self.hear(twilio.send(*twilio.request(f"{ADDRESS}/hooks/line/voice", CallSid=sid)))

    def hear(self, answer):
        assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
        self.tree = parsed(answer.data)
        gather = self.tree.find("Gather")
        self.next = "" if gather is None else gather.get("action")
        said = self.tree.find(".//Say")
        self.words, self.voice = (said.text, said.get("voice")) if said is not None else ("", "")
        return self.words

    def press(self, digits):
        self.twilio.world.clock.turn(seconds=1)
        self.last = self.twilio.request(self.next, CallSid=self.sid, Digits=digits)
        return self.hear(self.twilio.send(*self.last))

    def again(self):
        """Twilio did not hear our answer, and asks once more."""
        return self.hear(self.twilio.send(*self.last))


def parsed(answer):
    return ElementTree.fromstring(answer)  # noqa: S314 - our own


def written(answer):
    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
    return [each.text for each in parsed(answer.data)]


@pytest.fixture
def twilio():
    return Twilio(a_world(base_url=ADDRESS))


def test_a_call_from_the_first_ring_to_a_place_in_the_line(twilio):
    call = twilio.call()
    heard = [call.words, call.press(twilio.digits)]
    twilio.admit()
    heard += [call.press(key) for key in ("1", "2", "0", "5", "")]

    assert heard == [
        "Please give your nine digits.",
        "Thank you. Please wait a little.",
        *["Done."] * 3,
        "Please choose 1, 2, 3 or 0.",
        "",
    ]
    state = twilio.world.live()
    assert [place.seat for place in state.queue.line.places] == [twilio.at]
    assert state.signals == ()


def test_an_evening_by_text(twilio):
    heard = written(twilio.text(twilio.digits))
    twilio.admit()
    heard += [*written(twilio.text("Speak")), *written(twilio.text("3")), *written(twilio.text("hello"))]

    assert heard == [
        "Thank you. Please wait a little.",
        *["Done."] * 2,
        "Please choose 1, 2, 3 or 0.",
    ]
    assert twilio.world.live().ticket_of(twilio.at).kind == "something_else"


def test_whose_language_has_no_voice_hears_english_and_reads_her_own(twilio):
    moss = twilio.world.invite("Moss", language="ur")
    digits = line_pins.make(twilio.world.deps, moss.invite.person_id, "account x")
    call = twilio.call()

    assert call.press(digits) == "Thank you. Please wait a little."
    assert call.voice == "Polly.Amy"


def test_three_wrong_tries_and_the_call_is_hung_up(twilio):
    call = twilio.call()
    heard = [call.press(wrong) for wrong in ("000000000", "00", "000000001")]

    assert heard[0] == heard[2] == "That did not work. Please try again, or use the other phone number."
    assert heard[1] == "Please give your nine digits."
    assert (call.next, call.tree[-1].tag) == ("", "Hangup")


@pytest.mark.parametrize("url", PATHS)
def test_what_is_forged_is_refused_and_changes_nothing(twilio, url):
    before = twilio.world.live()
    path, body, headers = twilio.some(url)
    elsewhere = path.replace("step=1", "step=2") if "?" in path else f"{path}?step=2"
    forged = [
        twilio.some(url, token="x" * 32),
        (path, body, {"Content-Type": FORM}),
        (path, body + b"&Digits=1", headers),
        (elsewhere, body, headers),
        twilio.some(url, AccountSid="AC" + "b" * 32),
    ]

    answers = [twilio.send(*one) for one in forged]

    assert [(one.status_code, one.json["code"]) for one in answers] == [(401, "forged")] * 5
    assert twilio.world.live() == before


def test_a_request_for_one_address_is_nothing_at_another(twilio):
    _, body, headers = twilio.some(PATHS[0])

    assert twilio.send("/hooks/line/text", body, headers).json["code"] == "forged"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"To": "+447700900111"}, 404, "unknown"),
        ({"CallSid": "CA1"}, 400, "malformed"),
        ({"Digits": "1" * 30}, 400, "malformed"),
        ({"Digits": "x" * 9_000}, 413, "oversized"),
    ],
)
def test_what_is_not_for_us_is_refused_with_a_reason(twilio, more, status, code):
    answer = twilio.send(*twilio.request(KEYS, **{"CallSid": "CA" + "1" * 32, **more}))

    assert (answer.status_code, answer.json) == (status, {"ok": False, "code": code})


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"%ff"])
@pytest.mark.parametrize("url", PATHS)
def test_what_is_no_form_is_refused(twilio, url, body):
    answer = twilio.send(url.removeprefix(ADDRESS), body, {"Content-Type": FORM})

    assert answer.status_code in (400, 401)


@pytest.mark.parametrize("url", PATHS)
def test_a_look_with_a_browser_finds_no_page(twilio, url):
    assert twilio.client.get(url.removeprefix(ADDRESS)).status_code == 405


def test_the_signature_is_over_the_address_that_people_open(twilio):
    path, body, headers = twilio.some(KEYS)

    assert twilio.send(path, body, {**headers, "Host": "inside.example"}).status_code == 200


def test_each_request_may_come_twice_and_acts_once(twilio):
    call = twilio.call()
    first = call.press(twilio.digits)
    assert call.again() == first
    twilio.admit()
    for key in ("1", "2", "0"):
        said = call.press(key)
        before = twilio.world.live()
        assert call.again() == said
        assert twilio.world.live() == before

    assert [place.seat for place in twilio.world.live().queue.line.places] == [twilio.at]


def test_what_comes_late_and_out_of_order_does_no_harm(twilio):
    call = twilio.call()
    call.press(twilio.digits)
    twilio.admit()
    call.press("2")
    late = call.last
    call.press("0")

    answer = twilio.send(*late)

    assert answer.status_code == 200
    assert twilio.world.live().signals == ()


def test_a_request_of_another_evening_does_nothing(twilio):
    call = twilio.call()
    call.press(twilio.digits)
    twilio.admit()
    call.press("2")
    old = call.last
    twilio.world.store.destroy(twilio.world.session.id)

    call.hear(twilio.send(*old))

    assert (call.words, call.next) == ("It is over for today. Goodbye.", "")


def test_a_copy_of_a_wrong_try_is_no_second_one(twilio):
    call = twilio.call()
    call.press("000000000")
    call.again()

    assert len(twilio.world.store.shelf(LineTry).find()) == 1


def test_while_the_database_is_away_she_is_told_the_truth(twilio):
    call = twilio.call()
    call.press(twilio.digits)
    twilio.text(twilio.digits)
    twilio.world.store.down = True
    heard = [call.press("2"), *written(twilio.text("2"))]
    twilio.world.store.down = False

    assert heard == ["Not sent. Please use the other phone number."] * 2
    assert twilio.world.live().signals == ()
    assert call.press("2") == "Done."


def test_ten_keys_in_ten_seconds_are_enough(twilio):
    call = twilio.call()
    call.press(twilio.digits)

    heard = [call.press("2") for _ in range(12)]

    assert (heard[0], heard[-1]) == ("Done.", "That cannot be done just now.")
    assert call.next


def test_nothing_that_came_in_is_logged(twilio, caplog):
    caplog.set_level(logging.DEBUG)
    call = twilio.call()
    call.press("123123123")
    call.press(twilio.digits)
    call.press("1")
    twilio.text("my secret words")
    twilio.send(*twilio.some(KEYS, token="x" * 32))

    assert "line refused reason=forged" in caplog.text
    assert "refused reason=rules" in caplog.text  # which one would tell how she stands
    secrets = ("7700900142", "7700900998", "123123123", twilio.digits, call.sid, "my secret words", ACCOUNT)
    assert [secret for secret in secrets if secret in caplog.text] == []


def test_answers_are_as_quiet_as_pages(twilio):
    for answer in (twilio.text("1"), twilio.send(*twilio.some(KEYS, token="x" * 32))):
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY
        assert "Set-Cookie" not in answer.headers


def test_what_the_line_says_tells_nothing(twilio):
    """No answer names a group, a person or what was asked."""
    twilio.world.perform(c.SetAsking("paused"), by=twilio.host.invite.seat_id)
    call, heard = twilio.call(), []
    heard += [call.words, call.press("000000000"), call.press(twilio.digits)]
    heard += [call.press("1")]
    twilio.admit()
    heard += [call.press(key) for key in ("1", "2", "3", "0", "7")]

    words = " ".join(heard).lower()
    assert not any(word in words for word in ("group", "circle", "wren", "speak", "break", "help", "support", "turn"))


def test_where_there_is_no_line_its_addresses_are_nobodys(world):
    client = make_app(world).test_client()

    answers = [client.post(url.removeprefix(ADDRESS), data=b"a=b", content_type=FORM) for url in PATHS]

    assert [(one.status_code, one.json["code"]) for one in answers] == [(401, "forged")] * 3


def test_the_query_of_a_call_names_no_caller(twilio):
    call = twilio.call()
    call.press(twilio.digits)

    assert dict(parse_qsl(urlsplit(call.next).query)) == {"keys": "1", "step": "2", "silent": "0"}


# The desk


@pytest.fixture
def desk(world, browser):
    world.deps = replace(world.deps, line=FakeLine())
    browser.app = make_app(world)
    browser.client = browser.app.test_client()
    return signed_in(browser, world)


def test_new_digits_are_shown_once_after_a_proof(world, desk):
    person = world.person("Wren")
    path = f"/desk/people/{person.id}/line"
    older = line_pins.make(world.deps, person.id, "account x")
    desk.open(path)
    asked = desk.send(path)
    page = prove(desk, world)
    (shown,) = [each.words for each in page.all("bdi", dir="ltr") if each.words.replace(" ", "").isdecimal()]
    again = desk.open(path)

    digits = shown.replace(" ", "")
    assert asked.status == 401
    assert (len(digits), len(shown)) == (9, 11)
    assert shown not in again.words
    assert line_pins.person_of(world.deps, digits) == person
    assert line_pins.person_of(world.deps, older) is None
    assert "+44 20 7946 0999" in page.words


def test_taking_them_away_needs_no_proof(world, desk):
    person = world.person("Wren")
    path = f"/desk/people/{person.id}/line"
    digits = line_pins.make(world.deps, person.id, "account x")
    desk.open(path)
    page = desk.send(f"{path}/end")

    assert "She has no digits yet." in page.words
    assert line_pins.person_of(world.deps, digits) is None


def test_a_helper_has_no_digits(world, desk):
    kit = world.person("Kit", "tech_helper")

    assert "Phone line" not in desk.open(f"/desk/people/{kit.id}").words
    assert "New digits" not in desk.open(f"/desk/people/{kit.id}/line").words


def test_a_desk_without_a_line_says_so(world, browser):
    desk, person = signed_in(browser, world), world.person("Wren")

    assert "There is no phone line yet." in desk.open(f"/desk/people/{person.id}/line").words
