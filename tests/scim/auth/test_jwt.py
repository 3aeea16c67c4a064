"""Signed tokens: those of real issuers are accepted, forged ones are refused."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from scim.auth.external_tokens import ExternalTokens, external_tokens
from scim.auth.http_client import Outbound
from scim.auth.not_authorized import NotAuthorized
from scim.principal import Principal
from tests.cpu import cpu
from tests.fakes.authorization_server import (
    AUDIENCE,
    EC,
    RSA,
    SMALL_RSA,
    STRANGER,
    AuthorizationServer,
)

PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
STRANGERS_JWK = RSAAlgorithm.to_jwk(STRANGER.public_key(), as_dict=True)


def b64(value: Any) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(header: dict[str, Any], claims: Any, key: Any = RSA, by: str = "RS256") -> str:
    """Return a token with any header at all, truly signed with a key."""
    signing_input = f"{b64(header)}.{b64(claims)}".encode()
    algorithm = jwt.get_algorithm_by_name(by)
    return f"{signing_input.decode()}.{b64(algorithm.sign(signing_input, key))}"


def hmac_signed(header: dict[str, Any], claims: Any, secret: bytes) -> str:
    signing_input = f"{b64(header)}.{b64(claims)}"
    return f"{signing_input}.{b64(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"


def with_last_bits(token: str) -> str:
    """Return the token with the bits set that its last character of base64 has to spare."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) | 1]


def _slashed(server: AuthorizationServer) -> str:
    # A signature without - or _ is one in some millions; another claim makes another signature.
    tokens = (server.token(jti=str(n)) for n in range(50))
    token = next(one for one in tokens if "-" in one.rpartition(".")[2])
    head, _, signature = token.rpartition(".")
    return f"{head}.{signature.replace('-', '+').replace('_', '/')}"


@pytest.fixture
def tokens(known: Any) -> ExternalTokens:
    return external_tokens(known, {}.__getitem__, Outbound(allows_loopback=True), None)


@pytest.mark.parametrize(
    ("kid", "algorithm"),
    [("rsa", "RS256"), ("rsa", "PS256"), ("ec", "ES256"), ("ed", "EdDSA")],
)
def test_a_token_of_each_allowed_signature_makes_a_principal(
    tokens: ExternalTokens, server: AuthorizationServer, kid: str, algorithm: str
) -> None:
    principal = tokens.principal_of(server.token(kid, algorithm), None)
    assert principal is not None
    assert (principal.tenant, principal.subject) == ("acme", "externalId:client-1")
    assert principal.scopes == frozenset({"users:view"})
    assert principal.token_id.startswith("jwt-")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"aud": ["https://other.example.com", AUDIENCE]}, id="one audience of many"),
        pytest.param({"iat": None}, id="no iat"),
        pytest.param({"scope": None, "scp": "scim.read other"}, id="scp as Entra writes it"),
        pytest.param({"scope": None, "roles": ["scim.read"]}, id="roles"),
        pytest.param({"exp": 60.5}, id="a fraction of a second"),
        pytest.param({"exp": -20, "iat": -600}, id="leeway"),
    ],
)
def test_permitted_variations_of_a_token_are_accepted(
    tokens: ExternalTokens, server: AuthorizationServer, changed: dict[str, Any]
) -> None:
    times = {name: time.time() + changed[name] for name in ("exp", "iat") if changed.get(name)}
    principal = tokens.principal_of(server.token(**changed | times), None)
    assert principal is not None
    assert principal.scopes == frozenset({"users:view"})


H = {"alg": "RS256", "typ": "JWT", "kid": "rsa"}


def now() -> int:
    return int(time.time())


