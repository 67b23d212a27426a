"""A passkey device in software: real keys, attestation "none", real signatures, and whatever it is told to forge."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device. ``verifies``: it asks who holds it; ``origin``: the page that it believes to be on."""

    origin: str = "http://localhost:8000"
    host: str = "localhost"
    verifies: bool = True
    count: int = 0
    keys: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)

    def make(self, options: str) -> str:
        """What navigator.credentials.create() would give."""
        asked = json.loads(options)
        key, name = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(32)
        self.keys[bytes_to_base64url(name)] = key
        numbers = key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        made = self._data(NEW) + bytes(16) + struct.pack(">H", len(name)) + name + encode_cbor(cose)
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": made})
        told = self._client(asked["challenge"], "webauthn.create")
        return self._credential(name, {"clientDataJSON": told, "attestationObject": attested})

    def use(self, options: str) -> str:
        """What navigator.credentials.get() would give, by the first of the keys that it has."""
        asked = json.loads(options)
        name = next(one["id"] for one in asked["allowCredentials"] if one["id"] in self.keys)
        self.count += 1
        data, told = self._data(), self._client(asked["challenge"], "webauthn.get")
        signed = self.keys[name].sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        raw = base64url_to_bytes(name)
        return self._credential(raw, {"clientDataJSON": told, "authenticatorData": data, "signature": signed})

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _client(self, challenge: str, kind: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, name: bytes, response: dict[str, bytes]) -> str:
        shown = bytes_to_base64url(name)
        given = {what: bytes_to_base64url(value) for what, value in response.items()}
        return json.dumps({"id": shown, "rawId": shown, "type": "public-key", "response": given})
