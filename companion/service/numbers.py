"""Telephone numbers: as people type them, as they are kept to be dialled anywhere, and as gateways want them.

Only lengths are checked, not ranges: new ones are given out faster than lists of them are brought up to date.
"""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult


def kept(typed: str, country: str) -> str:
    """Such as +442079460001, whatever way it was typed; empty where no such number can be dialled from this country."""
    found = _parsed(typed, country)
    if found is None or phonenumbers.is_possible_number_with_reason(found) != ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def international(number: str, country: str) -> str | None:
    """The number in E.164, read as somebody in that country writes it; None if no text can go there.

    A landline is no place for a text: some networks read it aloud to whoever picks up.
    """
    found = _parsed(number, country)
    if found is None or not phonenumbers.is_possible_number(found) or found.extension:
        return None
    if phonenumbers.number_type(found) in (PhoneNumberType.FIXED_LINE, PhoneNumberType.PREMIUM_RATE):
        return None
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def to_text(number: str, country: str) -> str:
    """The number as a text carries it; as it was typed where no text can go to it, without a plus in front."""
    return international(number, country) or number.lstrip("+ ")


def said(number: str) -> str:
    """As people read it: +44 20 7946 0001. What is no number stays as it is."""
    found = _parsed(number, None)
    return number if found is None else phonenumbers.format_number(found, PhoneNumberFormat.INTERNATIONAL)


def _parsed(typed: str, country: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(typed, country)
    except NumberParseException:
        return None