Forgery = Callable[[AuthorizationServer], str]
FORGERIES: dict[str, Forgery] = {
    "alg none, empty signature": lambda s: f"{b64({'alg': 'none'})}.{b64(s.claims())}.",
    "alg none, some signature": lambda s: f"{b64({'alg': 'none'})}.{b64(s.claims())}.c2ln",
    "alg NoNe": lambda s: f"{b64({**H, 'alg': 'NoNe'})}.{b64(s.claims())}.c2ln",
    "alg none over a true signature": lambda s: signed({**H, "alg": "none"}, s.claims()),
    "alg missing": lambda s: signed({"kid": "rsa"}, s.claims()),
    "alg null": lambda s: signed({**H, "alg": None}, s.claims()),
    "alg a list": lambda s: signed({**H, "alg": ["RS256"]}, s.claims()),
    "alg in lower case": lambda s: signed({**H, "alg": "rs256"}, s.claims()),
    "alg RS512, truly signed": lambda s: signed({**H, "alg": "RS512"}, s.claims(), RSA, "RS512"),
    "HS256 with the public key's PEM": lambda s: hmac_signed(
        {**H, "alg": "HS256"}, s.claims(), PEM
    ),
    "HS256 with the published JWK": lambda s: hmac_signed(
        {**H, "alg": "HS256"}, s.claims(), json.dumps(s.jwks[0]).encode()
    ),
    "HS256 with a published oct key": lambda s: hmac_signed(
        {"alg": "HS256", "kid": "oct"}, s.claims(), b"k" * 32
    ),
    "HS256 with an empty secret": lambda s: hmac_signed({**H, "alg": "HS256"}, s.claims(), b""),
    "HMAC called RS256": lambda s: hmac_signed(H, s.claims(), PEM),
    "a kid that is no text": lambda s: signed({**H, "kid": ["rsa"]}, s.claims()),
    "a stranger's key under a known kid": lambda s: signed(H, s.claims(), STRANGER),
    "a stranger's key in jwk": lambda s: signed({**H, "jwk": STRANGERS_JWK}, s.claims(), STRANGER),
    "a stranger's key in jwk, kid too": lambda s: signed(
        {"alg": "RS256", "kid": "own", "jwk": {**STRANGERS_JWK, "kid": "own"}},
        s.claims(),
        STRANGER,
    ),
    "a stranger's key at jku": lambda s: signed(
        {"alg": "RS256", "kid": "own", "jku": f"{s.url}/elsewhere"}, s.claims(), STRANGER
    ),
    "a stranger's key at x5u": lambda s: signed(
        {"alg": "RS256", "x5u": f"{s.url}/elsewhere"}, s.claims(), STRANGER
    ),
    "a stranger's certificate in x5c": lambda s: signed(
        {**H, "x5c": ["MIIB"]}, s.claims(), STRANGER
    ),
    "kid a path": lambda s: signed({**H, "kid": "../../../../dev/null"}, s.claims(), STRANGER),
    "kid a query": lambda s: signed({**H, "kid": "x' UNION SELECT 'k"}, s.claims(), STRANGER),
    "kid unknown": lambda s: signed({**H, "kid": "rsa2"}, s.claims()),
    "kid a number": lambda s: signed({**H, "kid": 7}, s.claims()),
    "kid null": lambda s: signed({**H, "kid": None}, s.claims(), STRANGER),
    "kid missing and two keys fit": lambda s: signed({"alg": "RS256"}, s.claims()),
    "kid of a key for encryption": lambda s: signed({**H, "kid": "enc"}, s.claims(), STRANGER),
    "a key of 1024 bits": lambda s: signed({**H, "kid": "small"}, s.claims(), SMALL_RSA),
    "an RSA key used as ES256": lambda s: signed({**H, "alg": "ES256"}, s.claims()),
    "an EC key used as RS256": lambda s: signed({**H, "kid": "ec"}, s.claims(), EC, "ES256"),
    "an ES256 signature of zeros": lambda s: (
        f"{b64({'alg': 'ES256', 'kid': 'ec'})}.{b64(s.claims())}.{b64(bytes(64))}"
    ),
    "an RS256 signature called PS256": lambda s: signed({**H, "alg": "PS256"}, s.claims()),
    "crit of the unknown": lambda s: signed({**H, "crit": ["x"], "x": 1}, s.claims()),
    "crit empty": lambda s: signed({**H, "crit": []}, s.claims()),
    "crit b64, payload detached": lambda s: signed(
        {**H, "b64": False, "crit": ["b64"]}, s.claims()
    ),
    "b64 without crit": lambda s: signed({**H, "b64": False}, s.claims()),
    "expired": lambda s: s.token(exp=now() - 60, iat=now() - 600),
    "no exp": lambda s: s.token(exp=None),
    "exp null": lambda s: signed(H, {**s.claims(), "exp": None}),
    "exp 1e308": lambda s: signed(H, {**s.claims(), "exp": 1e308}),
    "exp infinite": lambda s: signed(H, {**s.claims(), "exp": float("inf")}),
    "exp text": lambda s: signed(H, {**s.claims(), "exp": str(now() + 60)}),
    "exp true": lambda s: signed(H, {**s.claims(), "exp": True}),
    "exp beyond the longest life": lambda s: s.token(exp=now() + 90_000),
    "exp beyond it, iat missing": lambda s: s.token(exp=now() + 90_000, iat=None),
    "nbf in the future": lambda s: s.token(nbf=now() + 120),
    "iat in the future": lambda s: s.token(iat=now() + 120),
    "iat text": lambda s: signed(H, {**s.claims(), "iat": "now"}),
    "another audience": lambda s: s.token(aud="https://other.example.com"),
    "no audience": lambda s: s.token(aud=None),
    "audience a prefix of ours": lambda s: s.token(aud=AUDIENCE[:-1]),
    "audience an object": lambda s: s.token(aud={AUDIENCE: True}),
    "audience an empty list": lambda s: s.token(aud=[]),
    "another issuer": lambda s: s.token(iss="https://evil.example.com"),
    "no issuer": lambda s: s.token(iss=None),
    "issuer with a slash more": lambda s: s.token(iss=f"{s.issuer}/"),
    "issuer a list": lambda s: signed(H, {**s.claims(), "iss": [s.issuer]}),
    "subject a number": lambda s: signed(H, {**s.claims(), "sub": 7}),
    "a claim twice": lambda s: _with_payload(
        json.dumps(s.claims())[:-1].encode() + b', "sub": "admin"}'
    ),
    "alg twice": lambda s: _with_header(b'{"alg":"none","alg":"RS256","kid":"rsa"}', s),
    "claims a list": lambda s: signed(H, [s.claims()]),
    "claims nested deeply": lambda s: _with_payload(b"[" * 2800),
    "claims nested 100,000 deep": lambda s: _with_payload(b'{"a":' * 100_000),
    "claims no UTF-8": lambda s: _with_payload(b'{"iss":"\xff"}'),
    "claims changed after signing": lambda s: _with_claims(s.token(), s.claims(sub="admin")),
    "the signature of another token": lambda s: _with_claims(s.token(), s.claims(jti="2")),
    "signature empty": lambda s: s.token().rpartition(".")[0] + ".",
    "signature cut": lambda s: s.token()[:-4],
    "stray bits at the end": lambda s: with_last_bits(s.token()),
    "padding": lambda s: s.token() + "==",
    "whitespace inside": lambda s: s.token().replace(".", " .", 1),
    "a line break at the end": lambda s: s.token() + "\n",
    "the other base64 alphabet": _slashed,
    "two parts": lambda s: s.token().rpartition(".")[0],
    "five parts, as encrypted": lambda s: s.token() + ".a.b",
    "the JSON serialization": lambda s: json.dumps(
        dict(zip(("protected", "payload", "signature"), s.token().split("."), strict=True))
    ),
    "9 KB": lambda s: s.token(padding="x" * 9000),
}


