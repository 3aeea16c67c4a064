"""The connection to DynamoDB: its timeouts, its credentials and its endpoint.

It reads from the environment what AWS's own tools read, as botocore would read it
(docs/decisions/0056-own-client-of-dynamodb.md).
"""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scim.bootstrap.snapshot import on_snapshot
from scim.store.dynamodb.client import TableClient
from scim.store.dynamodb.connections import Connections
from scim.store.dynamodb.json_client import JsonClient
from scim.store.dynamodb.signature import RequestSigner, SigningKeys

if TYPE_CHECKING:
    from ssl import SSLContext

    from botocore.config import Config
    from mypy_boto3_dynamodb import DynamoDBClient

CONNECT_SECONDS, READ_SECONDS = 1.0, 2.0
"""Timeouts of one attempt; scim.store.dynamodb.retry alone decides on retries. Two attempts without
an answer end a request, well before a caller or the gateway would give up."""

ELSEWHERE = frozenset(
    {
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_USE_FIPS_ENDPOINT",
        "AWS_USE_DUALSTACK_ENDPOINT",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_CA_BUNDLE",
        "REQUESTS_CA_BUNDLE",
    }
)
"""Variables that change the endpoint or the credentials from those Lambda sets, or the TLS checks."""
_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})
_ENDPOINTS = ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL")
_PLAIN_REGIONS = ("us-east-", "us-west-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-")
"""The prefixes of the regions under amazonaws.com; eu-isoe- and eusc- are partitions of their own."""


def client() -> TableClient:
    """Return a DynamoDB client with the function's own credentials and region.

    It is boto3's client where a profile, a proxy, custom certificates or another kind of endpoint
    is configured: botocore knows what these mean.
    """
    environ = os.environ
    if not is_plain(environ):
        return boto3_client()
    region = environ["AWS_DEFAULT_REGION"]
    url = next(filter(None, map(environ.get, _ENDPOINTS)), None)
    return json_client(url or f"https://dynamodb.{region}.amazonaws.com/", region, environ)


def is_plain(environ: Mapping[str, str]) -> bool:
    """Tell whether the environment configures the way to DynamoDB only as far as Lambda itself does."""
    set_names = {name for name, value in environ.items() if value}
    if set_names & ELSEWHERE or any(name.lower() in _PROXIES for name in set_names):
        return False
    region = environ.get("AWS_DEFAULT_REGION", "")
    if not region.startswith(_PLAIN_REGIONS) or region.startswith("eu-iso"):
        return False
    return not Path(environ.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser().is_file()


def json_client(url: str, region: str, environ: Mapping[str, str]) -> JsonClient:
    """Return our own client of an endpoint, with the credentials that an environment names."""
    connections = Connections(url, CONNECT_SECONDS, READ_SECONDS, _certificates)
    keys = SigningKeys(environ)
    on_snapshot(connections.rest, keys.forget, environ)
    signer = RequestSigner(connections.host, region, connections.path, keys)
    return JsonClient(connections, signer, keys.renew)


def boto3_client() -> "DynamoDBClient":
    """Return boto3's client, with whatever configuration it finds."""
    import boto3  # noqa: PLC0415 - loaded only where used: it takes longer than all else

    return boto3.client("dynamodb", config=config())


def config() -> "Config":
    """Return the configuration of boto3's client: one attempt, no validation of parameters."""
    from botocore.config import Config  # noqa: PLC0415 - as above

    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 1},
        parameter_validation=False,
        tcp_keepalive=True,
    )


def _certificates() -> "SSLContext":
    """Return the TLS context that verifies AWS's certificates, with the authorities that botocore trusts."""
    import ssl  # noqa: PLC0415 - not needed where the endpoint is without TLS

    for package, name in (("certifi", "cacert.pem"), ("botocore", "cacert.pem")):
        spec = find_spec(package)
        file = Path(cast("str", spec.origin)).with_name(name) if spec else None
        if file is not None and file.is_file():
            return ssl.create_default_context(cafile=str(file))
    return ssl.create_default_context()
