"""One contract for every text gateway, against servers that check what the true ones check."""

import json
import socket
import stat
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from companion.ports import BadReport, DeliveryFailed, Hook, NoTexts
from integrations.sms.fake import FakeTexter
from integrations.sms.folder import FolderTexter
from integrations.sms.notify import BadKey, NotifyTexter
from integrations.sms.twilio import TwilioTexter
from integrations.sms.vonage import BadKey as BadVonageKey
from integrations.sms.vonage import VonageTexter
from tests.integrations import gateways as g

TO, BODY = "+447700900123", "Here is what you asked for: https://notes.example/i/a_b شكرا"
HOOKS = "https://notes.example/hooks/text/twilio"
LONG_AGO = datetime.now(UTC) - timedelta(minutes=5)
READ = 0.3


class Bench:
    """A texter and the gateway that it speaks to."""

    def __init__(self, texter, server):
        self.texter, self.server = texter, server

    def tell(self, status, body=b"{}", **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.server.told.append((status, {name.replace("_", "-"): value for name, value in headers.items()}, body))

    def fails(self, to=TO, body=BODY):
        with pytest.raises(DeliveryFailed) as failed:
            self.texter.send(to, body, "letter-1")
        assert TO not in failed.value.problem
        return failed.value


def make(name, address):
    if name == "twilio":
        return TwilioTexter(g.ACCOUNT, g.TOKEN, "+447700900999", hooks=HOOKS, api=address, read=READ)
    if name == "vonage":
        return VonageTexter(g.APPLICATION, g.PRIVATE, g.SIGNATURE, "Notes", api=address, read=READ)
    return NotifyTexter(g.NOTIFY_KEY, g.TEMPLATE, g.CALLBACK, api=address, read=READ)


KINDS = {"twilio": g.Twilio, "vonage": g.Vonage, "notify": g.Notify}


@pytest.fixture(params=KINDS)
def bench(request):
    with g.a_gateway(KINDS[request.param]) as server:
        yield Bench(make(request.param, server.address), server)


@pytest.fixture
def one(request):
    """The gateway that a test names."""
    with g.a_gateway(KINDS[request.param]) as server:
        yield Bench(make(request.param, server.address), server)


def of(name):
    return pytest.mark.parametrize("one", [name], indirect=True)


def test_a_text_is_taken_as_it_was_written_and_has_an_id(bench):
    ids = {bench.texter.send(TO, BODY, f"letter-{number}") for number in range(2)}

    assert [(taken["To"], taken["Body"]) for taken in bench.server.taken] == [(TO, BODY)] * 2
    assert len(ids) == 2
    assert all(ids)


def test_a_number_that_is_none_fails_for_good(bench):
    failure = bench.fails(to="+12")

    assert (failure.permanent, failure.trouble) == (True, "number")
    assert bench.server.taken == []


def test_a_text_that_is_too_long_fails_for_good(bench):
    failure = bench.fails(body="x" * 2000)

    assert (failure.permanent, failure.trouble) == (True, "refused")


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_not_accepted_is_for_the_operator(bench, status):
    bench.tell(status)

    failure = bench.fails()

    assert (failure.permanent, failure.trouble) == (False, "credentials")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7),
        ("Thu, 05 Mar 2026 19:01:30 GMT", 90),
        ("2026-03-05T19:01:30Z", 90),
        ("Thu, 05 Mar 2026 18:00:00 GMT", 0),
        ("soon", None),
    ],
)
def test_too_many_texts_are_slowed_for_as_long_as_the_gateway_asks(bench, header, seconds, monkeypatch):
    at = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)
    monkeypatch.setattr(g.Talk, "date_time_string", lambda self, timestamp=None: format_datetime(at, usegmt=True))
    bench.tell(429, **({"Retry_After": header} if header else {}))

    failure = bench.fails()

    assert (failure.permanent, failure.trouble, failure.retry_after) == (False, "throttled", seconds)


@pytest.mark.parametrize("status", [500, 503])
def test_a_gateway_that_breaks_has_not_taken_it(bench, status):
    bench.tell(status, b"<h1>oh</h1>")

    assert (bench.fails().trouble, bench.server.taken) == ("down", [])


