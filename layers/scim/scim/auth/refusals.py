"""Refusals that API Gateway's own 401 cannot express: with a challenge, or without a body.

API Gateway sends no headers of an authorizer, and renames a function's WWW-Authenticate. But its
response to a denial can take a header from the authorizer's context. Therefore a challenge (where to
get a token) is in the context of a policy that denies everything, and the second API of
template.yaml converts that denial to a 401. In that API only the functions check permissions.

API Gateway's own 401 has the same body in all of an API. Therefore a caller who is refused at a path
of a tenant whose clients expect no body (docs/decisions/0018) passes without a tenant in the context.
Every function refuses such a request before it reads it (http/message/request.py), in the form of the
tenant's profile. If the profile's discovery is open to everybody, the caller gets that and nothing
else (http/access.py).
"""

from collections.abc import Callable, Mapping
from typing import Any

from scim.access.tenant import TENANT_NAME
from scim.auth.authorizer import MOUNTS, KnownTenant, Tenants, tenant_named
from scim.auth.not_authorized import Authorizer, NotAuthorized
from scim.auth.policy import everywhere, stage_of
from scim.mount import as_spelt, tenant_place
from scim.profile.shipped import profile_or_default

STAGE_VARIABLE = "challenges"
"""Only the stage of the API that converts a denial to a 401 has this variable."""

Challenge = Callable[[str | None], str | None]
"""Returns the challenge for callers of a tenant, or None."""


def challenging(handler: Authorizer, challenge: Challenge) -> Authorizer:
    """Return the authorizer's handler, with challenges in its refusals on the API that supports them."""

    def challenged(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        if STAGE_VARIABLE not in (event.get("stageVariables") or {}):
            return handler(event, context)
        stage = stage_of(str(event["methodArn"]))
        try:
            answer = handler(event, context)
        except NotAuthorized:
            value = challenge(tenant_named(event))
            if value is None:
                raise
            return {
                "principalId": "nobody",
                "policyDocument": everywhere("Deny", stage),
                "context": {"challenge": value},
            }
        return {**answer, "policyDocument": everywhere("Allow", stage)}

    return challenged


UNAUTHORIZED = 401


def silencing(handler: Authorizer, tenants: Tenants) -> Authorizer:
    """Return the authorizer's handler, which leaves refusals to the functions if the profile needs that."""

    def silenced(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        try:
            return handler(event, context)
        except NotAuthorized:
            tenant_path = _tenant_path_in(event)
            tenant = None if tenant_path is None else tenants.find(_tenant_of(tenant_path))
            if tenant_path is None or tenant is None or not _is_answered_here(tenant):
                raise
            return nobody_at(tenant_path, tenant.profile, str(event["methodArn"]))

    return silenced


def nobody_at(tenant_path: str, profile: str, method_arn: str) -> dict[str, object]:
    """Return the authorizer's response for a caller without a tenant; `tenant_path` begins the path of the request.

    It allows every path, because API Gateway reuses it for the same credentials on other paths. A
    policy for this tenant's paths only would turn the 401 that is due elsewhere into a 403.
    """
    return {
        "principalId": "nobody",
        "policyDocument": everywhere("Allow", stage_of(method_arn)),
        "context": {"nobodyAt": tenant_path, "profile": profile},
    }


def _tenant_path_in(event: Mapping[str, Any]) -> str | None:
    """Return the start of the path up to the tenant, None if the path does not begin with a tenant."""
    path = f"/{(event.get('pathParameters') or {}).get('proxy') or ''}"
    tenant_path = tenant_place(path, as_spelt(path, MOUNTS))
    return (
        tenant_path
        if tenant_path is not None and TENANT_NAME.fullmatch(_tenant_of(tenant_path))
        else None
    )


def _tenant_of(tenant_path: str) -> str:
    return tenant_path.rpartition("/")[2]


def _is_answered_here(tenant: KnownTenant) -> bool:
    profile = profile_or_default(tenant.profile)
    return profile.auth.open_discovery or UNAUTHORIZED in profile.wire.errors.empty
