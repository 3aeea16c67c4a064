"""The code in docs/examples that verifies an event accepts those for its tenant and no others."""

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from local.gateway import Gateway
from scim.service.feed.signing import unsecured
from tests.gateway.feed.feed_client import FeedClient

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
BASE = "https://scim.example.com"
NODE = shutil.which("node")
RUN = """
import { checked } from "./verify.mjs";
console.log(JSON.stringify(checked(...JSON.parse(process.argv[1]))));
"""
Check = Callable[[str, Any, str, str], dict[str, Any]]


@pytest.fixture(name="events", scope="module")
def _events() -> Iterator[tuple[str, str, Any]]:
    """Return an event of each of two tenants, and the published keys."""
    with Gateway.start(overrides={"LogLevel": "ERROR", "BaseUrl": BASE}) as gateway:
        yield _event(gateway, "rfc"), _event(gateway, "okta"), _jwks(gateway)


def _event(gateway: Gateway, tenant: str) -> str:
    client = FeedClient(gateway, tenant)
    client.made("POST", "/Events", {"maxEvents": 0})
    client.user("späth")
    gateway.event_sources.pump()
    (event,) = client.made("POST", "/Events", {"maxEvents": 1})["sets"].values()
    return str(event)


def _jwks(gateway: Gateway) -> Any:
    return json.loads(gateway.handle("GET", "/scim/jwks").body)


def in_python(event: str, jwks: Any, issuer: str, audience: str) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("verify_example", EXAMPLES / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    claims: dict[str, Any] = module.checked(event, jwks, issuer, audience)
    return claims


def in_node(event: str, jwks: Any, issuer: str, audience: str) -> dict[str, Any]:
    given = json.dumps([event, jwks, issuer, audience])
    words = [str(NODE), "--input-type=module", "-e", RUN, given]
    ran = subprocess.run(words, cwd=EXAMPLES, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise ValueError(ran.stderr)
    claims: dict[str, Any] = json.loads(ran.stdout)
    return claims


@pytest.mark.parametrize(
    "check",
    [
        in_python,
        pytest.param(in_node, marks=pytest.mark.skipif(NODE is None, reason="needs node")),
    ],
)
def test_an_event_of_its_tenant_is_believed_and_no_other(
    events: tuple[str, str, Any], check: Check
) -> None:
    own, others, jwks = events
    meant = f"{BASE}/rfc/scim/v2", "urn:serverless-scim:tenant:rfc"
    claims = check(own, jwks, *meant)
    assert list(claims["events"]) == ["urn:ietf:params:scim:event:prov:create:full"]
    header, body, signature = own.split(".")
    forged = [
        others,
        unsecured(claims),
        f"{header}.{others.split('.')[1]}.{signature}",
        f"{header}.{body}.",
    ]
    for event in forged:
        with pytest.raises((jwt.PyJWTError, ValueError)):
            check(event, jwks, *meant)
    with pytest.raises((jwt.PyJWTError, ValueError)):
        check(own, {"keys": []}, *meant)
    with pytest.raises((jwt.PyJWTError, ValueError)):
        check(own, jwks, meant[0], "urn:serverless-scim:tenant:okta")
