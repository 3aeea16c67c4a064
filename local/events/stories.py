"""The function for each event of `events/`, and the items that the events refer to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from local.seed import TENANT, seed
from local.stores import Store
from scim.profile import Profile
from scim.resource.projection import Projection
from scim.schema.loading import shipped_catalogue
from scim.service.endpoint import Bounds, Endpoint
from scim.service.resources.create import create
from scim.service.system import SystemClock
from scim.store.directory.adapter import DynamoDirectory

EVENTS = Path(__file__).parents[2] / "events"
USER = "2819c223-7f76-453a-919d-413861904646"
GROUP = "e9e30dba-f08f-4109-8486-d5c6a331660a"
_CORE = "urn:ietf:params:scim:schemas:core:2.0:"
_RESOURCES: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("User", USER, {"userName": "bjensen@example.org", "displayName": "Babs Jensen"}),
    ("Group", GROUP, {"displayName": "Tour Guides"}),
)


@dataclass(frozen=True, slots=True)
class Story:
    """What an event expects.

    `status` is that of an HTTP response, None if the function returns something else; `is_scim` tells whether
    the body is a SCIM message; `raises` is the error that the function raises instead; `uses` names the
    services it needs besides DynamoDB.
    """

    function: str
    status: int | None = None
    is_scim: bool = False
    raises: str | None = None
    uses: tuple[str, ...] = ()

    def wrong_with(self, answer: Any) -> str:
        """Return what is wrong with the function's answer, or "".

        `answer` is the decoded payload; an error is in the runtime interface's form, with `errorMessage`.
        """
        error = answer.get("errorMessage") if isinstance(answer, dict) else None
        if error is not None or self.raises is not None:
            wanted = self.raises or "no error"
            return "" if error == self.raises else f"{error}, expected {wanted}"
        if self.status is None:
            return ""
        status = answer["statusCode"]
        if status != self.status:
            return f"status {status}, expected {self.status}: {answer['body'][:200]}"
        if self.is_scim and "schemas" not in json.loads(answer["body"]):
            return "the body is no SCIM message"
        return ""


def _scim(function: str, status: int, *uses: str) -> Story:
    return Story(function, status, is_scim=True, uses=uses)


STORIES: Mapping[str, Story] = {
    "create-user": _scim("UsersFunction", 201),
    "get-user": _scim("UsersFunction", 200),
    "get-user-outside-filter": _scim("UsersFunction", 404),
    "filter-users-okta": _scim("UsersFunction", 200),
    "add-member-entra": _scim("GroupsFunction", 200),
    "list-groups-without-members": _scim("GroupsFunction", 200),
    "list-members": _scim("GroupMembersFunction", 200),
    "service-provider-config": _scim("DiscoveryFunction", 200),
    "schema-by-urn": _scim("DiscoveryFunction", 200),
    "read-definitions": _scim("DefinitionsFunction", 200),
    "search-root": _scim("SearchFunction", 200),
    "onboard-bulk": _scim("BulkFunction", 200),
    "declare-import": _scim("BulkFunction", 201),
    "read-me": _scim("MeFunction", 200),
    "export-client-in-path": _scim("CatchAllFunction", 200),
    "create-user-forsta": _scim("CatchAllFunction", 200),
    "create-organization-ownidp": _scim("CatchAllFunction", 201),
    "filter-users-of-domain": _scim("CatchAllFunction", 200),
    "search-by-attribute": _scim("CatchAllFunction", 200),
    "unknown-path": _scim("CatchAllFunction", 404),
    "authorize-good-token": Story("AuthorizerFunction"),
    "authorize-bad-token": Story("AuthorizerFunction", raises="Unauthorized"),
    "authorize-nobody": Story("AuthorizerFunction"),
    "refuse-without-body": Story("CatchAllFunction", 401),
    "sweep": Story("SweepFunction"),
    "watch": Story("WatchFunction"),
    "reconcile": Story("ReconcileFunction"),
    "empty-bucket": Story("EmptyBucketFunction", uses=("s3",)),
    "health": Story("DiscoveryFunction", 200),
    "plan-job": Story("BulkJobFunction"),
    "log-change": Story("ChangeLogFunction"),
    "publish-change": Story("PublishFunction", uses=("events",)),
    "poll-events": Story("EventsFunction", 200),
    "push-event": Story("PushFunction"),
    "open-setup-portal": Story("SetupFunction", 200),
    "open-console": Story("ConsoleFunction", 200),
    "create-token": Story("AdminFunction", 201),
}
"""The events by the names of their files."""


@dataclass(frozen=True, slots=True)
class _Given:
    """Returns the one id that an event names."""

    id_: str

    def new(self) -> str:
        return self.id_

    def ordered(self, now: str) -> str:  # noqa: ARG002 - a parameter of the port
        return self.id_


def event(story: str) -> dict[str, Any]:
    """Return the content of an event's file."""
    read: dict[str, Any] = json.loads((EVENTS / f"{story}.json").read_text("utf-8"))
    return read


def put_what_events_name(store: Store) -> None:
    """Fill the tables with the tenants of `make run`, the user and the group that events name, and nothing else."""
    for table in store.tables.values():
        _empty(table)
    seed(store)
    catalogue, bounds = shipped_catalogue(), Bounds()
    for table in store.tables.values():
        directory = DynamoDirectory(boto3.client("dynamodb"), table)
        for name, id_, body in _RESOURCES:
            resource_type = catalogue.resource_type(name)
            if resource_type is None:
                raise LookupError(name)
            endpoint = Endpoint(
                tenant=TENANT,
                resource_type=resource_type,
                catalogue=catalogue,
                directory=directory,
                writes=directory,
                clock=SystemClock(),
                ids=_Given(id_),
                profile=Profile(),
                bounds=bounds,
                base_url="",
                budget=bounds.budget(),
            )
            whole = {"schemas": [f"{_CORE}{name}"], **body}
            create(endpoint, whole, Projection.of(resource_type))


def _empty(table: str) -> None:
    client = boto3.client("dynamodb")
    for page in client.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            client.delete_item(TableName=table, Key={part: item[part] for part in ("pk", "sk")})
