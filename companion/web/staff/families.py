"""The family of a browser and the kind of device, in words that somebody knows her own by; nothing finer is kept."""

from __future__ import annotations

# In the order in which they must be looked for: most of them also call themselves something else.
FAMILIES = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SMALL = ("Mobile", "Android", "iPhone", "iPad")


def family(agent: str) -> str:
    """Such as "Firefox/phone"."""
    name = next((known for mark, known in FAMILIES if mark in agent), "")
    return f"{name}/{'phone' if any(mark in agent for mark in SMALL) else 'computer'}"