@pytest.mark.parametrize(
    "answer", [(502, b""), (504, b"<h1>"), (200, b"<h1>"), (201, b"{}"), (202, b"[1]"), (201, b'{"sid": 1')]
)
def test_where_nobody_says_what_became_of_it_nobody_pretends_to_know(bench, answer):
    bench.tell(*answer)

    failure = bench.fails()

    assert (failure.permanent, failure.trouble) == (False, "unsure")


def test_a_redirect_is_not_followed_with_our_key(bench):
    bench.tell(302, Location="http://127.0.0.1:9/steal")

    assert bench.fails().trouble == "credentials"


def test_a_gateway_that_takes_it_and_falls_silent_leaves_us_unsure(bench):
    bench.server.hang.set()

    failure = bench.fails()

    assert (failure.permanent, failure.trouble) == (False, "unsure")
    assert len(bench.server.taken) == 1


@pytest.mark.parametrize("name", KINDS)
def test_a_gateway_that_is_away_has_taken_nothing(name):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    failure = Bench(make(name, f"http://127.0.0.1:{port}"), None).fails()

    assert (failure.permanent, failure.trouble) == (False, "down")
    assert g.ACCOUNT not in failure.problem


@pytest.mark.parametrize(("one", "known"), [("twilio", True), ("notify", True)], indirect=["one"])
def test_a_gateway_that_can_be_asked_knows_what_it_took(one, known):
    before = one.texter.look_up(TO, BODY, "letter-1", LONG_AGO)
    taken = one.texter.send(TO, BODY, "letter-1")

    assert before is None
    assert one.texter.look_up(TO, BODY, "letter-1", LONG_AGO) == taken
    assert one.texter.look_up(TO, "Other words", "letter-2", LONG_AGO) is None


@of("vonage")
def test_vonage_cannot_be_asked_and_says_so(one):
    with pytest.raises(DeliveryFailed) as failed:
        one.texter.look_up(TO, BODY, "letter-1", LONG_AGO)

    assert failed.value.trouble == "unsure"


@of("twilio")
def test_a_text_from_before_is_not_this_one(one):
    one.texter.send(TO, BODY, "letter-1")

    assert one.texter.look_up(TO, BODY, "letter-2", datetime.now(UTC) + timedelta(minutes=10)) is None


@of("twilio")
def test_an_account_that_keeps_no_words_cannot_be_asked(one):
    one.server.keeps_words = False
    one.texter.send(TO, BODY, "letter-1")

    with pytest.raises(DeliveryFailed) as failed:
        one.texter.look_up(TO, BODY, "letter-1", LONG_AGO)

    assert failed.value.trouble == "unsure"


@pytest.mark.parametrize("one", ["twilio", "notify"], indirect=True)
def test_a_question_that_is_not_answered_decides_nothing(one):
    one.server.shutdown()
    one.server.server_close()

    with pytest.raises(DeliveryFailed) as failed:
        one.texter.look_up(TO, BODY, "letter-1", LONG_AGO)

    assert failed.value.trouble == "unsure"


@of("twilio")
@pytest.mark.parametrize(
    ("status", "code", "trouble", "permanent"),
    [
        (400, 21211, "number", True),
        (400, 21614, "number", True),
        (400, 21610, "opted_out", True),
        (400, 21408, "credentials", False),
        (400, 21608, "credentials", False),
        (400, 21606, "credentials", False),
        (400, 21617, "refused", True),
        (400, 21611, "throttled", False),
        (401, 20003, "credentials", False),
        (404, 20404, "credentials", False),
        (429, 20429, "throttled", False),
    ],
)
def test_what_twilio_says_is_understood(one, status, code, trouble, permanent):
    one.tell(status, {"code": code, "message": f"The number {TO} is not right.", "status": status})

    failure = one.fails()

    assert (failure.trouble, failure.permanent) == (trouble, permanent)


@of("twilio")
def test_twilio_is_told_where_to_report_with_our_own_id(one):
    one.texter.send(TO, BODY, "a_b c")

    (taken,) = one.server.taken
    assert taken["StatusCallback"] == f"{HOOKS}?letter=a_b%20c"
    assert taken["From"] == "+447700900999"


