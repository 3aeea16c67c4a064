"""An issuer's keys are fetched seldom, kept over an outage, and never for longer than an hour."""

from collections.abc import Mapping
from typing import Any

import pytest
from jwt.algorithms import RSAAlgorithm

from scim.auth.http_client import Outbound, UnreachableError
from scim.auth.jwks import COOLDOWN, FRESH, MAX_KEYS, STALE, KeySets, keys_of
from scim.auth.jws import IssuerSilent, NotBelieved
from tests.fakes.authorization_server import RSA, AuthorizationServer, public_jwks


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sets(clock: Clock, server: AuthorizationServer) -> KeySets:
    def read(uri: str) -> dict[str, Any]:
        seconds = 0.5 if server.fault else 30.0  # a busy machine may take long to answer
        return Outbound(allows_loopback=True, seconds=seconds).read(uri)

    return KeySets(read, clock)


def test_keys_are_fetched_once_while_they_are_fresh(
    sets: KeySets, clock: Clock, server: AuthorizationServer
) -> None:
    for _ in range(5):
        assert sets.key(f"{server.url}/jwks", "rsa", "RS256").algorithm == "RS256"
    clock.now += FRESH - 1
    sets.key(f"{server.url}/jwks", "ec", "ES256")
    assert server.asked_for("/jwks") == 1
    clock.now += 1
    sets.key(f"{server.url}/jwks", "rsa", "RS256")
    assert server.asked_for("/jwks") == 2


def test_a_storm_of_unknown_key_ids_fetches_once_in_thirty_seconds(
    sets: KeySets, clock: Clock, server: AuthorizationServer
) -> None:
    sets.key(f"{server.url}/jwks", "rsa", "RS256")
    for second in range(int(COOLDOWN) * 3):
        clock.now += 1
        for n in range(10):
            with pytest.raises(NotBelieved):
                sets.key(f"{server.url}/jwks", f"unknown-{second}-{n}", "RS256")
    assert server.asked_for("/jwks") == 1 + 3


def test_a_new_key_is_found_after_the_cooldown(
    sets: KeySets, clock: Clock, server: AuthorizationServer
) -> None:
    new = server.jwks[0] | {"kid": "new"}
    sets.key(f"{server.url}/jwks", "rsa", "RS256")
    server.jwks = [new]
    with pytest.raises(NotBelieved):
        sets.key(f"{server.url}/jwks", "new", "RS256")
    clock.now += COOLDOWN
    assert sets.key(f"{server.url}/jwks", "new", "RS256").kid == "new"


def test_a_withdrawn_key_opens_nothing_once_the_set_is_fetched_again(
    sets: KeySets, clock: Clock, server: AuthorizationServer
) -> None:
    sets.key(f"{server.url}/jwks", "rsa", "RS256")
    server.jwks = server.jwks[1:]
    clock.now += FRESH
    with pytest.raises(NotBelieved):
        sets.key(f"{server.url}/jwks", "rsa", "RS256")


@pytest.mark.parametrize(
    "fault", ["down", "slow", "redirects", "garbage", "a list", "no keys", "endless"]
)
def test_an_outage_is_bridged_for_an_hour_and_no_longer(
    sets: KeySets, clock: Clock, server: AuthorizationServer, fault: str
) -> None:
    uri = f"{server.url}/jwks"
    sets.key(uri, "rsa", "RS256")
    server.fault = fault
    clock.now += STALE - 1
    assert sets.key(uri, "rsa", "RS256").kid == "rsa"
    assert server.asked_for("/jwks") == 2
    assert sets.key(uri, "rsa", "RS256").kid == "rsa"
    assert server.asked_for("/jwks") == 2
    clock.now += 1
    with pytest.raises(IssuerSilent):
        sets.key(uri, "rsa", "RS256")
    assert server.asked_for("/elsewhere") == 0
    server.fault = ""
    clock.now += COOLDOWN
    assert sets.key(uri, "rsa", "RS256").kid == "rsa"


