"""Passkeys (WebAuthn): made and used with a challenge that is kept here and good once; her device asks who she is.

The library is imported where it is used: with what it brings it takes a twentieth of the time that a start takes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from companion.core.values import replace
from companion.ports import UpTo
from companion.records import Account, Challenge, Passkey, StaffSession
from companion.records.staff import Purpose
from companion.service.deps import Deps
from companion.service.staff.totp import ISSUER
from companion.service.staff_log import note

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

GOOD_FOR = timedelta(minutes=5)
MILLISECONDS = 300_000
LONGEST_LABEL = 40


class NotThisKey(Exception):
    """What came from the device opens nothing: forged, used before, too old, or for somebody else."""


def of_account(deps: Deps, account_id: str) -> list[Passkey]:
    """Her passkeys, in the order in which she made them."""
    return sorted(deps.store.shelf(Passkey).find(account_id=account_id), key=lambda kept: (kept.created_at, kept.id))


def to_add(deps: Deps, session: StaffSession, account: Account) -> str:
    """What her browser is asked for when she adds a passkey, as JSON."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_registration_options(
        rp_id=deps.settings.passkey_host,
        rp_name=ISSUER,
        user_name=account.name,
        user_id=account.id.encode(),
        challenge=webauthn.helpers.base64url_to_bytes(_challenge(deps, session, "add")),
        timeout=MILLISECONDS,
        # A key that is not listed on the device leaves less behind on it.
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_known(deps, account),
    )
    return webauthn.options_to_json(options)


def to_use(deps: Deps, session: StaffSession, account: Account) -> str:
    """What her browser is asked for when she uses one, as JSON."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=deps.settings.passkey_host,
        challenge=webauthn.helpers.base64url_to_bytes(_challenge(deps, session, "use")),
        timeout=MILLISECONDS,
        allow_credentials=_known(deps, account),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def add(deps: Deps, session: StaffSession, account: Account, given: str, label: str) -> Passkey:
    """Keep a new passkey. Raises NotThisKey."""
    import webauthn

    try:
        credential = webauthn.helpers.parse_registration_credential_json(given)
        challenge = _take(deps, session, "add", credential.response.client_data_json)
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=deps.settings.passkey_host,
            expected_origin=list(deps.settings.passkey_origins),
            require_user_verification=True,
        )
    except Exception as error:  # whatever the library trips over came from outside
        raise NotThisKey from error
    passkey = Passkey(
        webauthn.helpers.bytes_to_base64url(verified.credential_id),
        account.id,
        webauthn.helpers.bytes_to_base64url(verified.credential_public_key),
        verified.sign_count,
        " ".join(label.split())[:LONGEST_LABEL],
        deps.clock(),
    )
    if not deps.store.shelf(Passkey).add(passkey):
        raise NotThisKey
    note(deps, "passkey_added", by=account.id)
    return passkey


def use(deps: Deps, session: StaffSession, account: Account, given: str) -> None:
    """Check that her device signed what this browser was asked for. Raises NotThisKey."""
    import webauthn

    try:
        credential = webauthn.helpers.parse_authentication_credential_json(given)
        challenge = _take(deps, session, "use", credential.response.client_data_json)
        kept = deps.store.shelf(Passkey).get(credential.id)
        if kept is None or kept.account_id != account.id:
            raise NotThisKey
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=deps.settings.passkey_host,
            expected_origin=list(deps.settings.passkey_origins),
            credential_public_key=webauthn.helpers.base64url_to_bytes(kept.public_key),
            credential_current_sign_count=kept.sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise NotThisKey from error
    count = verified.new_sign_count
    deps.store.shelf(Passkey).change(kept.id, lambda now: replace(now, sign_count=max(now.sign_count, count)))


def forget(deps: Deps, account: Account, passkey_id: str) -> None:
    """This passkey opens nothing any more."""
    if deps.store.shelf(Passkey).remove(id=passkey_id, account_id=account.id):
        note(deps, "passkey_removed", by=account.id)


def _challenge(deps: Deps, session: StaffSession, purpose: Purpose) -> str:
    from webauthn.helpers import bytes_to_base64url, generate_challenge

    shelf, now = deps.store.shelf(Challenge), deps.clock()
    shelf.remove(expires_at=UpTo(now))
    challenge = Challenge(bytes_to_base64url(generate_challenge()), session.id, purpose, now + GOOD_FOR)
    shelf.put(challenge)
    return challenge.id


def _take(deps: Deps, session: StaffSession, purpose: Purpose, client_data: bytes) -> bytes:
    from webauthn.helpers import bytes_to_base64url, parse_client_data_json

    # Taken away before anything is checked: the same answer sent again finds none.
    given = parse_client_data_json(client_data).challenge
    shelf, name = deps.store.shelf(Challenge), bytes_to_base64url(given)
    kept = shelf.get(name)
    taken = shelf.remove(id=name, session_id=session.id, purpose=purpose)
    if kept is None or not taken or kept.expires_at <= deps.clock():
        raise NotThisKey
    return given


def _known(deps: Deps, account: Account) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers import base64url_to_bytes, structs

    return [
        structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(kept.id)) for kept in of_account(deps, account.id)
    ]
