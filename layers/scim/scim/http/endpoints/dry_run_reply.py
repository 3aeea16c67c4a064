"""The dry run of a write: it is made in a directory that stores nothing, and its changes are returned."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from scim.compact import carried_bytes
from scim.errors import PayloadTooLarge
from scim.http.message.preference import APPLIED, DRY_RUN
from scim.http.message.request import Request, Route
from scim.http.message.response import Reply
from scim.patch.operations_json import operations_json
from scim.resource.change import Change
from scim.schema.message_uri import BULK_RESPONSE_URN, DRY_RUN_URN
from scim.service.change_json import change_json, key_of
from scim.service.dry_run import DryRunDirectory, OverlayInMemory
from scim.service.visibility.deployment import Deployment


def dry_run_reply(
    deployment: Deployment,
    route_of: Callable[[Deployment], Route],
    request: Request,
    parameters: Mapping[str, str],
) -> Reply:
    """Return the response to a dry run: what the write would change.

    Raises PayloadTooLarge if the changes do not fit a response.
    """
    dry_run = DryRunDirectory(deployment.directory, OverlayInMemory())
    dry_run_route = route_of(replace(deployment, directory=dry_run))
    reply = dry_run_route(request, **parameters)
    changes_json = (_change_json(deployment, request, change) for change in dry_run.changes)
    changes = [change for change in changes_json if change is not None]
    headers = {APPLIED: DRY_RUN}
    answer = replace(reply, status=200, body=_body(reply, changes), raw=None, headers=headers)
    if carried_bytes(answer.text) > deployment.bounds.answer_bytes:
        raise PayloadTooLarge(
            "The changes do not fit one response; try fewer operations at once, or smaller ones."
        )
    return answer


def _body(reply: Reply, changes: list[dict[str, object]]) -> dict[str, object]:
    if reply.body is not None and BULK_RESPONSE_URN in str(reply.body.get("schemas")):
        schemas = [BULK_RESPONSE_URN, DRY_RUN_URN]
        return {**reply.body, "schemas": schemas, DRY_RUN_URN: {"changes": changes}}
    body: dict[str, object] = {"schemas": [DRY_RUN_URN], "status": str(reply.status)}
    if reply.operations:
        body["operations"] = operations_json(reply.operations)
    return {**body, "changes": changes, "tolerated": sorted(reply.tolerated)}


def _change_json(
    deployment: Deployment, request: Request, change: Change
) -> dict[str, object] | None:
    resource_type = deployment.catalogue.resource_type(key_of(change).type)
    if resource_type is None:
        raise ValueError("a change of a type that is not served")
    endpoint = deployment.endpoint(request.principal, request.base_url, resource_type)
    return change_json(endpoint, change)