def test_an_issuer_that_never_answered_is_asked_once_in_thirty_seconds(
    sets: KeySets, clock: Clock, server: AuthorizationServer
) -> None:
    server.fault = "down"
    for _ in range(61):
        with pytest.raises(IssuerSilent):
            sets.key(f"{server.url}/jwks", "rsa", "RS256")
        clock.now += 1
    assert server.asked_for("/jwks") == 3


def test_an_unknown_key_id_is_silence_while_the_issuer_does_not_answer(
    sets: KeySets, clock: Clock, server: AuthorizationServer
) -> None:
    sets.key(f"{server.url}/jwks", "rsa", "RS256")
    server.fault = "down"
    clock.now += COOLDOWN
    with pytest.raises(IssuerSilent):
        sets.key(f"{server.url}/jwks", "unknown", "RS256")


def test_issuers_do_not_share_keys(sets: KeySets, server: AuthorizationServer) -> None:
    sets.key(f"{server.url}/jwks", "rsa", "RS256")
    with pytest.raises(IssuerSilent):
        sets.key(f"{server.url}/elsewhere", "rsa", "RS256")


def test_a_plain_http_key_set_is_never_fetched_unless_it_is_allowed(
    server: AuthorizationServer, clock: Clock
) -> None:
    with pytest.raises(IssuerSilent):
        KeySets(Outbound().read, clock).key(f"{server.url}/jwks", "rsa", "RS256")
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    ["http://example.com/jwks", "file:///etc/passwd", "ftp://example.com/x", "data:,x", "https://"],
)
def test_only_https_is_called(url: str) -> None:
    with pytest.raises(UnreachableError, match="not one of https"):
        Outbound(allows_loopback=True).read(url)


@pytest.mark.parametrize(
    "jwk",
    [
        pytest.param({"kty": "oct", "k": "c2VjcmV0", "kid": "x"}, id="a shared secret"),
        pytest.param({"kty": "oct", "k": "c2VjcmV0", "alg": "RS256"}, id="a secret called RS256"),
        pytest.param(public_jwks()[0] | {"use": "enc"}, id="for encryption"),
        pytest.param(public_jwks()[0] | {"key_ops": ["sign"]}, id="for signing only"),
        pytest.param(public_jwks()[0] | {"key_ops": None}, id="for nothing"),
        pytest.param(public_jwks()[0] | {"key_ops": 1}, id="for a number"),
        pytest.param(public_jwks()[2] | {"crv": []}, id="on a list of curves"),
        pytest.param(public_jwks()[0] | {"alg": "RS512"}, id="for another algorithm"),
        pytest.param(public_jwks()[0] | {"kid": 1}, id="kid a number"),
        pytest.param(public_jwks()[0] | {"n": "!"}, id="no number"),
        pytest.param({"kty": "RSA"}, id="without a number"),
        pytest.param(public_jwks()[2] | {"crv": "secp256k1"}, id="another curve"),
        pytest.param(public_jwks()[2] | {"x": "AA"}, id="not on the curve"),
        pytest.param({}, id="empty"),
        pytest.param("text", id="text"),
    ],
)
def test_unusable_keys_of_a_set_are_ignored(jwk: Any) -> None:
    (ed,) = keys_of({"keys": [jwk, public_jwks()[3]]})
    assert ed.algorithm == "EdDSA"


@pytest.mark.parametrize(
    "document",
    [{}, {"keys": {}}, {"keys": None}, {"keys": [public_jwks()[3]] * (MAX_KEYS + 1)}],
    ids=["empty", "an object", "null", "too many"],
)
def test_a_malformed_key_set_is_refused(document: Mapping[str, Any]) -> None:
    with pytest.raises(NotBelieved):
        keys_of(document)


def test_only_the_public_part_of_a_private_key_is_kept() -> None:
    private = {**RSAAlgorithm.to_jwk(RSA, as_dict=True), "key_ops": ["verify"]}
    (key,) = (key for key in keys_of({"keys": [private]}) if key.algorithm == "RS256")
    assert not hasattr(key.jwk.key, "sign")


def test_an_rsa_key_serves_both_rsa_signatures_and_an_ec_key_one() -> None:
    rsa, _, ec, *_ = public_jwks()
    assert [key.algorithm for key in keys_of({"keys": [rsa, ec]})] == ["RS256", "PS256", "ES256"]
