"""Platforms that report who is in the call: what is theirs counts once, in its own order; nothing else does."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta

import pytest

from companion.core import commands as c
from companion.core.values import replace
from companion.core.views import panel_for
from companion.records import CallPlace, HeldCall, Platform
from companion.service import calls, platforms, room_gate
from integrations.calls import ChosenCalls
from tests.fakes.world import a_world
from tests.integrations.test_jitsi import PEM
from tests.web.conftest import make_app

SECRET = "a secret of one's own server, long enough"
HOOK_SECRET = "whsec-of-this-endpoint"
TENANT = "vpaas-magic-cookie-abc"
KINDS = ("jitsi", "jaas")
JID = "14f01c40-5195-4a4d-8efb-f58b49d18741@meet.example/OWhl8jSh"


class Bench:
    """An application with one account, an evening with Sol and Wren, and reports as the platform makes them."""

    def __init__(self, kind):
        self.kind = kind
        self.world = a_world()
        self.world.deps = replace(
            self.world.deps, calls=ChosenCalls(self.world.store.shelf(Platform).get, "jitsi.example")
        )
        self.deps = self.world.deps
        self.platform = self.account()
        platforms.choose(self.deps, self.world.group.id, self.platform.id)
        self.sol = self.world.open_doors()
        self.wren = self.world.invite("Wren")
        self.world.perform(
            c.Arrive(self.wren.invite.seat_id, "phone", "Wren", caller=self.ref(self.wren)),
        )
        self.world.perform(c.AdmitAll(), by=self.sol.invite.seat_id)
        self.client = make_app(self.world).test_client()

    def account(self, name="Ours"):
        if self.kind == "jitsi":
            made = platforms.add(self.deps, "jitsi", name, "https://meet.example", "companion", SECRET)
            self.token = room_gate.new_token(self.deps, made.id)
            return made
        more = {"key_id": "k1", "webhook_secret": HOOK_SECRET}
        return platforms.add(self.deps, "jaas", name, "https://8x8.vc", TENANT, PEM, **more)

    def ref(self, issued):
        return calls.ref_of(self.deps, self.world.session.id, issued.invite.seat_id)

    def room(self, one_to_one=""):
        return calls.room_of(self.deps, self.world.session, one_to_one).ref

    def report(self, what="joined", *, who=None, jid=JID, name="Wren", room=None, after=0, once="", breakout=False):
        """Body of a report."""
        at = self.world.clock() + timedelta(seconds=after)
        room = self.room() if room is None else room
        who = self.ref(self.wren) if who is None else who
        if self.kind == "jitsi":
            return self._of_prosody(what, who, jid, name, room, at, breakout)
        return self._of_jaas(what, who, jid, name, room, at, once or f"{what} {jid} {at}", breakout)

    def _of_prosody(self, what, who, jid, name, room, at, breakout):
        said = {"room_name": room, "room_jid": f"{room}@conference.meet.example", "is_breakout": breakout}
        if breakout:
            said["breakout_room_id"] = "e0f4"
        if what == "ended":
            return {**said, "event_name": "muc-room-destroyed", "created_at": 1, "destroyed_at": int(at.timestamp())}
        moment = {"joined_at": int(at.timestamp())} | ({"left_at": int(at.timestamp())} if what == "left" else {})
        occupant = {"occupant_jid": jid, "id": who, "name": name, "email": "", **moment}
        return {**said, "event_name": f"muc-occupant-{what}", "active_occupants_count": 1, "occupant": occupant}

    def _of_jaas(self, what, who, jid, name, room, at, once, breakout):
        data = {"id": who, "name": name, "participantJid": jid, "moderator": "false"}
        data |= {"isBreakout": True, "breakoutRoomId": "e0f4"} if breakout else {}
        return {
            "idempotencyKey": once,
            "appId": TENANT,
            "customerId": "abc",
            "eventType": "ROOM_DESTROYED" if what == "ended" else f"PARTICIPANT_{what.upper()}",
            "timestamp": int(at.timestamp() * 1000),
            "fqn": f"{TENANT}/{room}",
            "data": {} if what == "ended" else data,
        }

    def headers(self, body, *, key=None, at=None):
        if self.kind == "jitsi":
            return {"Authorization": f"Bearer {self.token if key is None else key}"}
        moment = str(int((at or self.world.clock()).timestamp()))
        key = (HOOK_SECRET if key is None else key).encode()
        digest = base64.b64encode(hmac.new(key, f"{moment}.".encode() + body, hashlib.sha256).digest()).decode()
        return {"X-Jaas-Signature": f"t={moment},v1={digest}"}

    def send(self, said, *, platform=None, **signed):
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        path = f"/hooks/calls/{platform or self.platform.id}" + (
            "/events/occupant/joined" if self.kind == "jitsi" else ""
        )
        answer = self.client.post(
            path, data=body, headers=self.headers(body, **signed), content_type="application/json"
        )
        return answer.status_code, answer.json.get("code", "")

    def seen(self):
        view = panel_for(self.world.live(), self.sol.invite.seat_id)["call"]
        return [one.alias for one in view.people], [one.alias for one in view.unknown], [p.alias for p in view.gone]


@pytest.fixture(params=KINDS)
def bench(request):
    return Bench(request.param)


def test_who_comes_and_goes_is_seen_on_the_facilitators_panel(bench):
    came = bench.send(bench.report())
    seen = bench.seen()
    went = bench.send(bench.report("left", after=60))

    assert (came, went) == ((200, ""), (200, ""))
    assert (seen, bench.seen()) == ((["Wren"], [], []), ([], [], ["Wren"]))


def test_somebody_without_our_reference_stands_there_by_the_name_she_has_in_the_call(bench):
    bench.send(bench.report(who="", name="iPad"))
    bench.send(bench.report(who="somebody-elses", name="Guest", jid="9" + JID))

    assert bench.seen() == ([], ["iPad", "Guest"], [])


def test_late_and_out_of_order_tells_how_it_is_now(bench):
    bench.send(bench.report("left", after=60))
    late = bench.send(bench.report("joined", after=10))

    assert (late, bench.seen()) == ((200, ""), ([], [], ["Wren"]))


def test_into_a_breakout_room_and_back_in_the_same_second_is_never_gone(bench):
    bench.send(bench.report())
    for what, breakout in (("joined", True), ("left", False)):
        bench.send(bench.report(what, after=30, breakout=breakout))
    assert bench.seen() == (["Wren"], [], [])

    for what, breakout in (("left", True), ("joined", False)):
        bench.send(bench.report(what, after=90, breakout=breakout))
    assert bench.seen() == (["Wren"], [], [])


def test_when_the_room_ends_nobody_is_in_it(bench):
    bench.send(bench.report())
    bench.send(bench.report("ended", after=600))

    assert bench.seen() == ([], [], ["Wren"])


def test_the_same_report_again_has_no_effect(bench):
    bench.send(bench.report())
    before = bench.world.live()

    assert bench.send(bench.report()) == (200, "replayed")
    assert bench.world.live() == before


def test_a_private_room_is_nobodys_business(bench):
    assert bench.send(bench.report(room=bench.room("some-request"))) == (200, "unknown")
    assert bench.seen() == ([], [], [])


@pytest.mark.parametrize("key", ["", "another", "another-secret-or-token"])
def test_what_is_forged_is_refused(bench, key):
    before = bench.world.live()

    assert bench.send(bench.report(), key=key) == (401, "forged")
    assert bench.world.live() == before


def test_nothing_is_believed_that_names_no_account_or_one_without_a_secret(bench):
    bare = replace(bench.platform, id="bare", more={"key_id": "k1"})
    bench.world.store.shelf(Platform).put(bare)

    assert bench.send(bench.report(), platform="nobody") == (401, "forged")
    assert bench.send(bench.report(), platform="bare", key="") == (401, "forged")


def test_another_account_of_ours_opens_no_room_of_this_group(bench):
    theirs = bench.account("Theirs")

    assert bench.send(bench.report(), platform=theirs.id) == (200, "unknown")
    assert bench.seen() == ([], [], [])


def test_another_organisation_behind_the_same_secret_is_refused():
    bench = Bench("jaas")
    said = bench.report()

    assert bench.send({**said, "appId": "vpaas-magic-cookie-other"}) == (401, "forged")
    assert bench.send({**said, "fqn": f"vpaas-magic-cookie-other/{bench.room()}"}) == (401, "forged")


@pytest.mark.parametrize("seconds", [-301, 301, -86_400])
def test_a_signature_of_another_time_is_stale(seconds):
    bench = Bench("jaas")

    assert bench.send(bench.report(), at=bench.world.clock() + timedelta(seconds=seconds)) == (401, "stale")


@pytest.mark.parametrize("scheme", ["v0", "v2", "t"])
def test_only_the_signature_scheme_that_is_known_counts(scheme):
    bench = Bench("jaas")
    body = json.dumps(bench.report()).encode()
    headers = {"X-Jaas-Signature": bench.headers(body)["X-Jaas-Signature"].replace("v1=", f"{scheme}=")}

    answer = bench.client.post(f"/hooks/calls/{bench.platform.id}", data=body, headers=headers)

    assert (answer.status_code, answer.json["code"]) == (401, "forged")


def test_the_signature_of_the_documentations_form_is_taken():
    """t in seconds, v1 in base64, and other schemes beside it."""
    bench = Bench("jaas")
    body = json.dumps(bench.report()).encode()
    signed = bench.headers(body)["X-Jaas-Signature"]

    answer = bench.client.post(
        f"/hooks/calls/{bench.platform.id}", data=body, headers={"X-Jaas-Signature": f"{signed},v0=abc="}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 5_000, b'{"event_name": 5}'])
def test_what_is_no_report_is_refused_with_a_reason(bench, body):
    assert bench.send(body) == (400, "malformed")


def test_what_is_too_long_is_not_read(bench):
    assert bench.send(b"x" * 20_000) == (413, "oversized")


def test_a_report_of_something_else_is_taken_kindly(bench):
    said = {**bench.report(), "event_name": "muc-something", "eventType": "RECORDING_STARTED"}

    assert bench.send(said) == (200, "")
    assert bench.seen() == ([], [], [])


def test_after_the_end_nothing_is_kept(bench):
    sol = bench.sol.invite.seat_id
    for command in (c.StartSession(), c.BeginEnding(), c.CloseSession(confirmed=True)):
        bench.world.perform(command, by=sol)
    before = bench.world.live()

    bench.send(bench.report())

    assert bench.world.live() == before


def test_the_log_knows_a_reason_and_no_name(bench, caplog):
    caplog.set_level(logging.DEBUG)
    bench.send(bench.report(name="Mary Surname"))
    bench.send(bench.report(name="Mary Surname"))
    bench.send(bench.report(name="Mary Surname"), key="no")
    bench.send(b"{Mary")

    for reason in ("replayed", "forged", "malformed"):
        assert f"report refused reason={reason}" in caplog.text
    assert not any(word in caplog.text for word in ("Mary", bench.room(), bench.ref(bench.wren), "14f01c40"))


class Zoom(Bench):
    """The same evening with a call that Zoom holds, and Wren's place in it."""

    def __init__(self):
        super().__init__("zoom")
        self.place = self.world.store.shelf(CallPlace)
        self.world.store.shelf(HeldCall).put(
            HeldCall(self.world.session.id, self.platform.id, self.world.clock(), 90, "86513", "made")
        )
        seat = self.wren.invite.seat_id
        self.place.put(
            CallPlace("p1", self.world.session.id, seat, self.world.clock(), "86513", "registrant-1", "https://z/1", 1)
        )

    def account(self, name="Ours"):
        more = {"client_id": "c1", "host": "host@charity.example", "webhook_secret": "a secret token of twenty two"}
        return platforms.add(
            self.deps, "zoom", name, "https://zoom.us", "acc-1", "a client secret that is long enough", **more
        )

    def say(self, event, *, call="86513", registrant="registrant-1", name="Wren", after=0, account="acc-1", key=None):
        at = self.world.clock() + timedelta(seconds=after)
        moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        person = {"user_name": name, "registrant_id": registrant, "participant_uuid": "u-1", "user_id": "167"}
        person |= {"leave_time" if "left" in event else "join_time": moment, "date_time": moment}
        said = {
            "event": event,
            "event_ts": int(at.timestamp() * 1000),
            "payload": {"account_id": account, "object": {"id": call, "uuid": "m==", "participant": person}},
        }
        body = json.dumps(said).encode()
        stamp = str(int(self.world.clock().timestamp()))
        secret = (self.platform.more["webhook_secret"] if key is None else key).encode()
        signed = "v0=" + hmac.new(secret, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        answer = self.client.post(
            f"/hooks/calls/{self.platform.id}",
            data=body,
            headers={"x-zm-signature": signed, "x-zm-request-timestamp": stamp},
            content_type="application/json",
        )
        return answer.status_code, answer.json.get("code", "")


def test_at_zoom_she_is_known_by_the_place_that_she_was_given():
    bench = Zoom()
    waiting = bench.say("meeting.participant_joined_waiting_room")
    seen_waiting = panel_for(bench.world.live(), bench.sol.invite.seat_id)["call"].waiting
    bench.say("meeting.participant_joined", after=5)

    assert waiting == (200, "")
    assert [one.alias for one in seen_waiting] == ["Wren"]
    assert bench.seen() == (["Wren"], [], [])

    bench.say("meeting.participant_joined_breakout_room", after=60)
    assert bench.seen() == (["Wren"], [], [])
    bench.say("meeting.participant_left", after=90)
    assert bench.seen() == ([], [], ["Wren"])


def test_at_zoom_a_host_without_a_place_is_matched_by_hand():
    bench = Zoom()
    bench.say("meeting.participant_joined", registrant="", name="Charity account")

    assert bench.seen() == ([], ["Charity account"], [])


def test_at_zoom_another_account_another_call_and_another_key_are_nothing():
    bench = Zoom()
    joined = "meeting.participant_joined"

    assert bench.say(joined, account="acc-2") == (401, "forged")
    assert bench.say(joined, key="another secret token of some length") == (401, "forged")
    assert bench.say(joined, call="999") == (200, "unknown")
    assert bench.seen() == ([], [], [])


def test_zoom_is_answered_when_it_asks_whether_the_address_is_ours():
    bench = Zoom()
    body = json.dumps(
        {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}
    ).encode()
    stamp, secret = str(int(bench.world.clock().timestamp())), bench.platform.more["webhook_secret"].encode()
    signed = "v0=" + hmac.new(secret, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()

    answer = bench.client.post(
        f"/hooks/calls/{bench.platform.id}",
        data=body,
        headers={"x-zm-signature": signed, "x-zm-request-timestamp": stamp},
    )

    encrypted = hmac.new(secret, b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
    assert (answer.status_code, answer.json) == (
        200,
        {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": encrypted},
    )
