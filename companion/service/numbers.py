"""Telephone numbers as people type them and as they are kept: international, so that they can be dialled anywhere."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult


def kept(typed: str, country: str) -> str:
    """Such as +442079460001, whatever way it was typed; empty where no such number can be dialled from this country.

    Only its length is checked beyond that: new ranges are given out faster than lists of them are brought up to date.
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


def international(number: str, country: str) -> str | None:
    """The number in E.164, read as somebody in that country writes it; None if no text can go there.

    A landline is no place for a text: some networks read it aloud to whoever picks up.
    """
    try:
        found = phonenumbers.parse(number, country)
    except NumberParseException:
        return None
    # "Possible" rather than "valid": new ranges come faster than releases, and the gateway knows them.
    if not phonenumbers.is_possible_number(found) or found.extension:
        return None
    if phonenumbers.number_type(found) in (PhoneNumberType.FIXED_LINE, PhoneNumberType.PREMIUM_RATE):
        return None
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)