def _with_payload(payload: bytes) -> str:
    signing_input = f"{b64(H)}.{b64(payload)}"
    signature = jwt.get_algorithm_by_name("RS256").sign(signing_input.encode(), RSA)
    return f"{signing_input}.{b64(signature)}"


def _with_header(header: bytes, server: AuthorizationServer) -> str:
    signing_input = f"{b64(header)}.{b64(server.claims())}"
    signature = jwt.get_algorithm_by_name("RS256").sign(signing_input.encode(), RSA)
    return f"{signing_input}.{b64(signature)}"


def _with_claims(token: str, claims: dict[str, Any]) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{b64(claims)}.{signature}"


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_is_refused(
    tokens: ExternalTokens, server: AuthorizationServer, forgery: Forgery
) -> None:
    with pytest.raises(NotAuthorized):
        tokens.principal_of(forgery(server), None)
    assert server.asked_for("/elsewhere") == 0
    # The door is not just shut: the true token gets through it.
    assert tokens.principal_of(server.token(), None) is not None


def test_refusing_a_forged_token_costs_little_more_than_accepting_a_true_one(
    tokens: ExternalTokens, server: AuthorizationServer
) -> None:
    tokens.principal_of(server.token(), None)
    # The best of three, since other work on the machine is not the token's.
    accepting = min(seconds_to_accept(tokens, server.token(jti=f"{n}")) for n in range(3))
    for name, forgery in FORGERIES.items():
        token = forgery(server)
        assert min(seconds_to_refuse(tokens, token) for _ in range(3)) < 20 * accepting, name


