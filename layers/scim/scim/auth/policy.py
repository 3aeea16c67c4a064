"""The policy of a token: the requests that API Gateway accepts, safe to cache for all its requests."""

import json
import re
from collections.abc import Collection
from functools import cache

from scim.compiled import DEFINITIONS
from scim.mount import MOUNT, TENANT
from scim.permission import EVERYTHING, Permissions
from scim.principal import Principal
from scim.profile import Profile
from scim.profile.parts import Routing
from scim.profile.shipped import profile_or_default

_CAPITAL = re.compile("[A-Z]")
MOST_PATTERNS = 60
"""A policy has a maximum size; with more patterns than this, only the functions check permissions."""


def policy_of(
    principal: Principal, method_arn: str, permissions: Permissions, segments: Collection[str]
) -> dict[str, object]:
    """Return the authorizer's response for a known caller.

    It depends only on the token, never on the request, because API Gateway reuses it for every
    method and path of the stage until it expires. The functions check the same table again, with
    the scopes in the context. `segments` are the resource types' endpoints, to which the general
    rows of the table apply.
    """
    stage = stage_of(method_arn)
    patterns = _patterns(principal, permissions, segments)
    return {
        "principalId": principal.token_id,
        "policyDocument": _document("Allow", [f"{stage}/{pattern}" for pattern in patterns]),
        "context": principal.context(),
    }


def stage_of(method_arn: str) -> str:
    """Return the API and the stage in a method's ARN."""
    return "/".join(method_arn.split("/")[:2])


def everywhere(effect: str, stage: str) -> dict[str, object]:
    """Return the policy that allows or denies every method and path of a stage."""
    return _document(effect, f"{stage}/*/*")


def _document(effect: str, resource: object) -> dict[str, object]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _patterns(
    principal: Principal, permissions: Permissions, segments: Collection[str]
) -> list[str]:
    if EVERYTHING in principal.scopes:
        return ["*/*"]
    routing = profile_or_default(principal.profile).routing
    mounts = _mounts(principal.tenant, routing)
    exact = {
        f"{grant.method}{mount}{path}"
        for grant in permissions.grants(segments)
        if permissions.is_granted(principal.scopes, grant.permission)
        for mount in mounts
        for path in _spellings(grant.path, lower_case=routing.lower_case)
    }
    # Only the functions check HEAD, by the permission for GET: a pattern for each path is too many.
    exact |= {f"HEAD{mount}{end}" for mount in mounts for end in ("", "/*")}
    # A pattern matches one spelling; if paths have several, only the functions check permissions.
    is_spelt_freely = routing.any_case or bool(routing.aliases)
    if not is_spelt_freely and len(patterns := _not_covered(exact)) <= MOST_PATTERNS:
        return sorted(patterns)
    return [f"*{mount}{end}" for mount in mounts for end in ("", "/*")]


def _not_covered(patterns: Collection[str]) -> list[str]:
    """Return the patterns without those that another pattern, ending in `/*`, already matches."""
    wildcard_prefixes = tuple(
        pattern.removesuffix("*") for pattern in patterns if pattern.endswith("/*")
    )
    return [
        pattern
        for pattern in patterns
        if pattern.endswith("/*") or not pattern.startswith(wildcard_prefixes)
    ]


def _mounts(tenant: str, routing: Routing) -> list[str]:
    """Return all prefixes of an endpoint in the tenant's paths."""
    mounts = [mount.replace(TENANT, tenant) for mount in (MOUNT, *routing.mounts)]
    prefixes = [*mounts, *(f"/{tenant}{mount}" for mount in mounts)]
    if routing.tenant_after_mount:
        prefixes += [f"{mount}/{tenant}" for mount in mounts]
    return prefixes


def _spellings(path: str, *, lower_case: bool) -> tuple[str, ...]:
    """Return the patterns of a path: any id matches, and a trailing slash is optional."""
    if path == "/":
        return "", "/"
    pattern = path.replace("{id}", "*")
    if lower_case and pattern[1].isupper():
        # One pattern matches both cases; the functions refuse any other letter.
        endpoint, slash, subpath = pattern[1:].partition("/")
        pattern = f"/{_CAPITAL.sub('?', endpoint)}{slash}{subpath}"
    return (pattern,) if pattern.endswith("*") else (pattern, f"{pattern}/")


USUAL = Profile().resource_types


@cache
def endpoint_segments(types: tuple[str, ...] = USUAL) -> tuple[str, ...]:
    """Return the path segments of shipped types, such as `Users`, by the names of their documents.

    The catalogue has them too, but it reads and checks every schema, which would delay every
    request here.
    """
    folder = DEFINITIONS / "resource_types"
    documents = ((folder / f"{name}.json").read_text("utf-8") for name in types)
    return tuple(
        sorted(str(json.loads(document)["endpoint"]).removeprefix("/") for document in documents)
    )
