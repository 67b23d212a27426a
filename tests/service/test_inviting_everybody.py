"""Inviting everybody at once: a job that goes on after a stop or a crash, sends nothing twice and leaves nobody out."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from companion.core.refusals import Refused
from companion.core.values import replace
from companion.ports import DeliveryFailed, StoreDown
from companion.records import Batch, Letter, SafeContact, SendItem, SendJob, StandingInvite
from companion.service import erasing, giving, inviting, joining, outbox, progress, sending
from companion.service.guesses import Guesses
from companion.service.routes import Routes
from tests.fakes.dying import DyingStore
from tests.fakes.series import weekly
from tests.fakes.world import START, QuickHasher, a_world

NAMES = ("Ash", "Fern", "Heath", "Ivy", "Lark", "Moss", "Rowan")


def a_group(*names, **more):
    """A world with these people, all reached by mail."""
    world = a_world(base_url="https://notes.example")
    for name in names or NAMES:
        world.person(name, email=f"{name.lower()}@example.org", contact_is_safe=True, **more)
    return world


def target(world, kind="session", target_id=None):
    return giving.target_of(world.deps, kind, target_id or world.session.id)


def begin(world, job="job", **more):
    return sending.begin(world.deps, target(world, **more), job)


def work_off(world):
    rounds = 0
    while sending.work(world.deps):
        rounds += 1
        assert rounds < 50
    while outbox.deliver_due(world.deps):
        world.clock.turn(seconds=1)  # so fast and no faster letters may leave


def received(world):
    return Counter(letter.to.partition("@")[0] for letter in world.mailer.sent)


def once_each(names):
    return Counter(name.lower() for name in names)


def of_job(world, job="job"):
    return progress.of_job(world.deps, job)


def test_everybody_gets_one_letter_and_the_passcodes_are_shown_once():
    world = a_group()
    begin(world)

    work_off(world)
    slips = progress.take_slips(world.deps, "job")
    again = progress.take_slips(world.deps, "job")

    assert received(world) == once_each(NAMES)
    assert [slip.link for slip in slips] == [""] * 7
    assert (len({slip.passcode for slip in slips}), again) == (7, ())
    done = of_job(world)
    assert (done.state, done.total, done.done, done.letters, done.left, done.by_hand) == ("done", 7, 7, 7, 7, 0)


def test_each_link_opens_with_the_passcode_on_her_slip():
    world = a_group("Ash", "Fern")
    begin(world)
    work_off(world)

    for slip in progress.take_slips(world.deps, "job"):
        alias = slip.name.split()[1].removesuffix("son-Longname").lower()
        (letter,) = (each for each in world.mailer.sent if each.to.startswith(alias))
        token = letter.body.split("/i/")[1].split()[0]
        assert joining.enter(world.deps, Guesses(), token, slip.passcode, alias, "en").access.alias.lower() == alias


def test_the_plan_says_who_gets_what_and_who_cannot_and_why():
    world = a_group("Ash")
    people = {
        "Fern": world.person("Fern", waived_by=""),
        "Heath": world.person("Heath", email="heath@example.org"),
        "Ivy": replace(world.person("Ivy", contact_is_safe=True), contact=SafeContact("post")),
        "Lark": replace(world.person("Lark", contact_is_safe=True), contact=SafeContact("none")),
        "Moss": replace(world.person("Moss"), left_at=START),
        "Olive": replace(world.person("Olive"), phone_only=True),
    }
    for person in people.values():
        world.store.save_person(person)
    invited, revoked = world.invite("Rowan"), world.invite("Wren")
    inviting.revoke(world.deps, revoked.invite.id)

    planned = sending.plan(world.deps, target(world), "paper")

    assert {one.person.alias: one.reason for one in planned} == {
        "Ash": "",
        "Fern": "not_inducted",
        "Heath": "contact_not_confirmed",
        "Ivy": "",
        "Lark": "reach_nobody",
        "Moss": "left_group",
        "Olive": "phone_only",
        "Rowan": "already_invited",
        "Wren": "taken_back",
    }
    ways = {one.person.alias: one.ways for one in planned}
    assert (ways["Ash"], ways["Ivy"]) == (Routes("email", "paper"), Routes("paper", "aloud"))
    assert invited.invite.id


def test_a_second_press_is_the_same_job():
    world = a_group()

    jobs = [begin(world), begin(world), begin(world, "another tab")]
    work_off(world)
    begin(world, "later")
    work_off(world)

    assert {job.id for job in jobs} == {"job"}
    assert received(world) == once_each(NAMES)
    assert of_job(world, "later").total == 0


def test_a_press_that_was_cut_short_is_finished_by_the_next():
    world = a_group()
    begin(world)
    world.store.shelf(SendItem).remove(id=world.store.shelf(SendItem).find()[3].id)

    begin(world)
    work_off(world)

    assert received(world) == once_each(NAMES)


def test_a_worker_that_comes_while_a_press_is_written_down_leaves_nobody_out():
    world = a_group()
    busy = WatchedStore(world.store, lambda: sending.work(world.deps))

    sending.begin(replace(world.deps, store=busy), target(world), "job")
    work_off(world)

    assert received(world) == once_each(NAMES)
    assert (of_job(world).state, of_job(world).done) == ("done", 7)


@pytest.mark.parametrize("after", range(0, 9))
def test_a_press_that_died_half_way_is_taken_over_by_one_from_a_fresh_page(after):
    world = a_group()
    with suppress(KeyboardInterrupt):
        sending.begin(
            replace(world.deps, store=killed_at(world, after)),
            target(world),
            "job",
        )
    work_off(world)

    begin(world, "another page")
    work_off(world)

    assert received(world) == once_each(NAMES)


def test_two_nodes_at_once_send_nothing_twice():
    world = a_group()
    nodes = [replace(world.deps, locks=type(world.deps.locks)()) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda deps: sending.begin(deps, target(world), "job"), nodes))
        for _ in range(4):
            list(pool.map(sending.work, nodes))

    work_off(world)

    assert received(world) == once_each(NAMES)


class WatchedStore:
    """A store at which somebody else does something before each new record."""

    def __init__(self, store, meanwhile):
        self.store, self.meanwhile = store, meanwhile

    def __getattr__(self, name):
        return getattr(self.store, name)

    def shelf(self, kind):
        return _WatchedShelf(self.store.shelf(kind), self.meanwhile)


class _WatchedShelf:
    def __init__(self, within, meanwhile):
        self.within, self.meanwhile = within, meanwhile

    def __getattr__(self, name):
        return getattr(self.within, name)

    def add(self, record):
        self.meanwhile()
        return self.within.add(record)


@pytest.mark.parametrize("after", range(0, 24))
def test_a_crash_at_any_write_loses_nobody_and_sends_nothing_twice(after):
    world = a_group("Ash", "Fern", "Heath")
    begin(world)

    with suppress(KeyboardInterrupt):
        sending.work(replace(world.deps, store=killed_at(world, after)))
    outbox.deliver_due(world.deps)
    world.clock.turn(minutes=5)
    work_off(world)

    assert received(world) == once_each(("Ash", "Fern", "Heath"))
    slips = {slip.name: slip.passcode for slip in progress.take_slips(world.deps, "job")}
    for letter in world.mailer.sent:
        alias = letter.to.partition("@")[0].title()
        token = letter.body.split("/i/")[1].split()[0]
        digits = slips[f"Mary {alias}son-Longname"]
        assert joining.enter(world.deps, Guesses(), token, digits, alias, "en").access.state == "joining"


def test_who_opened_hers_before_the_crash_was_mended_stays_where_she_is():
    world = a_group("Ash")
    begin(world)
    with suppress(KeyboardInterrupt):  # killed as the last thing is written down
        sending.work(replace(world.deps, store=_last_write_of(world)))
    outbox.deliver_due(world.deps)
    (item,) = world.store.shelf(SendItem).find()
    entered = joining.enter(world.deps, Guesses(), *item.secret, "192.0.2.1", "en")

    world.clock.turn(minutes=5)
    work_off(world)

    assert item.state == "waiting"
    assert world.store.access(entered.access.id).state == "joining"
    assert world.store.invite(entered.access.invite_id).state == "opened"


def killed_at(world, after):
    return DyingStore(world.store, after, writes=("put", "add", "change"))


def _last_write_of(world):
    return DyingStore(world.store, 1, SendItem, writes=("change",))  # the first takes her up


def test_a_stop_holds_what_has_not_left_and_a_resume_goes_on():
    world = a_group()
    begin(world)
    sending.work(world.deps)
    sending.stop(world.deps, "job")

    work_off(world)
    world.clock.turn(minutes=30)
    work_off(world)
    stopped, sent_while_stopped = of_job(world), received(world)
    sending.resume(world.deps, "job")
    work_off(world)

    assert (stopped.state, stopped.done, stopped.left, sent_while_stopped) == ("stopped", 5, 0, Counter())
    assert received(world) == once_each(NAMES)
    assert world.store.shelf(Batch).get("job").state == "going"


def test_a_stop_in_the_midst_of_a_round_is_heard_at_the_next_person():
    world = a_group()
    begin(world)
    stopped_after_two = StoppingHasher(world, 2)

    sending.work(replace(world.deps, hasher=stopped_after_two))

    assert of_job(world).done == 2


class StoppingHasher(QuickHasher):
    def __init__(self, world, after):
        super().__init__()
        self.world, self.left = world, after

    def hash(self, secret):
        self.left -= 1
        if self.left == 0:
            sending.stop(self.world.deps, "job")
        return super().hash(secret)


class Moody(QuickHasher):
    """Raises what it is told to, one a passcode."""

    def __init__(self, *moods):
        super().__init__()
        self.moods = list(moods)

    def hash(self, secret):
        if self.moods and (mood := self.moods.pop(0)) is not None:
            raise mood
        return super().hash(secret)


def test_trouble_with_one_person_stops_nobody_else_and_is_said():
    world = a_group("Ash", "Fern", "Heath")
    begin(world)

    sending.work(replace(world.deps, hasher=Moody(None, RuntimeError("a fault of ours"))))
    work_off(world)

    done = of_job(world)
    assert (sum(received(world).values()), done.state) == (2, "done")
    assert [reason for _, reason in done.refused] == ["our_fault"]


def test_a_busy_machine_is_no_reason_to_leave_somebody_out():
    world = a_group("Ash", "Fern")
    begin(world)

    sending.work(replace(world.deps, hasher=Moody(Refused("too_busy"))))
    work_off(world)

    assert received(world) == once_each(("Ash", "Fern"))


def test_a_database_that_goes_away_is_waited_for():
    world = a_group("Ash", "Fern")
    begin(world)
    world.store.down = True
    with pytest.raises(StoreDown):
        sending.work(world.deps)
    world.store.down = False

    work_off(world)

    assert received(world) == once_each(("Ash", "Fern"))


def test_an_outage_of_the_mail_server_is_survived_and_nothing_comes_twice():
    world = a_group()
    world.mailer.failures = [DeliveryFailed("the mail server cannot be reached")] * 10
    begin(world)

    work_off(world)
    during = of_job(world)
    for _ in range(12):
        world.clock.turn(minutes=5)
        sending.work(world.deps)
        outbox.deliver_due(world.deps)

    assert (during.done, during.left, during.failed) == (7, 0, 0)
    assert received(world) == once_each(NAMES)
    assert of_job(world).left == 7


def test_whoever_was_refused_comes_with_the_next_job_once_it_is_mended():
    world = a_group("Ash")
    fern = world.person("Fern", email="fern@example.org")
    begin(world)
    work_off(world)
    world.store.save_person(replace(fern, contact_confirmed_at=START))

    begin(world, "second")
    work_off(world)

    assert received(world) == once_each(("Ash", "Fern"))


def test_what_changed_since_the_press_counts():
    world = a_group("Ash", "Fern")
    begin(world)
    for person in world.store.people(world.group.id):
        if person.alias == "Fern":
            world.store.save_person(replace(person, contact=SafeContact("none")))

    work_off(world)

    assert received(world) == once_each(("Ash",))
    assert [reason for _, reason in of_job(world).refused] == ["reach_nobody"]


def test_who_was_invited_by_hand_meanwhile_keeps_that_link():
    world = a_group("Ash")
    begin(world)
    (ash,) = world.store.people(world.group.id)
    by_hand = inviting.invite(world.deps, world.session.id, ash.id)

    work_off(world)

    assert world.again(by_hand).token_hash == by_hand.invite.token_hash
    assert [reason for _, reason in of_job(world).refused] == ["already_invited"]


def test_a_whole_series_is_invited_with_one_link_each():
    world = a_group()
    weekly(world)
    sending.begin(world.deps, target(world, "series", "weekly"), "job")

    work_off(world)
    single = sending.plan(world.deps, target(world))

    assert received(world) == once_each(NAMES)
    assert len(world.store.shelf(StandingInvite).find(series_id="weekly")) == 7
    assert {one.reason for one in single} == {"already_invited"}


def test_secrets_stay_only_where_a_hand_needs_them_and_a_day_at_most():
    world = a_group("Ash")
    begin(world)
    work_off(world)
    (kept,) = world.store.shelf(SendItem).find()

    world.clock.turn(hours=24)
    sending.work(world.deps)
    (later,) = world.store.shelf(SendItem).find()

    assert (kept.secret[0], len(kept.secret[1])) == ("", 8)
    assert later.secret == ("", "")
    assert "/i/" not in repr(world.store.shelf(Letter).find())


def test_jobs_are_forgotten_after_a_month():
    world = a_group("Ash")
    begin(world)
    work_off(world)

    world.clock.now += timedelta(days=30)
    sending.work(world.deps)

    assert (world.store.shelf(SendJob).find(), world.store.shelf(SendItem).find()) == ([], [])


def test_whoever_is_erased_while_she_is_invited_leaves_nothing_in_the_job():
    world = a_group("Ash")
    begin(world)
    (ash,) = world.store.people(world.group.id)

    class Erasing:
        """A mail server's moment, in which somebody erases her."""

        def __getattr__(self, name):
            return getattr(world.store, name)

        def shelf(self, kind):
            if kind is Letter and world.store.person(ash.id) is not None:
                erasing.erase(world.deps, ash.id, "account x")
            return world.store.shelf(kind)

    with suppress(Refused):
        sending.work(replace(world.deps, store=Erasing()))

    assert world.store.shelf(SendItem).find() == []