def seconds_to_accept(tokens: ExternalTokens, token: str) -> float:
    with cpu() as spent:
        assert tokens.principal_of(token, None) is not None
    return spent.seconds


def seconds_to_refuse(tokens: ExternalTokens, token: str) -> float:
    with cpu() as spent, pytest.raises(NotAuthorized):
        tokens.principal_of(token, None)
    return spent.seconds


@pytest.mark.parametrize("typ", ["JWT", None, "dpop+jwt", "logout+jwt", "at+jwt2"])
def test_a_token_of_another_type_than_the_configured_one_is_refused(
    signing: dict[str, Any],
    known: Any,
    tokens: ExternalTokens,
    server: AuthorizationServer,
    typ: Any,
) -> None:
    known.documents = [("acme", signing | {"types": ["at+jwt"]})]
    with pytest.raises(NotAuthorized):
        tokens.principal_of(signed({**H, "typ": typ}, server.claims()), None)


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_the_configured_type_gets_through_however_it_is_written(
    signing: dict[str, Any],
    known: Any,
    tokens: ExternalTokens,
    server: AuthorizationServer,
    typ: str,
) -> None:
    known.documents = [("acme", signing | {"types": ["at+jwt"]})]
    assert tokens.principal_of(signed({**H, "typ": typ}, server.claims()), None) is not None


def test_an_algorithm_the_issuer_is_not_configured_for_is_refused(
    signing: dict[str, Any], known: Any, tokens: ExternalTokens, server: AuthorizationServer
) -> None:
    known.documents = [("acme", signing | {"algorithms": ["RS256"]})]
    with pytest.raises(NotAuthorized):
        tokens.principal_of(server.token("ec", "ES256"), None)
    assert server.asked_for("/jwks") == 0


def test_the_principals_name_is_not_the_token(
    tokens: ExternalTokens, server: AuthorizationServer
) -> None:
    token = server.token()
    principal = tokens.principal_of(token, None)
    assert isinstance(principal, Principal)
    assert not any(part in principal.token_id for part in token.split("."))


def test_the_reason_of_a_refusal_contains_nothing_of_the_token(
    tokens: ExternalTokens, server: AuthorizationServer
) -> None:
    token = server.token(sub="canary@example.com", exp=now() - 60, iat=now() - 600)
    with pytest.raises(NotAuthorized) as refused:
        tokens.principal_of(token, None)
    assert refused.value.reason == "it has expired"
    assert refused.value.tenant == "acme"
    assert "canary" not in refused.value.reason
    assert not any(part in refused.value.reason for part in token.split("."))


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nbf": 90}, "the clock of its issuer is ahead"),
        ({"iat": 90}, "the clock of its issuer is ahead"),
        ({"exp": -90, "iat": -600}, "has expired"),
    ],
    ids=str,
)
def test_the_reason_of_a_refusal_says_what_is_wrong_with_the_time(
    tokens: ExternalTokens, server: AuthorizationServer, claims: dict[str, int], reason: str
) -> None:
    token = server.token(**{name: now() + seconds for name, seconds in claims.items()})
    with pytest.raises(NotAuthorized) as refused:
        tokens.principal_of(token, None)
    assert reason in refused.value.reason


def test_a_tenant_is_named_only_if_no_other_accepts_the_issuer(
    signing: dict[str, Any], known: Any, tokens: ExternalTokens, server: AuthorizationServer
) -> None:
    known.documents = [("acme", signing), ("globex", signing)]
    with pytest.raises(NotAuthorized) as refused:
        tokens.principal_of(server.token(aud="other"), None)
    assert refused.value.reason.startswith("its audience is none of")
    assert refused.value.tenant is None


def test_no_tenant_is_named_for_a_token_of_none_of_several(
    signing: dict[str, Any], known: Any, tokens: ExternalTokens, server: AuthorizationServer
) -> None:
    known.documents = [(name, {**signing, "claims": {"tid": name}}) for name in ("acme", "globex")]
    with pytest.raises(NotAuthorized) as refused:
        tokens.principal_of(server.token(tid="initech"), None)
    assert refused.value.reason == "its claims are those of no tenant that accepts its issuer"
    assert refused.value.tenant is None
