"""Bad input over real sockets and forms: each kind has its own code and a calm sentence, a log line without content,
and leaves the state untouched.
"""

from __future__ import annotations

from typing import Any

import pytest
import websocket

from companion.core.parsing import COMMANDS
from companion.core.refusals import REASONS
from companion.core.telling import reason_told
from companion.core.values import names
from companion.live.wire import MOST_BYTES
from tests.live.evening import Way, prepare, session_of
from tests.live.watched import Watched, eventually, refusal, says
from tests.live.wire import Wire

SECRET = "zebrafish"
WORDS = f"{SECRET} for Wren"


@pytest.fixture(scope="module")
def elsewhere(evening: Watched) -> dict[str, Way]:
    """Another session in the same database."""
    return prepare(evening.deps)


TAPS: tuple[tuple[str, str, Any, str], ...] = (
    ("unknown command", "zebrafish", {}, "unknown_command"),
    ("no name", "Wren", None, "unknown_command"),
    ("a command of the house", "Wren", {"name": "arrive", "fields": {"seat": "x"}}, "unknown_command"),
    ("the clock's command", "Wren", {"name": "let_time_pass"}, "unknown_command"),
    ("fields in a list", "Wren", {"name": "request_turn", "fields": [WORDS]}, "malformed"),
    ("fields of nothing", "Wren", {"name": "request_turn", "fields": None}, "malformed"),
    ("a missing field", "Wren", {"name": "raise_break_signal"}, "missing_field"),
    ("text where yes or no belongs", "Wren", {"name": "request_turn", "fields": {"reply": WORDS}}, "wrong_type"),
    ("a number where words belong", "Wren", {"name": "request_turn", "fields": {"note": 7}}, "wrong_type"),
    ("text where a number belongs", "Sol", {"name": "finish_turn", "fields": {"turn": "1"}}, "wrong_type"),
    ("yes where a number belongs", "Sol", {"name": "finish_turn", "fields": {"turn": True}}, "wrong_type"),
    ("not a number", "Sol", {"name": "finish_turn", "fields": {"turn": float("nan")}}, "malformed"),
    ("a number far too large", "Sol", {"name": "finish_turn", "fields": {"turn": 10**30}}, "not_a_choice"),
    ("no such choice", "Wren", {"name": "raise_break_signal", "fields": {"strength": WORDS}}, "not_a_choice"),
    ("no such language", "Wren", {"name": "choose_language", "fields": {"language": "xx"}}, "not_a_choice"),
    ("an unknown field", "Wren", {"name": "request_turn", "fields": {"seat": WORDS}}, "unknown_field"),
    ("a field of the house", "Wren", {"name": "request_turn", "fields": {"by": "system"}}, "unknown_field"),
    ("an unknown part", "Wren", {"name": "request_turn", "seat": WORDS}, "unknown_field"),
    ("words too long", "Wren", {"name": "request_turn", "fields": {"note": WORDS * 9}}, "too_long"),
    ("over 4 kB", "Wren", {"name": "request_turn", "fields": {"note": WORDS * 300}}, "too_long"),
    ("over 4 kB of spaces", "Wren", {"name": "request_turn", "fields": {"note": " " * 4100}}, "too_long"),
    ("an id too short", "Wren", {"id": "x", "name": "request_turn"}, "malformed"),
    ("an id too long", "Wren", {"id": "x" * 81, "name": "request_turn"}, "malformed"),
    ("an id with words", "Wren", {"id": WORDS, "name": "request_turn"}, "malformed"),
    ("an id that is none", "Wren", {"id": None, "name": "request_turn"}, "malformed"),
    ("somebody else's to do", "Wren", {"name": "start_next_turn", "fields": {"turn": 0}}, "not_yours_to_do"),
    ("a desk of others", "Kit", {"name": "write_note", "fields": {"desk": "care", "words": WORDS}}, "not_yours_to_do"),
    ("a seat that is none", "Sol", {"name": "admit_seat", "fields": {"seat": WORDS}}, "no_such_seat"),
    ("the house's seat", "Sol", {"name": "admit_seat", "fields": {"seat": "system"}}, "no_such_seat"),
    ("a turn that is over", "Sol", {"name": "start_next_turn", "fields": {"turn": 7}}, "turn_moved_on"),
    ("half an emoji", "Wren", {"name": "request_turn", "fields": {"note": "\ud83d"}}, "malformed"),
)


