"""What may be said by name outside of sessions, in logs and counts; all that could tell of people is said as one.

One group on one evening is few enough that "no supporter on duty" tells that somebody has asked for one. So this is a
list of what may be named, and whatever is not in it is merged: a new reason or command tells nothing until somebody has
thought about it.
"""

from __future__ import annotations

MERGED = "rules"  # the reason, as it is said, of everything that is not named
NAMELESS = "?"  # the same of commands

# Of programs, of the way here, and of machines: nobody who only uses her page runs into them by what she needs.
NAMED_REASONS = frozenset(
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
        "session_closed",
        # the world
        "not_sent",
        "too_busy",
        # pages
        "no_such_page",
        "our_fault",
        # guessing
        "wrong_passcode",
    }
)

# What a whole group sees anyway: the session itself, and the line of those who would like to speak.
NAMED_COMMANDS = frozenset(
    {
        "open_doors",
        "start_session",
        "pause_room",
        "resume_room",
        "begin_ending",
        "close_session",
        "go_to_part",
        "choose_language",
        "request_turn",
        "withdraw_turn",
        "start_next_turn",
        "finish_turn",
    }
)


def reason_told(reason: str) -> str:
    """The reason of a refusal as it may stand in a log or a count."""
    return reason if reason in NAMED_REASONS else MERGED


def command_told(name: object) -> str:
    """The command that was refused, as it may stand in a log; any other text may be somebody's words."""
    return name if isinstance(name, str) and name in NAMED_COMMANDS else NAMELESS
