"""An identity provider on this machine that people sign in at: the code flow of OpenID Connect, with PKCE."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

from tests.fakes.authorization_server import RSA, STRANGER, public_jwks
from tests.fakes.serving import serving

CLIENT_ID = "console-client"
KIM = {
    "sub": "u-1",
    "email": "kim@example.com",
    "email_verified": True,
    "groups": ["SCIM operators"],
}


@dataclass
class OpenIdServer:
    """Who is signed in there, what it has been asked, and what is wrong with it."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=lambda: dict(KIM))
    changed: dict[str, Any] = field(default_factory=dict)
    """Claims of the ID token that are other than they should be; None leaves one out."""
    key: Any = RSA
    fault: str = ""
    secret: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)

    def authorized(self, query: str) -> str:
        """Return where the browser is sent back, after the person has agreed."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT_ID)
        assert "openid" in asked["scope"].split()
        if self.fault == "denied":
            told = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(8)
            self.codes[code] = asked
            told = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def token(self, form: dict[str, str], headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.forms.append((form, headers))
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked["redirect_uri"] != form["redirect_uri"]
            or (asked["code_challenge"], asked["code_challenge_method"]) != (proof, "S256")
            or (self.secret and not headers.get("authorization", "").startswith("Basic "))
        ):
            return 400, {"error": "invalid_grant"}
        if self.fault == "down":
            return 503, {}
        if self.fault == "no token":
            return 200, {"access_token": "opaque"}
        return 200, {"access_token": "opaque", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        times = {"iat": now, "exp": now + 300}
        claims = {"iss": self.url, "aud": CLIENT_ID, **times, "nonce": nonce, **self.person}
        kept = {name: v for name, v in {**claims, **self.changed}.items() if v is not None}
        return jwt.encode(kept, self.key, "RS256", {"kid": "rsa"})

    def described(self) -> dict[str, str]:
        return {
            "issuer": "https://other.example.com" if self.fault == "other issuer" else self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
        }


FORGER = STRANGER
"""A key that the provider does not publish."""


class _Http(ThreadingHTTPServer):
    def __init__(self, server: OpenIdServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.knows = server


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        knows, parts = self.server.knows, urlsplit(self.path)
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", knows.authorized(parts.query))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        known = {
            "/.well-known/openid-configuration": knows.described(),
            "/jwks": {"keys": public_jwks()},
        }
        self._send(200 if parts.path in known else 404, known.get(parts.path, {}))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._send(*self.server.knows.token(form, headers))

    def _send(self, status: int, value: dict[str, Any]) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing on the console."""


@contextmanager
def signing_in() -> Iterator[OpenIdServer]:
    """Serve on a free port of this machine until the block ends."""
    server = OpenIdServer()
    with serving(_Http(server)) as url:
        server.url = url
        yield server
