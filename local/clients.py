"""boto3 clients for the local services, each created once: creating one takes longer than most calls."""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

ONE_ADDRESS = Config(account_id_endpoint_mode="disabled")
"""moto knows only the region's endpoint, not those of accounts."""


_NAMES = {"dynamodbstreams": "DYNAMODB_STREAMS", "stepfunctions": "SFN"}


def client(service: str) -> Any:
    """Return a client of a service at the endpoint in the environment."""
    endpoint = f"AWS_ENDPOINT_URL_{_NAMES.get(service, service.upper())}"
    variables = ("AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", endpoint)
    return _client(service, *map(os.environ.get, variables))


@cache
def _client(service: str, *_where: str | None) -> Any:
    # `_where` only distinguishes cached clients; botocore reads the environment itself.
    return boto3.client(service, config=ONE_ADDRESS)  # type: ignore[call-overload]