@pytest.mark.parametrize(("who", "sent", "code"), [row[1:] for row in TAPS], ids=[row[0] for row in TAPS])
def test_a_bad_tap_is_refused(evening: Watched, who: str, sent: Any, code: str) -> None:
    if who == "zebrafish":
        who, sent = "Wren", {"name": SECRET}
    wire = evening.wires[who]

    with evening.untouched(), evening.logged(f"refused reason={reason_told(code)} command=", never=(SECRET,)):
        answer = wire.emit("tap", {"id": "tap-of-a-test", **(sent or {})})

    assert answer == refusal(code)
    assert not wire.closed


RAW: tuple[tuple[str, str], ...] = (
    ("nothing", '["tap"]'),
    ("words", '["tap","zebrafish"]'),
    ("a list", '["tap",["zebrafish"]]'),
    ("two taps at once", '["tap",{"id":"tap-of-a-test","name":"request_turn"},{}]'),
    ("not even an event", '{"zebrafish":1}'),
    ("an event without a name", '[{"zebrafish":1}]'),
    ("not JSON", '["tap",{"zebrafish'),
    ("brackets without end", "[" * 9000),
    ("the library's own connect", '["connect",{"HTTP_COOKIE":"id=zebrafish"},{}]'),
    ("the library's own disconnect", '["disconnect"]'),
)


@pytest.mark.parametrize("raw", [row[1] for row in RAW], ids=[row[0] for row in RAW])
def test_a_message_that_is_no_tap_is_malformed(evening: Watched, raw: str) -> None:
    wire = evening.wires["Wren"]

    with evening.untouched(), evening.logged("refused reason=malformed command=?", never=(SECRET, "Traceback")):
        wire.send_raw(f"4277{raw}")

    if raw.endswith("]"):
        wire.until(lambda: 77 in wire.answers, "an answer")
        assert wire.answers.pop(77) == refusal("malformed")
    assert wire.whole()["whole"]


def test_an_unknown_event_is_refused(evening: Watched) -> None:
    with evening.untouched(), evening.logged("refused reason=unknown_command command=?", never=(SECRET,)):
        answer = evening.wires["Wren"].emit(SECRET, WORDS)

    assert answer == refusal("unknown_command")


@pytest.mark.parametrize(
    "frame", ["4", "4null", "4[]", "43[1]", '44{"a":1}', '451-["tap",{"_placeholder":true,"num":0}]']
)
def test_a_packet_that_no_page_sends_does_nothing(evening: Watched, frame: str) -> None:
    with evening.untouched(), evening.logged("refused reason=malformed", never=("Traceback",)):
        evening.wires["Wren"].send_raw(frame)

    assert evening.wires["Wren"].whole()["whole"]


def test_binary_messages_do_nothing(evening: Watched) -> None:
    wire = evening.served.connect(evening.ways["Wren"], form="json")

    with evening.untouched(), evening.logged("refused reason=malformed", never=(SECRET, "Traceback")):
        wire.send_binary(b'2["tap",{"id":"tap-of-a-test","name":"zebrafish"}]')

    assert wire.whole()["whole"]
    wire.close()


def test_a_message_over_16_kb_closes_the_connection(evening: Watched) -> None:
    for pieces in (1, 40):
        wire = evening.served.connect(evening.ways["Wren"], form="json")

        with evening.untouched(), evening.logged(never=(SECRET,)):
            _send_in_pieces(wire, f'42["tap","{WORDS * 2000}"]', pieces)
            wire.until(lambda wire=wire: wire.closed, "the end of the connection")


def _send_in_pieces(wire: Wire, text: str, pieces: int) -> None:
    length = len(text) // pieces + 1
    parts = [text[start : start + length] for start in range(0, len(text), length)]
    for number, part in enumerate(parts):
        kind = websocket.ABNF.OPCODE_CONT if number else websocket.ABNF.OPCODE_TEXT
        try:
            wire.send_frame(websocket.ABNF.create_frame(part, kind, int(number == len(parts) - 1)))
        except (OSError, websocket.WebSocketConnectionClosedException):
            # Closed before we were done, as it should be, but not before it was too much. Which of the two it is
            # depends on whether the wire's listening thread has heard of the end already.
            assert (number + 1) * length > MOST_BYTES, f"closed at piece {number}"
            return


def test_an_id_of_another_session_is_nobody_here(evening: Watched, elsewhere: dict[str, Way]) -> None:
    theirs = evening.served.connect(elsewhere["Sol"], form="json")
    before = evening.deps.store.load(session_of(evening.deps, elsewhere["Sol"]))

    for command in ("admit_seat", "remove_seat", "settle_break_signal_for", "offer_breakout", "add_place"):
        code = "no_signal" if command == "settle_break_signal_for" else "no_such_seat"
        with evening.untouched(), evening.logged(f"refused reason={reason_told(code)} command=?", never=(command,)):
            answer = evening.wires["Sol"].tap(command, seat=elsewhere["Ash"].seat_id)
        assert answer == refusal(code)

    assert evening.deps.store.load(session_of(evening.deps, elsewhere["Sol"])) == before
    theirs.close()


