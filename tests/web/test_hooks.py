"""Reports of text gateways: what is signed counts, once and forwards; all else is refused and changes nothing."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta
from urllib.parse import urlencode

import jwt
import pytest

from companion.core.values import replace
from companion.ports import Hook
from companion.records import Invite, Letter, SeenReport
from companion.service import outbox
from companion.web import hooks
from integrations.sms.notify import NotifyTexter
from integrations.sms.twilio import TwilioTexter
from integrations.sms.vonage import VonageTexter
from integrations.twilio_signing import is_signed
from tests.fakes.world import a_world
from tests.integrations import gateways as g
from tests.web.conftest import make_app
from tests.web.pages import SECURITY

ADDRESS = "https://notes.example"
TEXTERS = {
    "twilio": TwilioTexter(g.ACCOUNT, g.TOKEN, "+447700900999"),
    "vonage": VonageTexter(g.APPLICATION, g.PRIVATE, g.SIGNATURE, "Notes"),
    "notify": NotifyTexter(g.NOTIFY_KEY, g.TEMPLATE, g.CALLBACK),
}
WORDS = {  # how each gateway says it
    "twilio": {"sent": "sent", "delivered": "delivered", "failed": "undelivered"},
    "vonage": {"sent": "submitted", "delivered": "delivered", "failed": "rejected"},
    "notify": {"sent": "sending", "delivered": "delivered", "failed": "permanent-failure"},
}


class Bench:
    """An application with one gateway, a text that has left by it, and reports as the gateway makes them."""

    def __init__(self, provider):
        self.provider = provider
        self.world = a_world(base_url=ADDRESS)
        self.world.deps = replace(self.world.deps, texter=TEXTERS[provider])
        self.client = make_app(self.world).test_client()
        self.letter = outbox.post(self.world.deps, "07700 900123", "", "Hello.", kind="text")
        self.shelf = self.world.store.shelf(Letter)
        self.shelf.put(replace(self.letter, state="sent", reference="ref-1", body="", to=""))

    def state(self):
        return self.shelf.get(self.letter.id).state

    def report(self, outcome, *, letter=None, reference="ref-1", word=None, **more):
        """Path, body and headers of a report."""
        letter = self.letter.id if letter is None else letter
        word = word or WORDS[self.provider][outcome]
        return getattr(self, f"_{self.provider}")(word, letter, reference, **more)

    def send(self, path, body, headers):
        return self.client.post(path, data=body, headers=headers)

    def _twilio(self, word, letter, reference, token=g.TOKEN, error="", **more):
        path = f"/hooks/text/twilio?letter={letter}"
        form = {"MessageSid": reference, "MessageStatus": word, "To": "+447700900123", "ErrorCode": error, **more}
        signed = ADDRESS + path + "".join(name + form[name] for name in sorted(form))
        signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        kind = "application/x-www-form-urlencoded"
        return path, urlencode(form).encode(), {"X-Twilio-Signature": signature, "Content-Type": kind}

    def _vonage(
        self, word, letter, reference, token=g.SIGNATURE, age=0, jti="one", error="", algorithm="HS256", **more
    ):
        said = {"message_uuid": reference, "client_ref": letter, "status": word, "to": "447700900123", **more}
        if error:
            said["error"] = {"type": f"https://developer.vonage.com/api-errors/messages#{error}", "title": error}
        body = json.dumps(said).encode()
        claims = {
            "iat": int(self.world.clock().timestamp()) - age,
            "jti": jti,
            "iss": "Vonage",
            "payload_hash": hashlib.sha256(body).hexdigest(),
        }
        bearer = jwt.encode(claims, token, algorithm=algorithm)
        return "/hooks/text/vonage", body, {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}

    def _notify(self, word, letter, reference, token=g.CALLBACK, error="", **more):
        body = json.dumps({"id": reference, "reference": letter, "status": word, "to": "07700900123", **more}).encode()
        return "/hooks/text/notify", body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


@pytest.fixture(params=TEXTERS)
def bench(request):
    return Bench(request.param)


@pytest.mark.parametrize("outcome", ["delivered", "failed"])
def test_a_signed_report_moves_a_text_on(bench, outcome):
    answer = bench.send(*bench.report(outcome))

    assert (answer.status_code, answer.json, bench.state()) == (200, {"ok": True}, outcome)


def test_a_report_is_known_by_the_gateways_own_id_too(bench):
    bench.send(*bench.report("delivered", letter=""))

    assert bench.state() == "delivered"


def test_late_doubled_and_out_of_order_reports_do_no_harm(bench):
    more = [{"jti": name} if bench.provider == "vonage" else {} for name in "abcd"]
    for outcome, each in zip(["delivered", "sent", "delivered", "failed"], more, strict=True):
        answer = bench.send(*bench.report(outcome, **each))
        assert answer.status_code == 200

    assert bench.state() == "delivered"


def test_a_forged_report_is_refused_and_changes_nothing(bench):
    answer = bench.send(*bench.report("delivered", token="x" * 40))

    assert (answer.status_code, answer.json, bench.state()) == (401, {"ok": False, "code": "forged"}, "sent")


def test_a_report_without_any_proof_is_refused(bench):
    path, body, headers = bench.report("delivered")

    answer = bench.send(path, body, {"Content-Type": headers["Content-Type"]})

    assert (answer.status_code, answer.json["code"], bench.state()) == (401, "forged", "sent")


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
def test_a_report_that_was_altered_on_its_way_is_refused(provider):
    bench = Bench(provider)
    path, body, headers = bench.report("failed")

    answer = bench.send(path, body.replace(WORDS[provider]["failed"].encode(), b"delivered"), headers)

    assert (answer.status_code, answer.json["code"], bench.state()) == (401, "forged", "sent")


def test_the_address_of_a_twilio_report_is_signed_as_well():
    bench = Bench("twilio")
    path, body, headers = bench.report("delivered", letter="another", reference="another")

    answer = bench.send(path.replace("another", bench.letter.id), body, headers)

    assert (answer.status_code, bench.state()) == (401, "sent")


def test_twilio_signs_the_address_that_people_open_with_or_without_its_port():
    bench = Bench("twilio")
    path, body, headers = bench.report("delivered")
    form = dict(part.split("=", 1) for part in body.decode().split("&"))
    form["To"] = "+447700900123"
    signed = f"{ADDRESS}:443{path}" + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(g.TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()

    answer = bench.send(path, body, {**headers, "X-Twilio-Signature": signature, "Host": "elsewhere.example"})

    assert (answer.status_code, bench.state()) == (200, "delivered")


def test_the_signature_is_the_one_that_twilio_publishes():
    form = [("CallSid", "CA1234567890ABCDE"), ("Caller", "+12349013030"), ("Digits", "1234")]
    form += [("From", "+12349013030"), ("To", "+18005551212")]
    hook = Hook("https://mycompany.com/myapp.php?foo=1&bar=2", {"X-Twilio-Signature": ""}, b"", None)

    right = is_signed("12345", replace(hook, headers={"X-Twilio-Signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ="}), form)
    wrong = is_signed("12345", replace(hook, headers={"X-Twilio-Signature": "1/KCTR6DLpKmkAf8muzZqo1nDgQ="}), form)

    assert (right, wrong) == (True, False)


@pytest.mark.parametrize("age", [600, -600])
def test_a_stale_report_is_refused(age):
    bench = Bench("vonage")

    answer = bench.send(*bench.report("delivered", age=age))

    assert (answer.status_code, answer.json["code"], bench.state()) == (401, "stale", "sent")


def test_a_report_that_is_replayed_has_no_second_effect():
    bench = Bench("vonage")
    report = bench.report("failed")
    bench.send(*report)
    bench.shelf.put(replace(bench.shelf.get(bench.letter.id), state="sent"))

    again = bench.send(*report)

    assert (again.status_code, again.json) == (200, {"ok": False, "code": "replayed"})
    assert bench.state() == "sent"


def test_what_was_seen_is_forgotten_once_its_copy_would_be_stale():
    bench = Bench("vonage")
    bench.send(*bench.report("delivered"))
    before = len(bench.world.store.shelf(SeenReport).find())

    bench.world.clock.turn(days=2)
    outbox.tidy(bench.world.deps)

    assert (before, len(bench.world.store.shelf(SeenReport).find())) == (1, 0)


@pytest.mark.parametrize("algorithm", ["none", "HS512"])
def test_another_algorithm_is_refused(algorithm):
    bench = Bench("vonage")
    key = "" if algorithm == "none" else "s" * 64

    answer = bench.send(*bench.report("delivered", token=key, algorithm=algorithm))

    assert (answer.status_code, bench.state()) == (401, "sent")


def test_a_report_of_a_text_that_nobody_knows_is_answered_kindly(bench):
    answer = bench.send(*bench.report("delivered", letter="nobody", reference="nothing"))

    assert (answer.status_code, answer.json) == (200, {"ok": False, "code": "unknown"})


def test_a_report_cannot_move_a_mail(bench):
    mail = outbox.post(bench.world.deps, "her@example.org", "s", "b")

    answer = bench.send(*bench.report("delivered", letter=mail.id, reference=mail.reference))

    assert answer.json["code"] == "unknown"
    assert bench.shelf.get(mail.id).state == "waiting"


def test_a_report_too_long_to_be_one_is_refused_unread(bench):
    path, body, headers = bench.report("delivered")

    answer = bench.send(path, body + b" " * hooks.LONGEST, headers)

    assert (answer.status_code, answer.json["code"], bench.state()) == (413, "oversized", "sent")


def test_a_signed_report_that_says_nothing_known_is_refused(bench):
    answer = bench.send(*bench.report("", word="dancing"))

    assert (answer.status_code, answer.json["code"], bench.state()) == (400, "malformed", "sent")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b'{"status": 3}', b"\xff\xfe", b'{"status": ["delivered"]}']
)
def test_what_is_no_report_is_refused(bench, body):
    answer = bench.client.post(
        f"/hooks/text/{bench.provider}", data=body, headers={"Authorization": f"Bearer {g.CALLBACK}"}
    )

    assert answer.status_code in (400, 401)
    assert bench.state() == "sent"


@pytest.mark.parametrize("provider", ["fake", "", "mail", "twilio/../x"])
def test_another_gateways_address_is_nobodys(bench, provider):
    _, body, headers = bench.report("delivered")

    answer = bench.client.post(f"/hooks/text/{provider}", data=body, headers=headers)

    assert answer.status_code in (401, 404)
    assert bench.state() == "sent"


def test_nothing_of_a_report_is_logged(bench, caplog):
    caplog.set_level(logging.DEBUG)
    bench.send(*bench.report("delivered", token="x" * 40))
    bench.send(*bench.report("delivered"))

    logged = caplog.text

    assert "reason=forged" in logged
    assert not any(secret in logged for secret in ("7700900123", "ref-1", bench.letter.id, g.CALLBACK, "x" * 40))


def test_answers_are_as_quiet_as_pages(bench):
    for answer in (bench.send(*bench.report("sent")), bench.send(*bench.report("sent", token="x" * 40))):
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_report_that_cannot_be_kept_is_asked_for_again(bench):
    report = bench.report("delivered")
    bench.world.store.down = True

    down = bench.send(*report)
    bench.world.store.down = False
    again = bench.send(*report)

    assert (down.status_code, again.status_code, bench.state()) == (503, 200, "delivered")


@pytest.mark.parametrize(
    ("provider", "more", "advice"),
    [
        ("twilio", {"error": "30003"}, "number"),
        ("twilio", {"error": "21610"}, "opted_out"),
        ("twilio", {"error": "30007"}, "refused"),
        ("vonage", {"error": "1170"}, "number"),
        ("vonage", {"error": "1050"}, "opted_out"),
        ("notify", {}, "number"),
        ("notify", {"word": "temporary-failure"}, "later"),
        ("notify", {"word": "technical-failure"}, "down"),
    ],
)
def test_a_report_says_what_to_do_next(provider, more, advice):
    bench = Bench(provider)

    bench.send(*bench.report("failed", **more))

    (undelivered,) = outbox.undelivered(bench.world.deps)
    assert (undelivered.advice, undelivered.can_be_sent_again) == (advice, False)


def test_a_report_reaches_the_invite_that_the_text_was_about(bench):
    issued = bench.world.invite("Wren")
    bench.world.store.shelf(Invite).put(replace(issued.invite, state="sent"))
    bench.shelf.put(replace(bench.shelf.get(bench.letter.id), about=f"invite {issued.invite.id}"))
    bench.world.clock.turn(minutes=1)

    bench.send(*bench.report("delivered"))

    invite = bench.world.again(issued)
    assert (invite.state, invite.delivered_at) == ("delivered", bench.world.clock())
    assert invite.delivered_at - timedelta(minutes=1) <= invite.sent_at <= invite.delivered_at
