"""Who sits at the desk, by the name that is noted with what she decides."""

from __future__ import annotations

from flask import session as browser_session


def my_name() -> str:
    """Her name."""
    return str(browser_session["organiser"])