def test_a_messaging_service_of_twilio_is_named_as_one():
    with g.a_gateway(g.Twilio) as server:
        TwilioTexter(g.ACCOUNT, g.TOKEN, "MG" + "f" * 32, api=server.address).send(TO, BODY, "letter-1")

    (taken,) = server.taken
    assert taken["MessagingServiceSid"] == "MG" + "f" * 32
    assert "StatusCallback" not in taken


@of("vonage")
@pytest.mark.parametrize(
    ("status", "problem", "trouble", "permanent"),
    [
        (401, {"type": "https://developer.vonage.com/api-errors#unauthorized"}, "credentials", False),
        (402, {"type": "https://developer.vonage.com/api-errors#low-balance"}, "credentials", False),
        (422, {"invalid_parameters": [{"name": "from", "reason": "x"}]}, "credentials", False),
        (422, {"type": "https://developer.vonage.com/api-errors/messages#1050"}, "opted_out", True),
        (422, {"type": "https://developer.vonage.com/api-errors/messages#1170"}, "number", True),
        (422, {"title": "1160"}, "credentials", False),
        (422, {"type": "https://developer.vonage.com/api-errors/messages#1000"}, "throttled", False),
        (422, {"type": 3, "invalid_parameters": "x"}, "refused", True),
    ],
)
def test_what_vonage_says_is_understood(one, status, problem, trouble, permanent):
    one.tell(status, problem)

    failure = one.fails()

    assert (failure.trouble, failure.permanent) == (trouble, permanent)


@of("notify")
@pytest.mark.parametrize(
    ("status", "error", "message", "trouble", "permanent"),
    [
        (400, "ValidationError", "phone_number Not enough digits", "number", True),
        (400, "ValidationError", "phone_number Number is not possible", "number", True),
        (400, "BadRequestError", "Cannot send to this recipient using a team-only API key", "credentials", False),
        (400, "BadRequestError", "Cannot send to this recipient when service is in trial mode", "credentials", False),
        (400, "BadRequestError", "Cannot send to international mobile numbers", "credentials", False),
        (403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds", "credentials", False),
        (
            429,
            "RateLimitError",
            "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
            "throttled",
            False,
        ),
        (429, "TooManyRequestsError", "Exceeded send limits (sms: 50) for today", "throttled", False),
    ],
)
def test_what_notify_says_is_understood(one, status, error, message, trouble, permanent):
    one.tell(status, {"status_code": status, "errors": [{"error": error, "message": message}]})

    failure = one.fails()

    assert (failure.trouble, failure.permanent) == (trouble, permanent)


def test_keys_that_are_none_are_refused_at_once():
    with pytest.raises(BadKey):
        NotifyTexter("some key", g.TEMPLATE, g.CALLBACK)
    with pytest.raises(BadVonageKey):
        VonageTexter(g.APPLICATION, "some key", g.SIGNATURE, "Notes")


def test_no_gateway_sends_nothing():
    with pytest.raises(DeliveryFailed) as failed:
        NoTexts().send(TO, BODY, "letter-1")

    assert failed.value.trouble == "credentials"


def test_a_text_in_the_folder_is_one_file_for_its_owner_alone(tmp_path):
    texter = FolderTexter(tmp_path / "texts")

    before = texter.look_up(TO, BODY, "letter-1", LONG_AGO)
    ids = {texter.send(TO, BODY, "letter-1"), texter.send(TO, BODY, "letter-1")}

    (path,) = (tmp_path / "texts").iterdir()
    assert before is None
    assert ids == {path.stem, texter.look_up(TO, BODY, "letter-1", LONG_AGO)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == f"To: {TO}\n\n{BODY}\n"


def test_a_folder_of_texts_that_cannot_be_written_may_work_later(tmp_path):
    (tmp_path / "texts").write_text("a file")

    with pytest.raises(DeliveryFailed) as failed:
        FolderTexter(tmp_path / "texts").send(TO, BODY, "letter-1")

    assert (failed.value.permanent, failed.value.trouble) == (False, "down")


@pytest.mark.parametrize("texter", [FakeTexter(), NoTexts()], ids=["fake", "none"])
def test_nobody_else_reports(texter):
    with pytest.raises(BadReport):
        texter.read_report(Hook("https://notes.example", {}, b"{}", LONG_AGO))
