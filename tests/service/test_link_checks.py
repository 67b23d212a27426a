"""The call's address is looked at a day and an hour before: over real https, once, and never inside our own network."""

from datetime import timedelta
from threading import Thread

import pytest

from companion.core.values import replace
from companion.records import LinkCheck
from companion.service import link_checks
from integrations.link.probe import WebProbe, is_open
from tests.fakes.web_server import WebServer
from tests.fakes.world import a_world


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = WebServer(tmp_path_factory.mktemp("https"))
    yield server
    server.close()


@pytest.fixture(autouse=True)
def quiet(server):
    server.asked.clear()
    server.answers = {"/j/1": (200, {"Set-Cookie": "who=her"})}


@pytest.fixture
def probe(server):
    return WebProbe(inside=True, trust=str(server.certificate))


def test_a_call_that_answers_is_fine_and_its_page_is_not_read(server, probe):
    assert probe.look(server.at("/j/1")) == "fine"
    assert [(method, path) for method, path, _ in server.asked] == [("HEAD", "/j/1")]


def test_a_server_that_knows_no_head_is_asked_again(server, probe):
    server.answers["/j/1"] = lambda method: (405 if method == "HEAD" else 200, {})

    assert probe.look(server.at("/j/1")) == "fine"
    assert [method for method, _, _ in server.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (404, "changed"),
        (410, "changed"),
        (500, "unreachable"),
        (503, "unreachable"),
        (403, "fine"),
        (401, "fine"),
        (429, "fine"),
    ],
)
def test_each_answer_means_something(server, probe, status, result):
    server.answers["/j/1"] = (status, {})

    assert probe.look(server.at("/j/1")) == result


def test_five_redirects_are_followed_without_a_cookie_and_six_are_not(server, probe):
    for number in range(6):
        server.answers[f"/r/{number}"] = (302, {"Location": f"/r/{number + 1}", "Set-Cookie": "who=her"})
    server.answers["/r/6"] = (200, {})

    assert probe.look(server.at("/r/1")) == "fine"
    assert [path for _, path, _ in server.asked] == [f"/r/{number}" for number in range(1, 7)]
    assert [headers for _, _, headers in server.asked if {"Cookie", "Referer", "Authorization"} & set(headers)] == []
    assert probe.look(server.at("/r/0")) == "changed"


def test_a_redirect_to_another_house_looks_changed(server, probe):
    server.answers["/j/1"] = (302, {"Location": server.at("/j/2", "127.0.0.1")})
    server.answers["/j/2"] = (200, {})

    assert probe.look(server.at("/j/1")) == "changed"


@pytest.mark.parametrize("onwards", ["http://localhost/j/2", "file:///etc/passwd", "gopher://localhost/"])
def test_a_redirect_away_from_https_is_not_followed(server, probe, onwards):
    server.answers["/j/1"] = (302, {"Location": onwards})

    assert probe.look(server.at("/j/1")) == "not_allowed"
    assert [path for _, path, _ in server.asked] == ["/j/1"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_our_own_network_is_never_asked_unless_a_setting_says_so(server, host):
    assert WebProbe(trust=str(server.certificate)).look(server.at("/j/1", host)) == "not_allowed"
    assert server.asked == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(server):
    assert WebProbe(inside=True).look(server.at("/j/1")) == "unreachable"
    assert server.asked == []


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("http://localhost/", "not_allowed"),
        ("https://127.0.0.1:9/", "unreachable"),
        ("https://name.invalid/", "unreachable"),
        ("https://[::1", "unreachable"),
        ("https:///nowhere", "unreachable"),
    ],
)
def test_what_cannot_be_asked_is_said_so(probe, address, result):
    assert probe.look(address) == result


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nobody listens here
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_which_addresses_are_the_open_internet(address, expected):
    assert is_open(address) is expected


class Looks:
    """A probe that answers as told, and counts."""

    def __init__(self, result="fine"):
        self.result, self.asked = result, []

    def look(self, address):
        self.asked.append(address)
        return self.result


CALL = "https://calls.example/j/123"


def a_world_with_a_call(link=CALL, result="fine"):
    world = a_world()
    probe = Looks(result)
    world.deps = replace(world.deps, probe=probe)
    world.deps.store.save_group(replace(world.group, settings=replace(world.group.settings, call_link=link)))
    world.session = replace(world.session, starts_at=world.clock() + timedelta(days=2))
    world.store.save_session(world.session)
    return world, probe


def test_a_link_is_looked_at_a_day_and_an_hour_before_and_not_else():
    world, probe = a_world_with_a_call()
    looked = {}

    for hours in (0, 23, 24, 25, 46, 47, 47.5, 48, 60):
        world.clock.now = world.session.starts_at + timedelta(hours=hours - 48)
        looked[hours] = link_checks.check_due(world.deps)

    assert [hours for hours, times in looked.items() if times] == [24, 47]
    assert probe.asked == [CALL, CALL]


def test_two_nodes_look_once():
    world, probe = a_world_with_a_call()
    world.clock.turn(hours=25)
    nodes = [Thread(target=link_checks.check_due, args=(world.deps,)) for _ in range(8)]

    for node in nodes:
        node.start()
    for node in nodes:
        node.join()

    assert probe.asked == [CALL]


def test_a_look_whose_node_died_is_taken_up_again():
    world, _ = a_world_with_a_call()
    world.clock.turn(hours=25)
    check = LinkCheck(f"{world.session.id}.0.1440", world.session.id, world.clock())
    world.store.shelf(LinkCheck).add(check)

    at_once = link_checks.check_due(world.deps)
    world.clock.turn(minutes=5)

    assert (at_once, link_checks.check_due(world.deps)) == (0, 1)
    assert link_checks.last(world.deps, world.session.id).result == "fine"


def test_a_cancelled_date_is_not_looked_at_and_a_moved_one_again():
    world, _ = a_world_with_a_call()
    world.clock.turn(hours=25)
    link_checks.check_due(world.deps)
    world.store.save_session(replace(world.session, sequence=1, cancelled_at=world.clock()))
    cancelled = link_checks.check_due(world.deps)
    world.store.save_session(replace(world.session, sequence=1))

    assert (cancelled, link_checks.check_due(world.deps)) == (0, 1)


def test_a_group_without_a_link_is_flagged():
    world, probe = a_world_with_a_call(link="")
    world.clock.turn(hours=25)

    link_checks.check_due(world.deps)

    assert link_checks.last(world.deps, world.session.id).result == "no_link"
    assert probe.asked == []


def test_the_latest_look_counts():
    world, probe = a_world_with_a_call(result="unreachable")
    world.clock.turn(hours=25)
    link_checks.check_due(world.deps)
    probe.result = "fine"
    world.clock.turn(minutes=1)

    link_checks.check_now(world.deps, world.session.id)

    assert link_checks.last(world.deps, world.session.id).result == "fine"
