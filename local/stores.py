"""Where the local gateway keeps its data: moto in this process, or DynamoDB Local as another process."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.clients import client
from local.dynamodb_local import ENDPOINT_VARIABLE, running
from local.environment import environment
from local.intrinsics import REGION
from local.moto import quick_moto
from local.moto.messaging import create_messaging
from local.template import Template
from scim.bootstrap.connection import ELSEWHERE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Fake credentials, and no file from which botocore could read real ones.
_NOBODY = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_SESSION_TOKEN": "local",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_ENDPOINTS = ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS")
_OF_SOMEBODY = (*ELSEWHERE, "AWS_ENDPOINT_URL", *_ENDPOINTS)
# Properties with the same name in CreateTable and in the template's resource.
_TABLE_MEMBERS = (
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "ProvisionedThroughput",
    "LocalSecondaryIndexes",
)
STACK_VARIABLE = "LOCAL_STACK"
"""The name of the stack whose tables a process shares with others."""
AWS_VARIABLE = "LOCAL_AWS_URL"
"""The URL of the files, keys and state machines that a process shares with others; unset: it has its own."""

_INDEX_MEMBERS = ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput")


class UnkeptError(Exception):
    """Items are to be kept between runs by a store that has them only in memory."""

    def __init__(self) -> None:
        super().__init__(
            "DATA is kept by STORE=dynamodb-local only; moto has everything in memory."
        )


@dataclass(frozen=True, slots=True)
class Store:
    """An open store, with the template's tables in it.

    Everything besides the tables belongs to this process, unless `is_shared`: then another process has it,
    runs the jobs and fires the schedules.
    """

    kind: str
    tables: Mapping[str, str]
    is_shared: bool = False


@contextmanager
def opened(kind: str, template: Template, data: Path | None) -> Iterator[Store]:
    """Open a store for a template; `data` is the folder in which it keeps its items between runs."""
    opener = {"moto": _moto, "dynamodb-local": _dynamodb_local}.get(kind)
    if opener is None:
        raise ValueError(f"There is no store {kind}: it is moto or dynamodb-local.")
    with environment(_NOBODY, without=_OF_SOMEBODY):
        yield from opener(template, data)


def _moto(template: Template, data: Path | None) -> Iterator[Store]:
    if data is not None:
        # Acknowledged writes would be lost if the process is killed.
        raise UnkeptError
    with quick_moto():
        yield _filled("moto", template)


def _dynamodb_local(template: Template, data: Path | None) -> Iterator[Store]:
    if shared := os.environ.get(AWS_VARIABLE):
        endpoints = dict.fromkeys(_ENDPOINTS, os.environ[ENDPOINT_VARIABLE])
        with environment({"AWS_ENDPOINT_URL": shared, **endpoints}):
            yield Store("dynamodb-local", _created_tables(template), is_shared=True)
        return
    # S3 and the other services stay in moto, which ignores calls to another address. A DynamoDB Local that
    # is already running, as in `make test-dynamodb`, is used for runs that keep nothing.
    running_endpoint = None if data else os.environ.get(ENDPOINT_VARIABLE)
    with (
        nullcontext(running_endpoint) if running_endpoint else running(data) as endpoint,
        quick_moto(),
        environment(dict.fromkeys(_ENDPOINTS, endpoint)),
    ):
        yield _filled("dynamodb-local", template)


def _filled(kind: str, template: Template) -> Store:
    """Return a store of this process alone, after creating all that the template has in it."""
    store = Store(kind, _created_tables(template))
    _create_buckets(template)
    _create_keys(template)
    create_messaging(template)
    return store


def _create_keys(template: Template) -> None:
    """Create the keys that have an alias; they exist as long as this process."""
    keys = client("kms")
    for alias in template.ids_of("AWS::KMS::Alias"):
        # A key's Ref is a name here; KMS assigns its own id.
        (key,) = (
            name
            for name in template.ids_of("AWS::KMS::Key")
            if template.properties_of(alias)["TargetKeyId"] == template.scope.name_of(name)
        )
        properties = template.properties_of(key)
        new_key = keys.create_key(KeySpec=properties["KeySpec"], KeyUsage=properties["KeyUsage"])
        keys.create_alias(
            AliasName=template.scope.name_of(alias), TargetKeyId=new_key["KeyMetadata"]["KeyId"]
        )


def _create_buckets(template: Template) -> None:
    for bucket in template.ids_of("AWS::S3::Bucket"):
        client("s3").create_bucket(Bucket=template.scope.name_of(bucket))


def _created_tables(template: Template) -> dict[str, str]:
    tables = client("dynamodb")
    existing = {
        name
        for page in tables.get_paginator("list_tables").paginate()
        for name in page["TableNames"]
    }
    names = {
        logical_id: template.scope.name_of(logical_id)
        for logical_id in template.ids_of("AWS::DynamoDB::Table")
    }
    for logical_id, name in names.items():
        if name not in existing:
            _create(tables, name, template.properties_of(logical_id))
    return names


def _create(tables: "DynamoDBClient", name: str, properties: Mapping[str, Any]) -> None:
    arguments = {member: properties[member] for member in _TABLE_MEMBERS if member in properties}
    if indexes := properties.get("GlobalSecondaryIndexes"):
        arguments["GlobalSecondaryIndexes"] = [
            {member: index[member] for member in _INDEX_MEMBERS if member in index}
            for index in indexes
        ]
    if stream := properties.get("StreamSpecification"):
        arguments["StreamSpecification"] = {"StreamEnabled": True, **stream}
    try:
        tables.create_table(TableName=name, **arguments)
    except tables.exceptions.ResourceInUseException:
        return  # another process that starts on the same store was faster
    if ttl := properties.get("TimeToLiveSpecification"):
        tables.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
