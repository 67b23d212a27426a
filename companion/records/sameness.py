"""When two addresses or numbers are the same, however they were typed."""

from __future__ import annotations


def same_contact(text: str) -> str:
    """One way of writing an e-mail address or a number; two that are the same become equal."""
    plain = "".join(text.split()).casefold()
    if "@" in plain:
        return plain
    digits = "".join(str(int(char)) for char in plain if char.isdecimal())
    return f"+{digits}" if plain.startswith("+") else digits
