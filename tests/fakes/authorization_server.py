"""A small authorization server on this machine: keys, introspection, tokens of its own, tickets."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from tests.fakes.serving import serving

CLIENT = ("scim", "s3cret:with colon")
AUDIENCE = "https://scim.example.com"
RESOURCE = "scim-resource"

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SMALL_RSA = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - too small on purpose
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)

KEYS = {"rsa": RSA, "ec": EC, "ed": ED}


def public_jwks() -> list[dict[str, Any]]:
    return [
        {**RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "rsa", "use": "sig"},
        {**RSAAlgorithm.to_jwk(SMALL_RSA.public_key(), as_dict=True), "kid": "small"},
        {**ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "ec"},
        {**OKPAlgorithm.to_jwk(ED.public_key(), as_dict=True), "kid": "ed"},
        {"kty": "oct", "k": base64.urlsafe_b64encode(b"k" * 32).decode(), "kid": "oct"},
        {**RSAAlgorithm.to_jwk(STRANGER.public_key(), as_dict=True), "kid": "enc", "use": "enc"},
    ]


@dataclass
class AuthorizationServer:
    """What the server knows, what it was asked, and what is wrong with it."""

    url: str = ""
    jwks: list[dict[str, Any]] = field(default_factory=public_jwks)
    active: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    fault: str = ""

    @property
    def issuer(self) -> str:
        return self.url

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return claims this service would accept, but for what is changed; None leaves one out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "client-1",
            "iat": now,
            "exp": now + 600,
            "scope": "scim.read",
        } | changed
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, kid: str = "rsa", algorithm: str = "RS256", **changed: Any) -> str:
        """Return a token signed with one of the keys."""
        return jwt.encode(self.claims(**changed), KEYS[kid], algorithm, {"kid": kid})

    def asked_for(self, path: str) -> int:
        return sum(one == path for one, _, _ in self.asked)

    def answer(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        self.asked.append((path, body, headers))
        match path:
            case "/jwks":
                return 200, {"keys": self.jwks}
            case "/introspect":
                return 200, self.active.get(body["token"][0], {"active": False})
            case "/token":
                return 200, {"access_token": "pat-1", "token_type": "Bearer", "expires_in": 300}
            case "/permission" if headers.get("authorization") == "Bearer pat-1":
                return 201, {"ticket": f"ticket-{self.asked_for('/permission')}"}
        return 404, {}


class _Http(ThreadingHTTPServer):
    def __init__(self, server: AuthorizationServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.knows = server


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        is_json = "json" in self.headers["Content-Type"]
        self._serve(json.loads(body) if is_json else parse_qs(body))

    def _serve(self, body: dict[str, Any]) -> None:
        knows = self.server.knows
        path, _, _ = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, value = knows.answer(path, body, headers)
        match knows.fault:
            case "down":
                status, value = 503, {}
            case "slow":
                time.sleep(1.5)
            case "redirects" if path != "/elsewhere":
                status = 302
            case "no plain JSON" if "application/jwk-set+json" not in headers["accept"]:
                status = 406
            case "no keys":
                value = {"message": "maintenance"}
            case "a list":
                value = [value]
            case "endless":
                value = {**value, "padding": "x" * 300_000}
        content = b"no JSON" if knows.fault == "garbage" else json.dumps(value).encode()
        try:
            self._send(status, content)
        except OSError:
            """The caller had no more patience: that is what some tests are about."""

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"{self.server.knows.url}/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        for start in range(0, len(content), 64):
            self.wfile.write(content[start : start + 64])
            if self.server.knows.fault == "drips":
                self.wfile.flush()
                time.sleep(0.1)

    def log_message(self, *_: Any) -> None:
        """Say nothing on the console."""


@contextmanager
def running() -> Iterator[AuthorizationServer]:
    """Serve on a free port of this machine until the block ends."""
    server = AuthorizationServer()
    with serving(_Http(server)) as url:
        server.url = url
        yield server
