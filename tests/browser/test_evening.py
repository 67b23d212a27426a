"""A whole evening in six real browsers, doors to debrief: every part of the live session, ending in an empty table."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from companion.core.model import AgendaPart, GroupRules, Role
from companion.records import GroupSettings
from companion.service import gathering, inviting, organising
from companion.service.deps import Deps
from companion.service.inviting import Issued
from tests.browser.people import DESK, PATIENCE, PHONE, Clock, Person, give_passcode, go_through_joining, person
from tests.fakes.plans import PLAN
from tests.live.evening import Served, free_port, lean_on

PEOPLE: tuple[tuple[Role, str], ...] = (
    ("facilitator", "Sol"),
    ("facilitator", "Rae"),
    ("peer_supporter", "Noor"),
    ("tech_helper", "Kit"),
    ("member", "Wren"),
    ("member", "Ash"),
)
RULES = GroupRules(
    others_see="line",
    turn_seconds=180,
    agenda=(AgendaPart("Hello", 10), AgendaPart("Sharing"), AgendaPart("Goodbye", 10)),
    prompts=("What helps you on a hard day?",),
)


class Evening:
    """The session, its people and its clock."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.clock = Clock(folder / "clock", datetime.now(UTC).replace(microsecond=0))
        self.port = free_port()
        self.deps: Deps = lean_on(folder, self.port)
        settings = GroupSettings(
            call_link="https://call.example/room", backup_number="020 7946 0958", safeguarding=PLAN
        )
        group = organising.add_group(self.deps, "Tuesday", settings)
        self.deps.store.save_group(type(group)(group.id, group.name, RULES, group.settings))
        self.session_id = organising.add_session(self.deps, group.id, self.clock.now).id
        self.issued: dict[str, Issued] = {}
        for role, alias in PEOPLE:
            someone = organising.add_person(
                self.deps, group.id, role, "A Private Name", alias, phone="07700 900123", waived_by="Sol"
            )
            self.issued[alias] = inviting.invite(self.deps, self.session_id, someone.id)
        gathering.begin(self.deps, self.session_id)
        self.served = Served(folder, self.port, clock=folder / "clock")
        self.served.start()
        self.browser = browser
        self.people: dict[str, Person] = {}

    def arrives(self, alias: str) -> Person:
        viewport = PHONE if alias in ("Wren", "Ash") else DESK
        self.people[alias] = person(self.browser, self.served.address, alias, self.issued[alias], viewport)
        return self.people[alias]

    def joins(self, alias: str) -> Person:
        who = self.arrives(alias)
        give_passcode(who)
        if alias in ("Wren", "Ash"):
            go_through_joining(who)
        who.page.wait_for_url("**/here")
        return who

    def close(self) -> None:
        for who in self.people.values():
            who.context.close()
        self.served.stop()


@pytest.fixture
def evening(browser: Browser, tmp_path: Path) -> Iterator[Evening]:
    begun = Evening(browser, tmp_path)
    yield begun
    begun.close()


def test_a_whole_evening(evening: Evening) -> None:
    doors(evening)
    turns(evening)
    a_quieter_order(evening)
    break_signals(evening)
    a_one_to_one(evening)
    help_tickets(evening)
    the_room(evening)
    a_second_device(evening)
    the_end(evening)
    for who in evening.people.values():
        assert who.problems == [], f"{who.alias}: {who.problems}"


def doors(evening: Evening) -> None:
    sol = evening.joins("Sol")
    sol.press("open_doors")
    rae, noor, kit = evening.joins("Rae"), evening.joins("Noor"), evening.joins("Kit")

    wren = evening.joins("Wren")
    wren.sees("room", "waiting room")
    sol.sees("now", "Wren")
    sol.press("message_door", seat=wren.seat, message="two_minutes")
    wren.sees("room", "two minutes")
    sol.press("not_now", seat=wren.seat)
    wren.sees("room", "Not just yet")
    rae.press("admit_seat", seat=wren.seat)
    wren.sees("turn", "Ask to speak")

    ash = evening.arrives("Ash")
    ash.page.fill('input[name="passcode"]', "0000 0000")
    ash.page.press('input[name="passcode"]', "Enter")
    expect(ash.page.locator("main")).to_contain_text("4 tries left", timeout=PATIENCE)
    ash.page.click("#cannot-get-in summary")
    ash.page.click("#cannot-get-in button")
    kit.sees("tickets", "Ash")
    ash.page.click("#by-voice summary")
    ash.page.click("#by-voice button")
    sol.sees("now", "Ash")
    number = _voice_number(evening, ash)
    expect(ash.page.locator("main")).to_contain_text(number)
    sol.sees("door", number)
    sol.press("let_in_by_voice", seat=ash.seat)
    ash.page.wait_for_timeout(500)
    ash.page.click('main form[method="get"] button')
    ash.page.wait_for_url("**/join")
    go_through_joining(ash)
    sol.press("admit_seat", seat=ash.seat)
    ash.sees("turn", "Ask to speak")
    ash.press("withdraw_ticket")
    kit.sees_no("tickets", "Ash")

    sol.press("add_phone_seat", alias="Olive")
    sol.sees("people", "Olive")
    sol.press("start_session")
    wren.sees("room", "Hello")
    assert noor.page.url.endswith("/here")


