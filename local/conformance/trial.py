"""Tests the shipped profiles with `scim conform`, each as a tenant of one service on this machine."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from local.apis import answering
from local.gateway import Gateway
from local.limits import declarations
from local.seed import SINCE, token_of
from local.server import Server
from scim.access.client import OAuthClient
from scim.bootstrap.access import access_in
from scim.profile.shipped import shipped

TRIED: Final[Mapping[str, str]] = {
    "default": "rfc",
    "entra": "rfc",
    "okta": "rfc",
    "rfc": "rfc",
    "interop-strict": "interop",
    "ipsie": "ipsie-al2",
}
"""The rules that each profile is tested with; ipsie-al2 includes interop and ipsie-al1."""
PARTS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "rfc": {"rfc": ("rfc",)},
    "interop": {"interop": ("interop",)},
    "ipsie-al2": {
        "interop": ("interop",),
        "ipsie-al1": ("interop", "ipsie-al1"),
        "ipsie-al2": ("interop", "ipsie-al1", "ipsie-al2"),
    },
}
"""The runs within a run, and whose rules each of them has."""
_CLIENT: Final = "conform"


@dataclass(frozen=True, slots=True)
class Trial:
    """A service on this machine, and its URL: `http://127.0.0.1:41234`."""

    url: str
    gateway: Gateway


@contextmanager
def served() -> Iterator[Trial]:
    """Serve a tenant of each profile, with the token endpoint enabled and the deployed default of the request rate."""
    rate = str(declarations()["TenantRate"]["Default"])
    overrides = {"TokenEndpoint": "true", "LogLevel": "ERROR", "TenantRate": rate}
    with (
        Server(0) as server,
        Gateway.start(address=server.address, overrides=overrides) as gateway,
        server.serving(answering(gateway, None)),
    ):
        yield Trial(f"http://{server.address}", gateway)


def report_of(trial: Trial, profile: str) -> dict[str, Any]:
    """Return the report of `scim conform --report json` for the tenant of a profile."""
    with tempfile.TemporaryDirectory() as folder:
        opening = _opening(trial.gateway, profile, Path(folder))
        words = [f"{trial.url}/{profile}/scim/v2", *opening, "--profile", TRIED[profile]]
        ended = subprocess.run(
            [sys.executable, "-m", "scim_cli", "conform", *words, "--i-accept-writes", "--report", "json"],
            stdout=subprocess.PIPE,
            check=False,
        )  # fmt: skip
    report: dict[str, Any] = json.loads(ended.stdout)
    return report


def _opening(gateway: Gateway, profile: str, folder: Path) -> list[str]:
    """Return the command's credentials for the tenant: the well-known token, or a client with a new key."""
    auth = shipped(profile).auth
    if not auth.minted_only:
        return [token_of(profile)]
    key = ec.generate_private_key(ec.SECP256R1())
    jwks = {"keys": [ECAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": _CLIENT}]}
    private = ECAlgorithm.to_jwk(key, as_dict=True) | {"kid": _CLIENT}
    client = OAuthClient(
        _CLIENT, profile, auth.scopes, "make conform", SINCE, jwks=json.dumps(jwks)
    )
    access_in(boto3.client("dynamodb"), gateway.store.tables["Table"]).clients.save(client)
    place = folder / "key.json"
    place.write_text(json.dumps(private), "utf-8")
    return ["--client", _CLIENT, "--key", str(place)]
