"""The life of a token through the gateway: overlap, revocation, schemes, recorded use."""

import base64
import io
import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from aws_lambda_powertools import Logger

from local.gateway import Gateway
from scim.access.token import hash_of
from scim.auth import not_authorized
from tests.gateway.access import access_of, make_tenant, secret_of

CONFIG = "/scim/v2/ServiceProviderConfig"
ALL = ("bearer", "bare", "token", "basic")


def _status(gateway: Gateway, authorization: str, target: str = CONFIG) -> int:
    return gateway.handle("GET", target, {"Authorization": authorization}).status


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


SENT: dict[str, Callable[[str, str], str]] = {
    "bearer": lambda _, secret: f"Bearer {secret}",
    "bare": lambda _, secret: secret,
    "token": lambda _, secret: f"Token {secret}",
    "basic": _basic,
}


TOLD = {
    "bearer": "oauthbearertoken",
    "bare": "oauthbearertoken",
    "token": "oauthbearertoken",
    "basic": "httpbasic",
}


@pytest.mark.parametrize("taken", ALL)
def test_a_tenant_is_told_how_its_tokens_are_taken(gateway: Gateway, taken: str) -> None:
    make_tenant(gateway, taken, schemes=(taken,))
    secret = secret_of(gateway, taken, "*")
    sent = SENT[taken](secret.split("_")[1], secret)
    body = json.loads(gateway.handle("GET", CONFIG, {"Authorization": sent}).body)
    assert [each["type"] for each in body["authenticationSchemes"]] == [TOLD[taken]]


@pytest.mark.parametrize("taken", ALL)
@pytest.mark.parametrize("sent", ALL)
def test_a_token_is_accepted_only_with_the_schemes_of_its_tenant(
    gateway: Gateway, sent: str, taken: str
) -> None:
    make_tenant(gateway, taken, schemes=(taken,))
    secret = secret_of(gateway, taken, "*")
    token_id = secret.split("_")[1]
    assert _status(gateway, SENT[sent](token_id, secret)) == (200 if sent == taken else 401)


def test_the_log_says_why_a_token_was_refused_and_the_answer_does_not(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    own = Logger(service="of-this-test", level="INFO", stream=log)
    monkeypatch.setattr(not_authorized, "logger", lambda: own)
    make_tenant(gateway, "logged", schemes=("token",))
    secret = secret_of(gateway, "logged", "*")
    answer = gateway.handle("GET", CONFIG, {"Authorization": f"Bearer {secret}"})
    line = json.loads(log.getvalue())
    assert line["reason"] == "it was sent as bearer; its tenant accepts token"
    assert (line["tenant"], line["token"]) == ("logged", secret.split("_")[1])
    assert b"logged" not in answer.body
    assert secret not in log.getvalue()


def test_two_tokens_of_a_tenant_are_valid_at_once(gateway: Gateway) -> None:
    one, two = secret_of(gateway, "demo", "*"), secret_of(gateway, "demo", "*")
    assert [_status(gateway, f"Bearer {each}") for each in (one, two)] == [200, 200]


def test_a_revocation_is_in_force_within_a_minute(gateway: Gateway) -> None:
    secret = secret_of(gateway, "demo", "*")
    tokens = access_of(gateway).tokens
    clock = [time.monotonic()]
    gateway._authorizers._clock = lambda: clock[0]
    assert _status(gateway, f"Bearer {secret}") == 200
    known = tokens.find(hash_of(secret))
    assert known is not None
    tokens.save(hash_of(secret), replace(known, revoked_at="2026-01-02T00:00:00.000Z"))
    clock[0] += 60
    assert _status(gateway, f"Bearer {secret}") == 401


def test_a_suspended_tenant_is_closed_within_a_minute_and_open_again(gateway: Gateway) -> None:
    make_tenant(gateway, "pausing")
    secret = secret_of(gateway, "pausing", "*")
    clock = [time.monotonic()]
    gateway._authorizers._clock = lambda: clock[0]
    statuses = []
    for since in (None, "2026-01-02T00:00:00.000Z", None):
        make_tenant(gateway, "pausing", suspended_at=since)
        clock[0] += 60
        statuses.append(_status(gateway, f"Bearer {secret}"))
    assert statuses == [200, 401, 200]


def test_the_use_of_a_token_is_recorded(gateway: Gateway) -> None:
    secret = secret_of(gateway, "demo", "*")
    _status(gateway, f"Bearer {secret}")
    known = access_of(gateway).tokens.find(hash_of(secret))
    assert known is not None
    assert known.used_at is not None
    assert known.used_at[:2] == "20"


def test_a_refused_token_is_not_used(gateway: Gateway) -> None:
    secret = secret_of(gateway, "demo", "*", revoked_at="2026-01-02T00:00:00.000Z")
    _status(gateway, f"Bearer {secret}")
    known = access_of(gateway).tokens.find(hash_of(secret))
    assert known is not None
    assert known.used_at is None


@pytest.mark.parametrize("target", ["/scim/v2/Users", "/demo/scim/v2/Users"])
def test_a_tenant_is_served_with_and_without_its_name_in_the_path(
    gateway: Gateway, target: str
) -> None:
    assert _status(gateway, f"Bearer {secret_of(gateway, 'demo', '*')}", target) == 200