def test_a_tap_sent_again_acts_once(evening: Watched) -> None:
    note = {"desk": "care", "words": "only once"}

    answers = [evening.wires["Sol"].tap("write_note", "the-same-id", **note) for _ in range(3)]

    assert answers == [{"ok": True}] * 3
    assert [kept.words for kept in evening.saved().state.notes].count("only once") == 1


def test_an_id_used_for_something_else_is_refused(evening: Watched) -> None:
    assert evening.wires["Ash"].tap("request_turn", "an-id-of-ash", note="first")["ok"]

    for name, fields in (("request_turn", {"note": "second"}), ("withdraw_turn", {})):
        with evening.untouched(), evening.logged("refused reason=tap_reused", never=("second",)):
            assert evening.wires["Ash"].tap(name, "an-id-of-ash", **fields) == refusal("tap_reused")

    # The ids of one person are nothing to another.
    assert evening.wires["Fern"].tap("request_turn", "an-id-of-ash", note="another")["ok"]


FORMS: tuple[tuple[str, str, str, dict[str, str], str, int], ...] = (
    ("unknown command", "Wren", "zebrafish", {}, "unknown_command", 422),
    ("a command of the house", "Wren", "arrive", {"seat": "x"}, "unknown_command", 422),
    ("a missing field", "Wren", "raise_break_signal", {"strength": ""}, "missing_field", 422),
    ("neither yes nor no", "Wren", "request_turn", {"reply": WORDS}, "wrong_type", 422),
    ("not a number", "Sol", "finish_turn", {"turn": WORDS}, "wrong_type", 422),
    ("no such choice", "Wren", "raise_break_signal", {"strength": WORDS}, "not_a_choice", 422),
    ("an unknown field", "Wren", "request_turn", {"seat": WORDS}, "unknown_field", 422),
    ("words too long", "Wren", "request_turn", {"note": WORDS * 9}, "too_long", 422),
    ("over 4 kB", "Wren", "request_turn", {"note": WORDS * 300}, "too_long", 413),
    ("over 16 kB", "Wren", "request_turn", {"note": WORDS * 2000}, "too_long", 413),
    ("somebody else's to do", "Wren", "start_next_turn", {"turn": "0"}, "not_yours_to_do", 422),
    ("a seat that is none", "Sol", "admit_seat", {"seat": WORDS}, "no_such_seat", 422),
    ("a turn that is over", "Sol", "start_next_turn", {"turn": "7"}, "turn_moved_on", 422),
)


@pytest.mark.parametrize(
    ("who", "command", "fields", "code", "status"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS]
)
def test_a_bad_form_is_refused(
    evening: Watched, who: str, command: str, fields: dict[str, str], code: str, status: int
) -> None:
    with evening.untouched(), evening.logged(never=(SECRET,)):
        page = evening.post(who, command, fields)

    assert page.status_code == status
    assert says(page, code)


def test_a_form_sent_twice_acts_once(evening: Watched) -> None:
    page = evening.get("Rae").text
    stamp = page.split('name="tap" value="', 1)[1].split('"', 1)[0]
    fields = {"desk": "tech", "words": "pressed twice", "tap": stamp}

    statuses = [evening.post("Rae", "write_note", fields).status_code for _ in range(2)]

    assert statuses == [303, 303]
    assert [kept.words for kept in evening.saved().state.notes].count("pressed twice") == 1


def test_every_command_survives_nonsense_in_every_field(evening: Watched) -> None:
    nonsense: tuple[Any, ...] = (WORDS, -1, 1.5, True, [WORDS], {"a": {}}, "\u202e" + SECRET)
    with evening.logged(never=(SECRET, "Traceback", "fault of ours")):
        for name, command in COMMANDS.items():
            known = names(command)
            for value in nonsense:
                sent = {"id": f"{name}-nonsense", "name": name, "fields": dict.fromkeys(known, value) or {"x": value}}
                answer = evening.wires["Kit"].emit("tap", sent)
                assert answer["ok"] or answer["code"] in REASONS, sent


def test_nothing_is_left_of_it(evening: Watched) -> None:
    log = evening.served.log.read_text()

    assert SECRET not in log
    assert not [alias for alias in evening.ways if alias in log]
    assert "Traceback" not in log
    assert eventually(lambda: evening.get("Wren").status_code == 200, "her page")
