"""`scim tenant erase`: deletes what is stored about a tenant that was deleted before."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import click
from boto3.dynamodb.table import BatchWriter

from scim.errors import Conflict
from scim.service.administration.ports import Administration
from scim.service.administration.recorded_acts import noted
from scim.service.administration.tenant_lookups import require_name
from scim.store.keys.access import access_partition, definitions_partition
from scim.store.keys.directory import directory_prefix
from scim.store.keys.jobs import jobs_prefix
from scim_cli.connection import Connection, connected
from scim_cli.output import note, show_one
from scim_cli.progress import progress_bar

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT: Final = "laneEnd"
"""The kind of the items that stay: numbers from which the change log of a later tenant goes on (decision 0168)."""

_SESSION: Final = "session"
_LINKS: Final = ("setupLink", "setupLinkName")


@click.command()
@click.argument("name")
@click.confirmation_option(
    prompt="Everything stored about this tenant is deleted and cannot be restored. Continue?",
    help="Do not ask.",
)
@connected
def erase(connection: Connection, name: str) -> None:
    """Erase the directory of the deleted tenant NAME: resources, jobs, change log and records of requests.

    Run it a few minutes after the deletion: until then, requests and the change log may write once more. It reads
    the whole table, which costs a read unit for 4 KB, and a write unit or more for each item that is deleted. If it
    is interrupted, run it again. The audit's record of administrators' acts is kept (AuditDays).
    """
    administration = connection.administration
    require_name(name, is_new=False)
    _require_deleted(administration, name)
    acts, clock, actor = administration.acts, administration.clock, connection.actor
    client, table = connection.patient_client, connection.table
    links = administration.links.of_tenant(name)
    with noted(acts, clock, actor, "eraseTenant", name, {}), progress_bar("Items") as show:
        erased = 0
        for keys in _pages(client, table, name, links):
            _require_deleted(administration, name)
            with BatchWriter(table, client) as batch:
                for key in keys:
                    batch.delete_item(Key=key)
            erased += len(keys)
            show(erased, 0)
    if connection.format.is_for_program:
        show_one({"name": name, "erased": erased}, connection.format)
    elif erased:
        note(f"Items of the tenant {name} that are erased: {erased}.")
    else:
        note(f"Nothing is stored about a tenant {name}.")


def _require_deleted(administration: Administration, name: str) -> None:
    """Raise Conflict if there is such a tenant."""
    if administration.tenants.find(name) is not None:
        raise Conflict(f"The tenant {name} exists; delete it first: scim tenant delete {name}.")


def _pages(
    client: "DynamoDBClient", table: str, tenant: str, links: Collection[str]
) -> Iterator[list[dict[str, Any]]]:
    """Yield the primary keys of a tenant's items, in wire form, a page of the table at a time.

    `links` are the hashes of its links to the setup portal; the sessions of these have no other trace of the tenant.
    The links come last, so that an erasure that is repeated finds the sessions again.
    """
    condition = (
        "begins_with(pk, :directory) OR begins_with(pk, :jobs) OR pk IN (:access, :definitions)"
        " OR (k = :link AND #tenant = :tenant) OR k = :session"
    )
    values: Mapping[str, Any] = {
        ":directory": {"S": directory_prefix(tenant)},
        ":jobs": {"S": jobs_prefix(tenant)},
        ":access": {"S": access_partition(tenant)},
        ":definitions": {"S": definitions_partition(tenant)},
        ":link": {"S": _LINKS[0]},
        ":tenant": {"S": tenant},
        ":session": {"S": _SESSION},
        ":kept": {"S": _KEPT},
    }
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        FilterExpression=f"({condition}) AND k <> :kept",
        ProjectionExpression="pk, sk, k, #link",
        ExpressionAttributeNames={"#tenant": "tenant", "#link": "link"},
        ExpressionAttributeValues=values,
    )
    last: list[dict[str, Any]] = []
    for page in pages:
        keys: list[dict[str, Any]] = []
        for item in page["Items"]:
            kind = item.get("k", {}).get("S")
            if kind != _SESSION or item["link"]["S"] in links:
                (last if kind in _LINKS else keys).append({"pk": item["pk"], "sk": item["sk"]})
        if keys:
            yield keys
    if last:
        yield last
