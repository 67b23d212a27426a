"""Every "no" the rules can say: a reason code here, its calm sentence in ``templates/refusals.html``."""

from __future__ import annotations

REASONS = frozenset(
    {
        # the message itself
        "unknown_command",
        "malformed",
        "wrong_type",
        "unknown_field",
        "missing_field",
        "too_long",
        "not_a_choice",
        "tap_reused",
        "too_fast",
        # who and where
        "no_access",
        "access_expired",
        "wrong_origin",
        "wrong_key",
        "too_many_pages",
        "not_yours_to_do",
        "no_such_seat",
        "not_in_the_room_yet",
        "device_on_hold",
        # the session
        "session_not_open",
        "no_safeguarding_plan",
        "not_inducted",
        "left_group",
        "session_closed",
        "already_started",
        "not_started",
        "not_paused",
        "room_paused",
        "someone_is_out",
        "someone_is_waiting",
        "end_first",
        # turns
        "turn_moved_on",
        "no_one_waiting",
        "no_one_ready",
        "no_one_speaking",
        "asking_paused",
        "list_closed",
        "no_reply_now",
        "reply_taken",
        "not_in_line",
        "already_first",
        "already_last",
        "nothing_to_undo",
        "undo_too_late",
        # breaks
        "no_signal",
        # one-to-ones
        "no_supporter_on_duty",
        "supporter_off_duty",
        "already_with_someone",
        "already_asked",
        "no_such_request",
        "someone_else_has_it",
        "asked_for_someone_else",
        "not_on_duty",
        "request_moved_on",
        # help
        "no_such_ticket",
        "ticket_taken",
        "not_your_ticket",
        "no_number",
        # the door
        "not_at_the_door",
        "no_such_device",
        "nobody_in_the_call",
        "no_such_part",
        "nothing_shared",
        # the world
        "not_sent",
        "too_busy",
        "call_away",
        # pages
        "no_such_page",
        "our_fault",
        # dates
        "date_cancelled",
        "date_over",
        "date_past",
        "date_same",
        "date_changed_meanwhile",
        # joining
        "wrong_passcode",
        "passcode_retired",
        "tick_needed",
        "step_missing",
    }
)


class Refused(Exception):
    """The rules say no. ``reason`` is one of REASONS; the state is untouched."""

    def __init__(self, reason: str) -> None:
        if reason not in REASONS:
            raise ValueError(f"unknown reason code: {reason}")
        super().__init__(reason)
        self.reason = reason
