"""What we ask of a meeting at Zoom: nothing is recorded, written down or sent, and nobody comes in unseen."""

from __future__ import annotations

import secrets
import string
from datetime import UTC
from typing import Any

from companion.ports import CallPlan

TOPIC = "Call"  # it stands in the histories of phones
LONGEST_PASSCODE = 10  # characters: Zoom takes no more
SIGNS = "-_*@"  # the only ones that Zoom takes
SCHEDULED = 2
EACH_WITH_A_LINK_OF_HER_OWN = 1
# By hand, so that whoever finds the page where one registers waits for ever. Those whom we register are let in at once.
APPROVED_BY_HAND = 1
SETTINGS: dict[str, Any] = {
    "approval_type": APPROVED_BY_HAND,
    "registration_type": EACH_WITH_A_LINK_OF_HER_OWN,
    "registrants_confirmation_email": False,
    "registrants_email_notification": False,
    "email_notification": False,
    "show_share_button": False,
    "meeting_authentication": False,  # no member needs an account of her own
    "waiting_room": True,
    "join_before_host": False,
    "host_video": False,
    "participant_video": False,
    "mute_upon_entry": True,
    "auto_recording": "none",
    "auto_start_meeting_summary": False,
    "auto_start_ai_companion_questions": False,
    "continuous_meeting_chat": {"enable": False},  # it would go on after the call, with all who were there
    "private_meeting": True,
    "allow_multiple_devices": True,
    "use_pmi": False,
    "breakout_room": {"enable": True},
}


def planned(plan: CallPlan) -> dict[str, Any]:
    """A new meeting; its agenda is our key, by which it is found again."""
    return {
        "topic": TOPIC,
        "agenda": plan.key,
        "type": SCHEDULED,
        "password": passcode(),
        "settings": SETTINGS,
        **when(plan),
    }


def when(plan: CallPlan) -> dict[str, Any]:
    """When it begins and how many minutes it lasts."""
    starts = plan.starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"start_time": starts, "duration": plan.minutes, "timezone": "UTC"}


def passcode() -> str:
    """One that fits whatever an account asks of passcodes, other than digits alone."""
    every = string.ascii_letters + string.digits + SIGNS
    while True:
        made = "".join(secrets.choice(every) for _ in range(LONGEST_PASSCODE))
        kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, SIGNS)
        if all(set(kind) & set(made) for kind in kinds) and not _in_a_row(made):
            return made


def _in_a_row(text: str) -> bool:
    # Accounts can forbid runs such as 11, 12 or ab.
    return any(abs(ord(one) - ord(other)) <= 1 for one, other in zip(text.lower(), text.lower()[1:], strict=False))
