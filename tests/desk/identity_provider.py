"""An OpenID Connect identity provider on loopback: discovery, code flow with PKCE, RS256, strict with whoever asks.

It is written from the standard (OpenID Connect Core 1.0, RFC 6749, RFC 7636) with joserfc, another library than the one
that reads its tokens. Its faults are chosen by name, so that each test says which lie it tells.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "the-desk", "a secret of the identity provider"


class IdentityProvider:
    """Signs one person in at a time: whoever `claims` says. `lie` changes what it tells."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.claims: dict[str, Any] = {
            "sub": "subject-1",
            "email": "Hana@work.example",
            "email_verified": True,
        }
        self.lie = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}/tenant"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # --- what it answers ----------------------------------------------------------------------------------

    def describe(self) -> dict[str, Any]:
        issuer = "https://evil.example" if self.lie == "issuer of another" else self.issuer
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": "http://198.51.100.1/token"
            if self.lie == "open endpoint"
            else f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes on to: back, with a code for whoever is signed in here."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["nonce"]) >= 16
        assert len(asked["state"]) >= 16
        if self.lie == "refuses":
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        if self.lie == "mixed up":
            back["iss"] = "https://evil.example"
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A token for a code, once, to the client that proves itself and that began it."""
        begun = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        if (
            begun is None
            or begun["code_challenge"] != challenge
            or begun["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 300,
            "id_token": self.id_token(begun["nonce"]),
        }  # fmt: skip

    def id_token(self, nonce: str) -> str:
        at = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": nonce, **self.claims}
        lies: dict[str, dict[str, Any]] = {
            "stale": {"iat": at - 4000, "exp": at - 3000}, "for another": {"aud": "another-program"},
            "by another": {"iss": "https://evil.example"}, "other nonce": {"nonce": "x" * 24},
            "no nonce": {"nonce": None}, "of another party": {"aud": [CLIENT, "another"], "azp": "another"},
        }  # fmt: skip
        said.update(lies.get(self.lie, {}))
        said = {name: value for name, value in said.items() if value is not None}
        key = RSAKey.generate_key(2048) if self.lie == "forged" else self.key
        kid = "unpublished" if self.lie == "unpublished key" else "first"
        if self.lie == "unsigned":
            parts = ({"alg": "none", "kid": "first"}, said)
            return (
                ".".join(
                    base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts
                )
                + "."
            )
        if self.lie == "signed by the secret":
            from joserfc.jwk import OctKey

            return jwt.encode({"alg": "HS256", "kid": "first"}, said, OctKey.import_key(SECRET))
        return jwt.encode({"alg": "RS256", "kid": kid}, said, key)

    # --- how it is asked ----------------------------------------------------------------------------------

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        house = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                house.asked.append(parts.path)
                if house.lie == "away":
                    return self._send(503, {})
                if parts.path == "/tenant/.well-known/openid-configuration":
                    return self._send(200, house.describe())
                if parts.path == "/tenant/keys":
                    return self._send(200, {"keys": [house.key.as_dict(private=False)]})
                if parts.path == "/tenant/authorize":
                    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    self.send_response(302)
                    self.send_header("Location", house.authorize(asked))
                    self.end_headers()
                    return None
                return self._send(404, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                asked = {name: values[0] for name, values in parse_qs(body).items()}
                house.asked.append(urlsplit(self.path).path)
                self._send(*house.token(asked))

            def _send(self, status: int, said: dict[str, Any]) -> None:
                content = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *said: object) -> None:
                """A test says what went wrong; the server need not."""

        return Handler
