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
from scim.service.administration import (
    clients,
    definitions,
    feeds,
    issuers,
    jobs,
    links,
    mapping,
    states,
    tenants,
    tokens,
)
from scim.service.administration import requests as asking
from scim.service.administration.ports import Actor, Administration, Done
from scim.service.administration.recorded_acts import noted
from scim.service.administration.tenant_lookups import require_name, tenant_named

Does = Callable[[Administration, Any], Done]
_PARAMETER = re.compile(r"\{(\w+)\}")
_WHOLE = "tenant"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `asked` is the model of its parameters, `is_act` tells that it changes something."""

    method: str
    path: str
    name: str
    permission: str
    asked: type[asking.Parameters]
    does: Does

    @property
    def is_act(self) -> bool:
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
"""The path that makes links to the console; the console itself does not offer it."""
OPERATIONS: tuple[Operation, ...] = tuple(
    Operation(*row)
    for row in (
        ("GET", "/profiles", "listProfiles", "profiles:view", asking.Parameters, tenants.profiles),
        ("GET", "/status", "showStatus", "tenants:view", asking.Paged, states.listed),
        ("GET", "/tenants", "listTenants", "tenants:view", asking.Paged, tenants.listed),
        ("POST", "/tenants", "createTenant", "tenants:create", asking.NewTenant, tenants.created),
        ("GET", _T, "showTenant", "tenants:view", asking.ByTenant, tenants.shown),
        ("PATCH", _T, "changeTenant", "tenants:update", asking.ChangedTenant, tenants.changed),
        ("DELETE", _T, "deleteTenant", "tenants:delete", asking.ByTenant, tenants.deleted),
        ("POST", f"{_T}/suspend", "suspendTenant", "tenants:update", asking.ByTenant, tenants.suspended),
        ("POST", f"{_T}/resume", "resumeTenant", "tenants:update", asking.ByTenant, tenants.resumed),
        ("GET", f"{_T}/tokens", "listTokens", "tokens:view", asking.ByTenant, tokens.listed),
        ("POST", f"{_T}/tokens", "createToken", "tokens:create", asking.NewToken, tokens.created),
        ("POST", f"{_T}/tokens/{{token}}/rotate", "rotateToken", "tokens:create", asking.RotatedToken, tokens.rotated),
        ("POST", f"{_T}/tokens/{{token}}/revoke", "revokeToken", "tokens:delete", asking.ByToken, tokens.revoked),
        ("GET", f"{_T}/clients", "listClients", "clients:view", asking.ByTenant, clients.listed),
        ("POST", f"{_T}/clients", "createClient", "clients:create", asking.NewClient, clients.created),
        ("POST", f"{_T}/clients/{{client}}/rotate", "rotateClient", "clients:create", asking.ByClient, clients.rotated),
        ("POST", f"{_T}/clients/{{client}}/revoke", "revokeClient", "clients:delete", asking.ByClient, clients.revoked),
        ("GET", f"{_T}/issuers", "listIssuers", "issuers:view", asking.ByTenant, issuers.listed),
        ("POST", f"{_T}/issuers", "addIssuer", "issuers:create", asking.NewIssuer, issuers.added),
        ("POST", f"{_T}/issuers/entra", "addEntraIssuer", "issuers:create", asking.EntraIssuer, issuers.entra_added),
        ("DELETE", f"{_T}/issuers", "removeIssuer", "issuers:delete", asking.ByIssuer, issuers.removed),
        ("GET", f"{_T}/definitions", "showDefinitions", "definitions:view", asking.ByTenant, definitions.current),
        ("PUT", f"{_T}/definitions", "putDefinitions", "definitions:update", asking.DefinedByTenant, definitions.put),
        ("POST", f"{_T}/definitions/check", "checkDefinitions", "definitions:view", asking.DefinedByTenant, definitions.check),
        ("GET", f"{_T}/definitions/versions", "listDefinitions", "definitions:view", asking.ByTenant, definitions.versions),
        ("GET", f"{_T}/definitions/versions/{{version}}", "showDefinitionsVersion", "definitions:view", asking.ByVersion, definitions.version),
        ("POST", f"{_T}/definitions/versions/{{version}}/restore", "restoreDefinitions", "definitions:update", asking.ByVersion, definitions.restore),
        ("GET", f"{_T}/mapping", "showMapping", "mapping:view", asking.ByTenant, mapping.shown),
        ("PUT", f"{_T}/mapping/draft", "draftMapping", "mapping:update", asking.MappedByTenant, mapping.drafted),
        ("DELETE", f"{_T}/mapping/draft", "dropMapping", "mapping:update", asking.ByTenant, mapping.dropped),
        ("POST", f"{_T}/mapping/preview", "previewMapping", "mapping:view", asking.MappingPreviewed, mapping.preview),
        ("POST", f"{_T}/mapping/activate", "activateMapping", "mapping:update", asking.MappingActivated, mapping.activated),
        ("GET", f"{_T}/mapping/versions", "listMappings", "mapping:view", asking.ByTenant, mapping.versions),
        ("GET", f"{_T}/mapping/versions/{{version}}", "showMappingVersion", "mapping:view", asking.ByVersion, mapping.version),
        ("POST", f"{_T}/mapping/versions/{{version}}/restore", "restoreMapping", "mapping:update", asking.ByVersion, mapping.restored),
        ("GET", f"{_T}/links", "listLinks", "links:view", asking.ByTenant, links.listed),
        ("POST", f"{_T}/links", "createLink", "links:create", asking.NewLink, links.created),
        ("POST", f"{_T}/links/{{link}}/revoke", "revokeLink", "links:delete", asking.ByLink, links.revoked),
        ("POST", CONSOLE_LINKS, "createConsoleLink", "console:create", asking.NewConsoleLink, links.to_console),
        ("GET", f"{_T}/feed", "showFeed", "feed:view", asking.ByTenant, feeds.shown),
        ("PUT", f"{_T}/feed", "setFeed", "feed:update", asking.FeedSettled, feeds.settled),
        ("PUT", f"{_T}/feed/receiver", "pushFeed", "feed:update", asking.NewReceiver, feeds.pushed),
        ("DELETE", f"{_T}/feed/receiver", "stopFeed", "feed:update", asking.ByTenant, feeds.stopped),
        ("GET", f"{_T}/breaker", "showBreaker", "breaker:view", asking.ByTenant, definitions.breaker),
        ("PUT", f"{_T}/breaker", "setBreaker", "breaker:update", asking.BreakerSettled, definitions.breaker_settled),
        ("POST", f"{_T}/breaker/release", "releaseBreaker", "breaker:update", asking.BreakerReleased, definitions.breaker_released),
        ("GET", f"{_T}/tolerances", "listTolerances", "requests:view", asking.ByTenant, tenants.tolerances),
        ("GET", f"{_T}/indexes", "listIndexes", "definitions:view", asking.ByTenant, tenants.indexes),
        ("GET", f"{_T}/requests", "listRequests", "requests:view", asking.RequestsAfter, tenants.requests),
        ("GET", f"{_T}/request-log", "showRequestLog", "requests:view", asking.ByTenant, tenants.request_log),
        ("PUT", f"{_T}/request-log", "setRequestLog", "requests:update", asking.RequestsSettled, tenants.request_log_settled),
        ("GET", f"{_T}/audit", "listAudit", "audit:view", asking.AuditWanted, tenants.audit),
        ("GET", f"{_T}/jobs", "listJobs", "jobs:view", asking.ByTenant, jobs.listed),
        ("GET", f"{_T}/jobs/{{job}}", "showJob", "jobs:view", asking.ByJob, jobs.shown),
        ("GET", f"{_T}/jobs/{{job}}/failures", "listFailures", "jobs:view", asking.FailuresAfter, jobs.failures),
        ("POST", f"{_T}/jobs/{{job}}/cancel", "cancelJob", "jobs:delete", asking.ByJob, jobs.cancelled),
    )
)  # fmt: skip
_PATTERNS = tuple((each.pattern(), each) for each in OPERATIONS)


def performed(
    administration: Administration,
    actor: Actor,
    method: str,
    path: str,
    given: Mapping[str, Any],
) -> Done:
    """Perform the operation a request asks for; `given` holds the members of its query and body.

    Raises NotFound for an unknown path or another tenant than the actor's, MethodNotAllowed, Forbidden
    where the actor's scopes do not grant the operation, InvalidValue naming the member that does not
    fit, and what the operation itself raises.
    """
    operation, in_path = _found(method, path)
    tenant = str(in_path.get(_WHOLE) or given.get("name") or "")
    if actor.tenant and tenant != actor.tenant:
        raise NotFound("There is nothing at this path.")
    if not Permissions.shipped().is_granted(actor.scopes, operation.permission):
        raise Forbidden(f"This session does not have the permission {operation.permission}.")
    asked = _asked(operation, in_path, given)
    if not operation.is_act:
        return operation.does(administration, asked)
    # A request about an unknown tenant leaves nothing behind, not even an act.
    if isinstance(asked, asking.ByTenant) and not getattr(asked, "create_tenant", False):
        tenant_named(administration, tenant)
    elif operation.path != CONSOLE_LINKS:
        require_name(tenant)
    return _acted(administration, actor, operation, tenant, asked)


def _acted(
    administration: Administration,
    actor: Actor,
    operation: Operation,
    tenant: str,
    asked: asking.Parameters,
) -> Done:
    held = asked.model_dump(mode="json", exclude_defaults=True, exclude={_WHOLE})
    acts, clock = administration.acts, administration.clock
    with noted(acts, clock, actor, operation.name, tenant, held):
        return operation.does(administration, asked)


def _found(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    matches = [(found, each) for pattern, each in _PATTERNS if (found := pattern.fullmatch(path))]
    # A literal segment wins over a parameter.
    matches.sort(key=lambda match: len(match[1].parameters))
    for found, operation in matches:
        if operation.method == method:
            return operation, {name: unquote(each) for name, each in found.groupdict().items()}
    if not matches:
        raise NotFound("There is nothing at this path.")
    methods = tuple(operation.method for _, operation in matches)
    raise MethodNotAllowed(f"This path takes {' and '.join(methods)}.", methods)


def _asked(
    operation: Operation, in_path: Mapping[str, str], given: Mapping[str, Any]
) -> asking.Parameters:
    """Return the validated parameters. Raises InvalidValue: what, where, and what was expected."""
    if twice := sorted(in_path.keys() & given.keys()):
        raise InvalidValue(f"{twice[0]}: belongs in the path, not in the query or the body.")
    try:
        return operation.asked.model_validate({**given, **in_path})
    except ValidationError as error:
        raise InvalidValue(" ".join(_reasons(error))) from error


def _reasons(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False, include_input=False):
        where = ".".join(map(str, each["loc"])) or "body"
        yield f"{where}: {expectation_of(each)}."
