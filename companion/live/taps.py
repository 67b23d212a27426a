"""A tap from a page: the seat comes from the connection, never from the payload; the answer follows the commit."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

import msgspec

from companion import drawing, server
from companion.core.refusals import Refused
from companion.handover import Together
from companion.live.gate import Gate, number_in
from companion.live.packets import MALFORMED
from companion.live.rooms import Member
from companion.live.transport import hang_up
from companion.ports import StoreDown
from companion.service.tapping import Answer, tap
from companion.service.together import Tap

log = logging.getLogger("companion.taps")
LONGEST = 4096  # bytes of one message
OVER = ("no_access", "access_expired")  # nothing more to say on this connection, nor to be heard
AGAIN_SECONDS = {"too_fast": 10, "too_busy": 5, "not_sent": 10}  # kept by the phone and sent again, the same tap


@dataclass(frozen=True, slots=True)
class Taps:
    """Answers the messages of connections that the gate has let in."""

    gate: Gate
    together: Together[Tap, Answer | None]

    def tap(self, connection: str, *args: Any) -> dict[str, Any]:
        """``tap {id, name, fields}`` → ``{ok: true}`` or ``{ok: false, code, say}``."""
        came = time.perf_counter()
        member = self.gate.rooms.member(connection)
        if member is None:
            return self._refuse("no_access", "en")
        if self._floods(connection):
            return self._refuse("too_fast", member.language)
        if not self.gate.limits.may_tap(member.seat_id):
            return self._refuse("too_fast", member.language)
        try:
            message = _read(args)
        except Refused as refused:
            return self._refuse(refused.reason, member.language)
        with self.gate.rooms.answering(connection):
            answer = self._perform(member, message, came)
        if answer.code in OVER:
            self.gate.deps.panels.cut((member.access_id,), answer.code)
        return self._say(answer, member.language)

    def _perform(self, member: Member, message: dict[str, Any], came: float = 0.0) -> Answer:
        one = Tap(
            member.session_id, member.access_id, message.get("id"), message.get("name"), message.get("fields", {}), came
        )
        return self.together.do(one) or server.off_loop(self._alone, one)

    def _alone(self, one: Tap) -> Answer:
        try:
            answer = tap(self.gate.deps, one.access_id, one.tap_id, one.name, one.fields)
            if answer.ok:
                self.gate.deps.panels.measure((one.came,))
            return answer
        except Exception:
            # Without an answer the phone would send it again and again.
            log.exception("a fault of ours in a tap")
            return Answer(False, "our_fault")

    def whole(self, connection: str, *args: Any) -> None:
        """``whole [number]``: the client missed something, or comes back from the background with that drawing."""
        member = self.gate.rooms.member(connection)
        if member is None or self._floods(connection) or not self.gate.limits.may_tap(member.seat_id + " whole"):
            return
        try:
            self.gate.send_whole(member, number_in(args[0] if args else None))
        except (Refused, StoreDown):
            hang_up(self.gate.socketio_server, connection)

    def rest(self, connection: str, *args: Any) -> None:
        """``rest``: the page goes out of sight; should it go silent, it was not closed."""
        self._rest(connection, resting=True)

    def awake(self, connection: str, *args: Any) -> None:
        """``awake``: it is looked at again, or is about to be closed."""
        self._rest(connection, resting=False)

    def _rest(self, connection: str, *, resting: bool) -> None:
        if self.gate.rooms.member(connection) is not None and not self._floods(connection):
            self.gate.rooms.rest(connection, resting)

    def unknown(self, event: str, connection: str, *args: Any) -> dict[str, Any]:
        """Any other message."""
        self._floods(connection)
        member = self.gate.rooms.member(connection)
        code = MALFORMED if event == MALFORMED else "unknown_command"
        return self._refuse(code, member.language if member else "en")

    def _floods(self, connection: str) -> bool:
        if not self.gate.limits.floods(connection):
            return False
        log.warning("a connection that flooded was cut")
        hang_up(self.gate.socketio_server, connection)
        return True

    def _refuse(self, code: str, language: str) -> dict[str, Any]:
        log.info("refused reason=%s command=?", code)
        return self._say(Answer(False, code), language)

    def _say(self, answer: Answer, language: str) -> dict[str, Any]:
        self.gate.deps.meters.answered(answer.code)
        if answer.ok:
            return {"ok": True}
        said: dict[str, Any] = {"ok": False, "code": answer.code, "say": drawing.refusal(answer.code, language)}
        if answer.code in AGAIN_SECONDS:
            said["again"] = AGAIN_SECONDS[answer.code]
        return said


def _read(args: tuple[Any, ...]) -> dict[str, Any]:
    if len(args) != 1 or not isinstance(args[0], dict):
        raise Refused("malformed")
    message = args[0]
    if len(msgspec.json.encode(message)) > LONGEST:
        raise Refused("too_long")
    if set(message) - {"id", "name", "fields"}:
        raise Refused("unknown_field")
    return message
