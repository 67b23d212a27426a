"""What our app at Zoom has to be allowed to do."""

from __future__ import annotations

# Each with the broader one that older apps have instead.
NEEDED = {
    "meeting:write:meeting:admin": "meeting:write:admin",
    "meeting:read:meeting:admin": "meeting:read:admin",
    "meeting:read:list_meetings:admin": "meeting:read:admin",
    "meeting:update:meeting:admin": "meeting:write:admin",
    "meeting:delete:meeting:admin": "meeting:write:admin",
    "meeting:update:status:admin": "meeting:write:admin",
    "meeting:write:registrant:admin": "meeting:write:admin",
    "meeting:read:list_registrants:admin": "meeting:read:admin",
    "user:read:user:admin": "user:read:admin",
}


def lacking(given: frozenset[str]) -> tuple[str, ...]:
    """Those that are needed and not given, as Zoom's console calls them."""
    return tuple(one for one, broader in NEEDED.items() if one not in given and broader not in given)