def turns(evening: Evening) -> None:
    sol, rae, wren, ash = (evening.people[alias] for alias in ("Sol", "Rae", "Wren", "Ash"))

    wren.press("request_turn", note="about my week")
    wren.sees("turn", "number 1 in line")
    sol.sees("queue", "about my week")
    assert "about my week" not in ash.words(), "a note is for facilitators alone"
    ash.press("request_turn")
    ash.sees("turn", "number 2 in line")
    wren.press("not_yet")
    wren.sees("turn", "number 2 in line")
    ash.sees("turn", "number 1 in line")
    sol.press("start_next_turn")
    ash.sees("turn", "It is your turn")
    wren.sees("turn", "Ash")
    expect(ash.page.locator("#said-now")).to_contain_text("turn", timeout=PATIENCE)

    wren.press("request_turn", reply=True)
    evening.clock.turn(seconds=30)
    sol.press("put_back_first")
    sol.sees("queue", "Ash")
    ash.sees("turn", "number 1 in line")
    sol.press("undo_last")
    ash.sees("turn", "I have finished")
    ash.press("finish_turn")
    wren.sees("turn", "number 1 in line")

    # Both facilitators press at the same moment: the queue moves once, and nobody is skipped.
    ash.press("request_turn")
    sol.sees("queue", "Ash")
    rae.sees("queue", "Ash")
    for who in (sol, rae):
        button = who.page.locator('[data-region="queue"] form[action="/act/start_next_turn"] button')
        button.evaluate("button => { const form = button.form; setTimeout(() => form.requestSubmit(), 150); }")
    wren.sees("turn", "I have finished")
    ash.sees("turn", "number 1 in line")
    wren.press("pass_turn")

    place = evening.people["Sol"]
    place.press("add_place", seat=_seat_called(evening, "Olive"))
    ash.sees("turn", "Olive")
    place.press("move_place", seat=_seat_called(evening, "Olive"), direction="up")
    ash.sees("turn", "number 2 in line")
    place.press("invite_to_speak", seat=_seat_called(evening, "Olive"))
    ash.sees("turn", "Olive")
    place.press("finish_turn")

    # A frozen place is skipped, looks like any other, and is restored.
    wren.press("request_turn")
    ash.press("raise_break_signal", strength="few_minutes")
    sol.sees("queue", "break")
    wren.sees("turn", "number 2 in line")
    sol.press("start_next_turn")
    wren.sees("turn", "I have finished")
    assert "break" not in _region_text(wren, "turn").lower()
    ash.press("settle_break_signal")
    sol.press("start_next_turn")
    ash.sees("turn", "I have finished")
    ash.press("finish_turn")


def a_quieter_order(evening: Evening) -> None:
    sol, wren, ash = (evening.people[alias] for alias in ("Sol", "Wren", "Ash"))

    sol.press("set_asking", asking="last_turns")
    wren.has_no("request_turn")
    sol.press("set_asking", asking="open")
    sol.press("set_queue_mode", mode="go_round")
    wren.sees("turn", "We go round")
    wren.press("pass_turn")
    sol.press("set_queue_mode", mode="quieter_first")
    ash.press("request_turn")
    wren.press("request_turn")
    sol.sees("queue", "Ash")
    sol.press("pause_room")
    wren.sees("room", "taking a short pause")
    sol.press("start_next_turn")
    sol.is_refused("pause")
    sol.press("resume_room")
    wren.sees_no("room", "short pause")
    sol.press("set_queue_mode", mode="as_asked")
    sol.press("start_next_turn")
    sol.sees("queue", "Ash")
    ash.sees("turn", "It is your turn")
    sol.press("finish_turn")
    ash.sees("turn", "Nobody is speaking")
    sol.press("start_next_turn")
    wren.sees("turn", "It is your turn")
    sol.press("finish_turn")
    wren.sees("turn", "Nobody is speaking")


