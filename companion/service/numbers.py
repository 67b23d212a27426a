"""Telephone numbers as people type them and as they are kept: international, so that they can be dialled anywhere."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult


def kept(typed: str, country: str) -> str:
    """Such as +442079460001, whatever way it was typed; empty where no such number can be dialled from this country.

    Only its length is checked beyond that: ranges are given out anew faster than any list of them is brought up to date.
    """
    try:
        number = phonenumbers.parse(typed, country)
    except NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def said(number: str) -> str:
    """As people read it: +44 20 7946 0001. What is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
