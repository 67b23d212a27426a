"""Telephone numbers as people write them, and as gateways want them."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType


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