def break_signals(evening: Evening) -> None:
    sol, rae, noor, kit, wren, ash = (evening.people[alias] for _, alias in PEOPLE)
    before = kit.words(), ash.words()

    wren.press("raise_break_signal", strength="cannot_talk")
    sol.sees("now", "Wren")
    sol.press("see_break_signal", seat=wren.seat)
    wren.sees("break", "Seen by Sol")
    rae.press("answer_break_signal", seat=wren.seat, reply="stay_quiet")
    wren.sees("break", "Rae")
    wren.press("raise_break_signal", strength="check_on_me")
    assert "Wren" not in _region_text(noor, "signals")
    evening.clock.turn(seconds=61)
    noor.sees("signals", "Wren")
    noor.press("answer_break_signal", seat=wren.seat, reply="here_for_you")
    wren.sees("break", "I am here for you")
    wren.press("choose_vanish_plan", plan="call_me")
    wren.press("settle_break_signal")
    sol.sees_no("signals", "Wren")
    wren.press("raise_break_signal", strength="few_minutes", minutes=5)
    sol.sees("signals", "Wren")
    evening.clock.turn(minutes=6)
    sol.sees("now", "Wren")
    sol.sees("signals", "[Cc]all|phone")
    wren.press("settle_break_signal")
    sol.sees_no("signals", "Wren")

    assert (kit.words(), ash.words()) == before, "a signal was seen by somebody it was not meant for"


def a_one_to_one(evening: Evening) -> None:
    sol, rae, noor, kit, wren, ash = (evening.people[alias] for _, alias in PEOPLE)

    wren.has_no("request_breakout")
    noor.press("go_on_duty")
    wren.sees("one_to_one", "Noor")
    ash.sees("one_to_one", "Noor")
    before = kit.words(), ash.words()
    wren.press("request_breakout", wanted=noor.seat)
    noor.sees("one_to_ones", "Wren")
    noor.press("claim_breakout")
    wren.sees("one_to_one", "Noor")
    wren.press("accept_breakout")
    noor.sees("one_to_ones", "room|Room")
    assert _room_of(wren, evening) == _room_of(noor, evening) != ""
    assert _room_of(sol, evening) == _room_of(ash, evening) == "", "nobody else has a way in"
    sol.sees("one_to_ones", "Wren")
    evening.clock.turn(minutes=16)
    sol.sees("now", "Wren")
    _confirm_is_asked_for(sol)
    wren.press("finish_breakout")
    noor.sees("one_to_ones", "No requests")
    assert (kit.words(), ash.words()) == before, "a one-to-one was seen by somebody it was not meant for"

    sol.press("offer_breakout", seat=ash.seat)
    ash.sees("one_to_one", "Sol")
    ash.press("withdraw_breakout")
    sol.sees("one_to_ones", "No requests")
    noor.press("go_off_duty")
    wren.has_no("request_breakout")
    assert rae.page.url.endswith("/here")


def help_tickets(evening: Evening) -> None:
    sol, _, noor, kit, wren, ash = (evening.people[alias] for _, alias in PEOPLE)
    before = noor.words(), wren.words()

    ash.press("open_ticket", kind="cannot_hear")
    kit.sees("tickets", "Ash")
    evening.clock.turn(seconds=61)
    sol.sees("now", "Ash")
    kit.press("take_ticket")
    ash.sees("help", "Kit")
    kit.press("send_step", step="volume")
    ash.press("mark_step_done", step="volume")
    ash.press("share_facts")
    kit.sees("tickets", "ms|[Cc]hrom")
    ash.press("call_me", on_file=True)
    kit.sees("tickets", "07700 900123")
    sol.sees_no("tickets", "07700 900123")
    kit.press("hand_ticket_over", note="tried the volume")
    kit.sees("tickets", "tried the volume")
    kit.press("take_ticket")
    kit.press("ask_if_solved")
    ash.press("confirm_ticket", works=False)
    kit.press("take_ticket")
    kit.press("ask_if_solved")
    ash.press("confirm_ticket", works=True)
    kit.sees_no("tickets", "Ash")
    assert (noor.words(), wren.words()) == before, "a ticket was seen by somebody it was not meant for"

    sol.press("open_ticket_for", seat=wren.seat, kind="no_picture")
    kit.sees("tickets", "Wren")
    kit.press("pass_to_care")
    kit.sees_no("tickets", "Wren")
    sol.sees("one_to_ones", "Wren")
    sol.press("pass_to_tech")
    kit.sees("tickets", "Wren")
    wren.press("withdraw_ticket")
    kit.sees_no("tickets", "Wren")

    # A drop: shown after 15 s, a ticket by itself after a minute, closed by itself when she is back.
    ash.page.goto("about:blank")
    ash.page.wait_for_timeout(500)
    evening.clock.turn(seconds=16)
    sol.sees("people", "[Cc]onnection lost|[Ll]ost")
    kit.sees("tickets", "Ash")
    evening.clock.turn(seconds=50)
    kit.sees("tickets", "Ash")
    ash.page.goto(f"{evening.served.address}/here")
    give_passcode(ash)  # her page was closed for longer than a silence may last
    kit.sees_no("tickets", "Ash")


