"""The table of administration's operations: method, path, required permission and function of each.

Paths are relative to `/admin/v1`. An operation that changes something is an act, recorded before it
begins and after it ends.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from pydantic import ValidationError

from scim.errors import Forbidden, InvalidValue, MethodNotAllowed, NotFound
from scim.expectation import expectation_of
from scim.permission import Permissions
from scim.schema.dialect_names import echo_of
from scim.service.administration import (
    clients,
    definitions,
    feeds,
    issuers,
    jobs,
    links,
    mapping,
    requests,
    states,
    tenants,
    tokens,
)
from scim.service.administration.ports import Actor, Administration, OperationResult
from scim.service.administration.recorded_acts import length_of, noted
from scim.service.administration.tenant_lookups import require_name, tenant_named

Perform = Callable[[Administration, Any], OperationResult]
_PARAMETER = re.compile(r"\{(\w+)\}")
_TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `request_model` validates its parameters, `perform` has its name in Python's spelling."""

    method: str
    path: str
    name: str
    permission: str
    request_model: type[requests.Parameters]
    perform: Perform

    @property
    def is_act(self) -> bool:
        """Return whether the operation changes something."""
        return not self.permission.endswith(":view") and not self.name.startswith("check")

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of the parameters in the path."""
        return tuple(_PARAMETER.findall(self.path))

    def pattern(self) -> re.Pattern[str]:
        """Return the pattern that the path of a request has to match."""
        return re.compile(_PARAMETER.sub(r"(?P<\1>[^/]*)", self.path))


_T = "/tenants/{tenant}"
CONSOLE_LINKS = "/console-links"
"""The path of the links to the console; the console itself offers none of its operations."""
OPERATIONS: tuple[Operation, ...] = tuple(
    Operation(*row)
    for row in (
        ("GET", "/profiles", "listProfiles", "profiles:view", requests.Parameters, tenants.list_profiles),
        ("GET", "/status", "showStatus", "tenants:view", requests.Paged, states.show_status),
        ("GET", "/tenants", "listTenants", "tenants:view", requests.Paged, tenants.list_tenants),
        ("POST", "/tenants", "createTenant", "tenants:create", requests.NewTenant, tenants.create_tenant),
        ("GET", _T, "showTenant", "tenants:view", requests.ByTenant, tenants.show_tenant),
        ("PATCH", _T, "changeTenant", "tenants:update", requests.ChangedTenant, tenants.change_tenant),
        ("DELETE", _T, "deleteTenant", "tenants:delete", requests.ByTenant, tenants.delete_tenant),
        ("POST", f"{_T}/suspend", "suspendTenant", "tenants:update", requests.ByTenant, tenants.suspend_tenant),
        ("POST", f"{_T}/resume", "resumeTenant", "tenants:update", requests.ByTenant, tenants.resume_tenant),
        ("GET", f"{_T}/tokens", "listTokens", "tokens:view", requests.ByTenant, tokens.list_tokens),
        ("POST", f"{_T}/tokens", "createToken", "tokens:create", requests.NewToken, tokens.create_token),
        ("POST", f"{_T}/tokens/{{token}}/rotate", "rotateToken", "tokens:create", requests.RotatedToken, tokens.rotate_token),
        ("POST", f"{_T}/tokens/{{token}}/revoke", "revokeToken", "tokens:delete", requests.ByToken, tokens.revoke_token),
        ("GET", f"{_T}/clients", "listClients", "clients:view", requests.ByTenant, clients.list_clients),
        ("POST", f"{_T}/clients", "createClient", "clients:create", requests.NewClient, clients.create_client),
        ("POST", f"{_T}/clients/{{client}}/rotate", "rotateClient", "clients:create", requests.ByClient, clients.rotate_client),
        ("POST", f"{_T}/clients/{{client}}/revoke", "revokeClient", "clients:delete", requests.ByClient, clients.revoke_client),
        ("GET", f"{_T}/issuers", "listIssuers", "issuers:view", requests.ByTenant, issuers.list_issuers),
        ("POST", f"{_T}/issuers", "addIssuer", "issuers:create", requests.NewIssuer, issuers.add_issuer),
        ("POST", f"{_T}/issuers/entra", "addEntraIssuer", "issuers:create", requests.EntraIssuer, issuers.add_entra_issuer),
        ("DELETE", f"{_T}/issuers", "removeIssuer", "issuers:delete", requests.ByIssuer, issuers.remove_issuer),
        ("GET", f"{_T}/definitions", "showDefinitions", "definitions:view", requests.ByTenant, definitions.show_definitions),
        ("PUT", f"{_T}/definitions", "putDefinitions", "definitions:update", requests.DefinitionsDocument, definitions.put_definitions),
        ("POST", f"{_T}/definitions/check", "checkDefinitions", "definitions:view", requests.DefinitionsDocument, definitions.check_definitions),
        ("GET", f"{_T}/definitions/versions", "listDefinitions", "definitions:view", requests.ByTenant, definitions.list_definitions),
        ("GET", f"{_T}/definitions/versions/{{version}}", "showDefinitionsVersion", "definitions:view", requests.ByVersion, definitions.show_definitions_version),
        ("POST", f"{_T}/definitions/versions/{{version}}/restore", "restoreDefinitions", "definitions:update", requests.ByVersion, definitions.restore_definitions),
        ("GET", f"{_T}/mapping", "showMapping", "mapping:view", requests.ByTenant, mapping.show_mapping),
        ("PUT", f"{_T}/mapping/draft", "draftMapping", "mapping:update", requests.MappingDocument, mapping.draft_mapping),
        ("DELETE", f"{_T}/mapping/draft", "dropMapping", "mapping:update", requests.ByTenant, mapping.drop_mapping),
        ("POST", f"{_T}/mapping/preview", "previewMapping", "mapping:view", requests.MappingPreview, mapping.preview_mapping),
        ("POST", f"{_T}/mapping/activate", "activateMapping", "mapping:update", requests.MappingActivation, mapping.activate_mapping),
        ("GET", f"{_T}/mapping/versions", "listMappings", "mapping:view", requests.ByTenant, mapping.list_mappings),
        ("GET", f"{_T}/mapping/versions/{{version}}", "showMappingVersion", "mapping:view", requests.ByVersion, mapping.show_mapping_version),
        ("POST", f"{_T}/mapping/versions/{{version}}/restore", "restoreMapping", "mapping:update", requests.ByVersion, mapping.restore_mapping),
        ("GET", f"{_T}/links", "listLinks", "links:view", requests.ByTenant, links.list_links),
        ("POST", f"{_T}/links", "createLink", "links:create", requests.NewLink, links.create_link),
        ("POST", f"{_T}/links/{{link}}/revoke", "revokeLink", "links:delete", requests.ByLink, links.revoke_link),
        ("GET", CONSOLE_LINKS, "listConsoleLinks", "console:view", requests.Parameters, links.list_console_links),
        ("POST", f"{CONSOLE_LINKS}/{{link}}/revoke", "revokeConsoleLink", "console:delete", requests.ByConsoleLink, links.revoke_console_link),
        ("POST", CONSOLE_LINKS, "createConsoleLink", "console:create", requests.NewConsoleLink, links.create_console_link),
        ("GET", f"{_T}/feed", "showFeed", "feed:view", requests.ByTenant, feeds.show_feed),
        ("PUT", f"{_T}/feed", "setFeed", "feed:update", requests.FeedSettings, feeds.set_feed),
        ("PUT", f"{_T}/feed/receiver", "pushFeed", "feed:update", requests.NewReceiver, feeds.push_feed),
        ("DELETE", f"{_T}/feed/receiver", "stopFeed", "feed:update", requests.ByTenant, feeds.stop_feed),
        ("GET", f"{_T}/breaker", "showBreaker", "breaker:view", requests.ByTenant, definitions.show_breaker),
        ("PUT", f"{_T}/breaker", "setBreaker", "breaker:update", requests.BreakerSettings, definitions.set_breaker),
        ("POST", f"{_T}/breaker/release", "releaseBreaker", "breaker:update", requests.BreakerRelease, definitions.release_breaker),
        ("GET", f"{_T}/tolerances", "listTolerances", "requests:view", requests.ByTenant, tenants.list_tolerances),
        ("GET", f"{_T}/indexes", "listIndexes", "definitions:view", requests.ByTenant, tenants.list_indexes),
        ("GET", f"{_T}/requests", "listRequests", "requests:view", requests.RequestsAfter, tenants.list_requests),
        ("GET", f"{_T}/request-log", "showRequestLog", "requests:view", requests.ByTenant, tenants.show_request_log),
        ("PUT", f"{_T}/request-log", "setRequestLog", "requests:update", requests.RequestLogSettings, tenants.set_request_log),
        ("GET", f"{_T}/audit", "listAudit", "audit:view", requests.AuditQuery, tenants.list_audit),
        ("GET", f"{_T}/jobs", "listJobs", "jobs:view", requests.ByTenant, jobs.list_jobs),
        ("GET", f"{_T}/jobs/{{job}}", "showJob", "jobs:view", requests.ByJob, jobs.show_job),
        ("GET", f"{_T}/jobs/{{job}}/failures", "listFailures", "jobs:view", requests.FailuresAfter, jobs.list_failures),
        ("POST", f"{_T}/jobs/{{job}}/cancel", "cancelJob", "jobs:delete", requests.ByJob, jobs.cancel_job),
    )
)  # fmt: skip
_PATTERNS = tuple((operation.pattern(), operation) for operation in OPERATIONS)


def performed(
    administration: Administration,
    actor: Actor,
    method: str,
    path: str,
    parameters: Mapping[str, Any],
) -> OperationResult:
    """Perform the operation a request asks for; `parameters` holds the members of its query and body.

    Raises NotFound for an unknown path or tenant, or another tenant than the actor's, MethodNotAllowed, Forbidden
    where the actor's scopes do not grant the operation, InvalidValue naming the member that does not
    fit, and what the operation itself raises.
    """
    operation, in_path = _operation_at(method, path)
    tenant = str(in_path.get(_TENANT) or parameters.get("name") or "")
    if actor.tenant and tenant != actor.tenant:
        raise NotFound("There is nothing at this path.")
    if not Permissions.shipped().is_granted(actor.scopes, operation.permission):
        raise Forbidden(f"This session does not have the permission {operation.permission}.")
    request = _request_of(operation, in_path, parameters)
    # A request about an unknown tenant leaves nothing behind, not even an act.
    if isinstance(request, requests.ByTenant) and not getattr(request, "create_tenant", False):
        tenant_named(administration, tenant)
    elif operation.is_act and not operation.path.startswith(CONSOLE_LINKS):
        require_name(tenant)
    if not operation.is_act:
        return operation.perform(administration, request)
    return _perform_act(administration, actor, operation, tenant, request)


def _perform_act(
    administration: Administration,
    actor: Actor,
    operation: Operation,
    tenant: str,
    request: requests.Parameters,
) -> OperationResult:
    fields = type(request).model_fields
    asked = {
        name: value if fields[name].repr else length_of(value)
        for name, value in request.model_dump(
            mode="json", exclude_unset=True, exclude={_TENANT}
        ).items()
    }
    acts, clock = administration.acts, administration.clock
    with noted(acts, clock, actor, operation.name, tenant, asked):
        result = operation.perform(administration, request)
        if (
            isinstance(request, requests.ByTenant)
            and operation.perform is not tenants.delete_tenant
        ):
            tenants.require_remaining(administration, tenant)
        return result


def _operation_at(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    matches = [
        (match, operation) for pattern, operation in _PATTERNS if (match := pattern.fullmatch(path))
    ]
    # A literal segment wins over a parameter.
    matches.sort(key=lambda pair: len(pair[1].parameters))
    for match, operation in matches:
        if operation.method == method:
            return operation, {name: unquote(value) for name, value in match.groupdict().items()}
    if not matches:
        raise NotFound("There is nothing at this path.")
    methods = tuple(operation.method for _, operation in matches)
    raise MethodNotAllowed(f"This path takes {' and '.join(methods)}.", methods)


def _request_of(
    operation: Operation, in_path: Mapping[str, str], parameters: Mapping[str, Any]
) -> requests.Parameters:
    """Return the validated parameters. Raises InvalidValue: what, where, and what was expected."""
    if repeated := sorted(in_path.keys() & parameters.keys()):
        raise InvalidValue(f"{repeated[0]}: belongs in the path, not in the query or the body.")
    try:
        return operation.request_model.model_validate({**parameters, **in_path})
    except ValidationError as error:
        raise InvalidValue(" ".join(_reasons(error))) from error


def _reasons(error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_input=False):
        place = ".".join(map(echo_of, detail["loc"])) or "body"
        yield f"{place}: {expectation_of(detail)}."
