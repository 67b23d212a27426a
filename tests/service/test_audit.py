"""The audit: a chain that holds, shows what was altered, and tells nobody's name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from companion.core.commands import Arrive, LeaveSession, LetInByVoice, RemoveSeat
from companion.core.values import replace
from companion.records import AuditEntry, AuditHead, chain
from companion.service import audit, inviting, knocking
from companion.service.audit import AuditBroken, Fault
from tests.fakes.world import START, PlainKeys, a_world, token_of
from tests.store.conftest import open_in, settings_in


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def written(world):
    for number in range(1, 6):
        audit.note(world.deps, "joined", by=f"person {number}", about="session one")
        world.clock.turn(minutes=1)
    return world


def rows(world):
    return world.store.shelf(AuditEntry)


def test_what_is_written_down_is_read_newest_first(written):
    found = audit.entries(written.deps)

    assert [(entry.what, entry.by, entry.about) for entry in found] == [
        ("joined", f"person {number}", "session one") for number in (5, 4, 3, 2, 1)
    ]
    assert found[-1].at == START
    assert audit.check(written.deps) == ()


def test_nothing_written_is_nothing_wrong(world):
    assert (audit.check(world.deps), audit.entries(world.deps), audit.stands_at(world.deps)) == ((), [], (0, ""))


@pytest.mark.parametrize(
    "words",
    [
        ("joined", "Amina Okafor Lane", ""),
        ("joined", "m@example.org", ""),
        ("she left early", "a", "x y z"),
        ("ä", "", ""),
    ],
)
def test_names_and_sentences_are_not_taken(world, words):
    what, by, about = words

    with pytest.raises(ValueError, match="opaque"):
        audit.note(world.deps, what, by=by, about=about)


@pytest.mark.parametrize("field", ["what", "by", "about"])
def test_an_altered_entry_is_found(written, field):
    rows(written).change(audit.entries(written.deps)[2].id, lambda entry: replace(entry, **{field: "nobody"}))

    assert audit.check(written.deps) == (Fault(3, "altered"),)


def test_an_entry_at_another_time_is_found(written):
    rows(written).change("000000000003", lambda entry: replace(entry, at=START))

    assert audit.check(written.deps) == (Fault(3, "altered"),)


def test_entries_that_changed_places_are_found(written):
    two, three = rows(written).get("000000000002"), rows(written).get("000000000003")
    rows(written).put(replace(two, id=three.id))
    rows(written).put(replace(three, id=two.id))

    assert [fault.number for fault in audit.check(written.deps)] == [2, 3, 4]


def test_a_gap_is_found(written):
    rows(written).remove(id="000000000003")

    assert audit.check(written.deps) == (Fault(3, "missing"),)


def test_an_end_that_was_cut_off_is_found(written):
    rows(written).remove(id=("000000000004", "000000000005"))

    assert audit.check(written.deps)[0] == Fault(4, "missing")


def test_an_end_that_was_cut_off_with_its_head_is_found(written):
    rows(written).remove(id=("000000000004", "000000000005"))
    last = rows(written).get("000000000003")
    written.store.shelf(AuditHead).change(chain.HEAD, lambda head: replace(head, number=3, digest=last.digest))

    assert audit.check(written.deps) == (Fault(3, "head_altered"),)
    with pytest.raises(AuditBroken):
        audit.note(written.deps, "joined", by="person 6")


def test_somebody_with_the_database_alone_cannot_make_an_entry(written):
    thief = PlainKeys(b"another secret ").subkey("audit")
    head = written.store.shelf(AuditHead).get(chain.HEAD)
    forged = chain.next_head(thief, head, written.clock(), "revealed_contact", "account x", "person 1")
    rows(written).put(chain.last_of(forged))

    assert audit.check(written.deps) == (Fault(6, "beyond"),)
    written.store.shelf(AuditHead).put(forged)
    assert audit.check(written.deps) == (Fault(6, "head_altered"),)


def test_a_head_that_was_taken_away_is_found(written):
    written.store.shelf(AuditHead).remove(id=chain.HEAD)

    assert audit.check(written.deps) == (Fault(0, "head_missing"),)
    with pytest.raises(AuditBroken):
        audit.note(written.deps, "joined", by="person 6")


def test_everything_put_back_as_it_was_is_found_by_a_number_kept_elsewhere(written):
    before = written.store.shelf(AuditHead).get(chain.HEAD)
    audit.note(written.deps, "erased", by="account x", about="person 1")
    known = audit.stands_at(written.deps)
    assert audit.check(written.deps, known=known) == ()

    rows(written).remove(id="000000000006")
    written.store.shelf(AuditHead).put(before)

    assert audit.check(written.deps) == ()
    assert audit.check(written.deps, known=known) == (Fault(6, "unlike_known"),)


def test_a_node_that_dies_between_head_and_entry_leaves_no_gap(written):
    head = written.store.shelf(AuditHead).get(chain.HEAD)
    key = written.deps.sealer.subkey("audit")
    written.store.shelf(AuditHead).put(chain.next_head(key, head, written.clock(), "removed", "seat 1", "seat 2"))

    assert audit.check(written.deps) == ()
    audit.note(written.deps, "joined", by="person 7")

    assert [entry.what for entry in audit.entries(written.deps)[:3]] == ["joined", "removed", "joined"]
    assert audit.check(written.deps) == ()


def test_after_ninety_days_it_is_forgotten_and_the_rest_still_holds(written):
    known = audit.stands_at(written.deps)
    written.clock.turn(days=90, minutes=-3)

    assert audit.prune(written.deps) == 3
    assert audit.prune(written.deps) == 0
    assert [entry.by for entry in audit.entries(written.deps)] == ["person 5", "person 4"]
    assert audit.check(written.deps, known=known) == ()
    audit.note(written.deps, "joined", by="person 6")
    assert audit.check(written.deps) == ()


def test_everything_may_be_old(written):
    written.clock.turn(days=91)

    assert audit.prune(written.deps) == 5
    assert (audit.check(written.deps), audit.entries(written.deps)) == ((), [])
    assert audit.note(written.deps, "joined", by="person 6").id == "000000000006"
    assert audit.check(written.deps) == ()


def test_a_beginning_that_was_cut_off_by_somebody_else_is_found(written):
    rows(written).remove(id="000000000001")

    assert audit.check(written.deps) == (Fault(1, "missing"),)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_two_nodes_that_write_at_once_make_one_whole_chain(kind, tmp_path):
    with ExitStack() as stack:
        settings = settings_in(stack, kind, tmp_path)
        nodes = [replace(a_world().deps, store=open_in(stack, settings)) for _ in range(2)]

        def write(number):
            audit.note(nodes[number % 2], "joined", by=f"person {number}")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(24)))

        found = audit.entries(nodes[0])
        assert [int(entry.id) for entry in found] == list(range(24, 0, -1))
        assert sorted(entry.by for entry in found) == sorted(f"person {number}" for number in range(24))
        assert audit.check(nodes[1]) == ()


def test_the_very_first_entries_of_two_nodes_are_no_broken_chain():
    world = a_world()

    class TooEarly:
        """A node that has looked for the head just before the other one began the chain."""

        def __init__(self, shelf):
            self.within = shelf

        def __getattr__(self, name):
            return getattr(self.within, name)

        def get(self, key):
            found = self.within.get(key)
            if found is None:
                audit.note(world.deps, "joined", by="person other")
            return found

    class Store:
        def shelf(self, kind):
            shelf = world.store.shelf(kind)
            return TooEarly(shelf) if kind is AuditHead else shelf

    audit.note(replace(world.deps, store=Store()), "joined", by="person late")

    assert [entry.by for entry in audit.entries(world.deps)] == ["person late", "person other"]
    assert audit.check(world.deps) == ()


def noted(world):
    return [(entry.what, entry.by, entry.about) for entry in reversed(audit.entries(world.deps))]


def test_who_joins_and_who_is_removed_is_written_down_once(world):
    host = world.open_doors()
    issued = world.invite()
    access = world.enter(issued)
    world.perform(Arrive(seat=issued.invite.seat_id, device=access.id, alias="Wren"))

    for _ in range(2):
        world.perform(RemoveSeat(issued.invite.seat_id), by=host.invite.seat_id)

    person = f"person {issued.invite.person_id}"
    assert noted(world) == [
        ("joined", person, f"session {world.session.id}"),
        ("removed", f"seat {host.invite.seat_id}", person),
    ]


def test_who_leaves_of_her_own_accord_is_not_written_down(world):
    world.open_doors()
    issued = world.invite()
    access = world.enter(issued)
    world.perform(Arrive(seat=issued.invite.seat_id, device=access.id, alias="Wren"))

    world.perform(LeaveSession(), by=issued.invite.seat_id)

    assert [what for what, _, _ in noted(world)] == ["joined"]


def test_a_revoked_invite_is_written_down(world):
    issued = world.invite()

    inviting.revoke(world.deps, issued.invite.id, "account x")

    assert noted(world) == [("revoked_invite", "account x", f"invite {issued.invite.id}")]


def test_a_broken_audit_shuts_nobody_out(world, caplog):
    world.store.shelf(AuditHead).put(replace(chain.EMPTY, number=7))

    assert world.enter(world.invite()).state == "joining"
    assert "the audit is broken" in caplog.text


def test_what_could_not_be_written_is_written_once_the_database_is_back(world):
    world.store.down = True
    audit.note_in_passing(world.deps, "joined", by="person 1")
    world.store.down = False

    world.deps.undone.do()

    assert noted(world) == [("joined", "person 1", "")]


def test_who_comes_in_by_her_voice_is_written_down(world):
    host = world.open_doors()
    issued = world.invite()
    link = token_of(issued)
    knock = knocking.new_knock(world.deps, link)
    knocking.ring(world.deps, link, knock, "en")
    seat = issued.invite.seat_id
    world.perform(LetInByVoice(seat, world.seat(issued).voice_knock.device), by=host.invite.seat_id)

    for _ in range(2):
        knocking.answer(world.deps, knock)

    assert noted(world) == [("joined_by_voice", f"person {issued.invite.person_id}", f"session {world.session.id}")]