def the_room(evening: Evening) -> None:
    sol, rae, noor, kit, wren, ash = (evening.people[alias] for _, alias in PEOPLE)

    sol.press("write_note", desk="care", words="Noor, how are you?")
    noor.sees("notes", "how are you")
    sol.press("write_note", desk="tech", words="Kit, all well?")
    kit.sees("notes", "all well")
    kit.sees_no("notes", "how are you")
    sol.press("go_to_part", part=1)
    wren.sees("room", "Sharing")
    sol.press("share_prompt", prompt=0)
    wren.sees("room", "hard day")
    sol.press("start_activity", activity="energy_exchange")
    sol.press("step_activity", step=1)
    sol.press("stop_sharing")
    wren.sees_no("room", "hard day")
    ash.press("choose_how", how="text")
    rae.sees("people", "[Tt]ext")


def a_second_device(evening: Evening) -> None:
    sol, wren = evening.people["Sol"], evening.people["Wren"]

    other = person(evening.browser, evening.served.address, "Wren", evening.issued["Wren"], PHONE)
    give_passcode(other)
    go_through_joining(other)
    assert "Ask to speak" not in other.page.content(), "a second device sees nothing before somebody has decided"
    sol.sees("now", "Wren")
    sol.press("settle_device", seat=wren.seat, keep="old")
    other.page.wait_for_timeout(300)
    other.page.goto(f"{evening.served.address}/here")
    expect(other.page.locator("body")).not_to_contain_text("Ask to speak")
    assert wren.page.url.endswith("/here")
    other.context.close()


def the_end(evening: Evening) -> None:
    sol, rae, noor, kit, wren, ash = (evening.people[alias] for _, alias in PEOPLE)

    ash.press("leave_session")
    sol.sees("people", "Ash")
    evening.clock.turn(seconds=5)
    sol.press("begin_ending")
    sol.sees("debrief", "Ash")
    wren.sees("room", "coming to the end")
    assert "Ash" not in _region_text(noor, "room")
    sol.press("close_session")
    wren.page.wait_for_function("() => !document.body.textContent.includes('Ask to speak')", timeout=PATIENCE)
    evening.clock.turn(seconds=31)
    _until_destroyed(evening)
    planned = evening.deps.store.session(evening.session_id)
    assert planned is not None
    assert planned.came == 3
    assert (list(evening.deps.store.live()), evening.deps.store.load(evening.session_id)) == ([], None)
    expect(rae.page.locator("body")).to_contain_text("3", timeout=PATIENCE)
    expect(rae.page.locator("body")).not_to_contain_text("Ash")
    assert kit.page.url.endswith(("/here", "/"))


def _voice_number(evening: Evening, who: Person) -> str:
    saved = evening.deps.store.load(evening.session_id)
    assert saved is not None
    knock = saved.state.seat(who.seat).voice_knock
    assert knock is not None
    return knock.number


def _seat_called(evening: Evening, alias: str) -> str:
    saved = evening.deps.store.load(evening.session_id)
    assert saved is not None
    return next(seat.id for seat in saved.state.seats if seat.alias == alias)


def _region_text(who: Person, region: str) -> str:
    return str(who.page.locator(f'[data-region="{region}"]').text_content())


def _room_of(who: Person, evening: Evening) -> str:
    answer = who.context.request.get(f"{evening.served.address}/room", max_redirects=0)
    return answer.headers.get("location", "")


def _confirm_is_asked_for(sol: Person) -> None:
    guard = sol.page.locator('form[action="/act/begin_ending"]')
    expect(guard).to_contain_text("Wren", timeout=PATIENCE)
    expect(guard.locator('input[name="confirmed"]')).to_have_count(1)


def _until_destroyed(evening: Evening) -> None:
    deadline = time.monotonic() + 10
    while evening.deps.store.live():
        assert time.monotonic() < deadline, "the live data was not destroyed"
        time.sleep(0.1)
