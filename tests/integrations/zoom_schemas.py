"""What Zoom takes, by the published schemas of its interface, and how it says no."""

from __future__ import annotations

import json
import re
from typing import Any

# Types as in Zoom's schema of POST /users/{userId}/meetings. What is not in it is told as an invalid field, so that
# no setting of ours is a misspelt one that the real server would pass over.
MEETING = {
    "agenda": str, "default_password": bool, "duration": int, "password": str, "pre_schedule": bool,
    "schedule_for": str, "settings": dict, "start_time": str, "template_id": str, "timezone": str, "topic": str,
    "type": int,
}  # fmt: skip
SETTINGS = {
    "allow_multiple_devices": bool, "alternative_hosts": str, "alternative_hosts_email_notification": bool,
    "approval_type": int, "audio": str, "auto_recording": str, "auto_start_ai_companion_questions": bool,
    "auto_start_meeting_summary": bool, "breakout_room": dict, "calendar_type": int, "close_registration": bool,
    "contact_email": str, "contact_name": str, "continuous_meeting_chat": dict, "device_testing": bool,
    "email_notification": bool, "encryption_type": str, "focus_mode": bool, "host_save_video_order": bool,
    "host_video": bool, "internal_meeting": bool, "jbh_time": int, "join_before_host": bool,
    "meeting_authentication": bool, "meeting_invitees": list, "mute_upon_entry": bool, "participant_video": bool,
    "private_meeting": bool, "push_change_to_calendar": bool, "registrants_confirmation_email": bool,
    "registrants_email_notification": bool, "registration_type": int, "show_share_button": bool, "use_pmi": bool,
    "waiting_room": bool, "watermark": bool,
}  # fmt: skip
REGISTRANT = {"first_name": str, "last_name": str, "email": str, "auto_approve": bool, "language": str}
PASSCODE = re.compile(r"[A-Za-z0-9@_*-]{1,10}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


class No(Exception):
    """An answer other than yes."""

    def __init__(
        self, status: int, code: int, message: str, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(message)
        self.answer = (status, headers or {}, json.dumps({"code": code, "message": message, **more}).encode())


def body_of(method: str, headers: Any, raw: bytes) -> dict[str, Any]:
    if method in ("GET", "DELETE"):
        if raw:
            raise No(400, 300, "Request Body should be empty.")
        return {}
    if not headers.get("Content-Type", "").startswith("application/json"):
        raise No(415, 300, "Unsupported Content Type")
    try:
        said = json.loads(raw)
    except ValueError:
        raise No(400, 300, "Request Body should be a valid JSON object.") from None
    if not isinstance(said, dict):
        raise No(400, 300, "Request Body should be a valid JSON object.")
    return said


def fields(said: dict[str, Any], known: dict[str, type], needed: set[str]) -> None:
    wrong = [name for name in said if name not in known or type(said[name]) is not known[name]]
    wrong += sorted(needed - set(said))
    if wrong:
        errors = [{"field": name, "message": "Invalid field."} for name in wrong]
        raise No(400, 300, "Validation Failed.", errors=errors)


def meeting_fields(said: dict[str, Any]) -> None:
    settings = said.get("settings", {})
    fields(settings, SETTINGS, set())
    fine = (
        len(said.get("topic", "")) <= 200
        and len(said.get("agenda", "")) <= 2000
        and PASSCODE.fullmatch(said.get("password", "a"))
        and MOMENT.fullmatch(said.get("start_time", "2026-01-01T00:00:00Z"))
        and 1 <= said.get("duration", 1) <= 1440
        and said.get("type", 2) in (1, 2, 3, 8, 10)
        and settings.get("approval_type", 2) in (0, 1, 2)
        and settings.get("registration_type", 1) in (1, 2, 3)
        and settings.get("auto_recording", "none") in ("local", "cloud", "none")
        and set(settings.get("breakout_room", {})) <= {"enable", "rooms"}
        and set(settings.get("continuous_meeting_chat", {}))
        <= {"enable", "auto_add_invited_external_users", "auto_add_meeting_participants"}
    )
    if not fine:
        raise No(400, 300, "Validation Failed.")


def only(query: dict[str, str], known: set[str]) -> None:
    if set(query) - known or not 1 <= int(query.get("page_size", "30")) <= 300:
        raise No(400, 300, "Validation Failed.")
