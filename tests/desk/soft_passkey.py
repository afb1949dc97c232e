"""A passkey in software: an authenticator as WebAuthn describes it, with a P-256 key and a counter."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftPasskey:
    """Answers what a page asks, as a browser at this origin would hand it on."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.site = origin.split("//")[1].partition(":")[0]
        self.id = secrets.token_bytes(32)
        self.counter = 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, asked: str) -> str:
        """The answer to an offer: a new credential."""
        options = json.loads(asked)["publicKey"]
        assert options["rp"]["id"] == self.site
        public = ES256.from_cryptography_key(self._key.public_key())  # type: ignore[no-untyped-call]  # fido2 leaves it out
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        seen = self._seen(ATTESTED, credential)
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(seen)})
        told = self._told("webauthn.create", options["challenge"])
        return self._answer(
            {"clientDataJSON": websafe_encode(told), "attestationObject": websafe_encode(attested)}
        )

    def use(self, asked: str, *, again: bool = False) -> str:
        """The answer to a question: a signature over its challenge; `again` does not count on, as a copy would not."""
        options = json.loads(asked)["publicKey"]
        self.counter += 0 if again else 1
        told = self._told("webauthn.get", options["challenge"])
        seen = bytes(self._seen(0))
        signature = self._key.sign(seen + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {"clientDataJSON": websafe_encode(told), "authenticatorData": websafe_encode(seen),
             "signature": websafe_encode(signature)}
        )  # fmt: skip

    def _seen(self, flags: int, credential: AttestedCredentialData | None = None) -> AuthenticatorData:
        site = hashlib.sha256(self.site.encode()).digest()
        more = bytes(credential) if credential else b""
        known = AuthenticatorData.FLAG(PRESENT | VERIFIED | flags)
        seen: AuthenticatorData = AuthenticatorData.create(site, known, self.counter, more)
        return seen

    def _told(self, kind: str, challenge: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        name = websafe_encode(self.id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
