"""Refusals that API Gateway's own 401 cannot express: with a challenge, or without a body.

API Gateway sends no header of an authorizer's, and renames a function's WWW-Authenticate. What
it can do is answer a denial with a header taken from the authorizer's context: so a challenge
(where to get a token) travels in the context of a policy that denies everything, and the second
API of template.yaml makes a 401 of it. There the functions alone tell permissions apart.

API Gateway's own 401 has one body for all of an API. So a caller who is refused at a path of a
tenant whose clients expect no body (docs/decisions/0018) is let through as nobody: the context
has no tenant, and every function refuses what comes without one before it looks at it
(http/message/request.py), there in the words of the tenant's profile.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from scim.auth.authorizer import MOUNTS, Authorizer, KnownTenant, NotAuthorized, Tenants
from scim.auth.policy import everywhere, stage_of
from scim.mount import as_spelt, tenant_in
from scim.profile.shipped import settled

STAGE_VARIABLE = "challenges"
"""The stage of an API that makes a 401 of a denial has it, and no other."""

Challenge = Callable[[str | None], str | None]
"""Returns the challenge for callers of a tenant, or None."""


def challenging(handler: Authorizer, challenge: Challenge) -> Authorizer:
    """Return the authorizer's handler with challenges for those it refuses, where they are understood."""

    def challenged(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        if STAGE_VARIABLE not in (event.get("stageVariables") or {}):
            return handler(event, context)
        stage = stage_of(str(event["methodArn"]))
        try:
            answer = handler(event, context)
        except NotAuthorized:
            value = challenge(tenant_in(event, MOUNTS))
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
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def silencing(handler: Authorizer, tenants: Tenants) -> Authorizer:
    """Return the authorizer's handler with empty refusals where a tenant's profile has them."""

    def silenced(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        try:
            return handler(event, context)
        except NotAuthorized:
            name = _tenant_first_in(event)
            tenant = None if name is None else tenants.find(name)
            if name is None or tenant is None or not _is_silent(tenant):
                raise
            return nobody_at(name, tenant.profile, str(event["methodArn"]))

    return silenced


def nobody_at(tenant: str, profile: str, method_arn: str) -> dict[str, object]:
    """Return the answer for a caller who is nobody, at every path.

    API Gateway reuses it for the same credentials wherever they are sent next. A policy for this
    tenant's paths would make a 403 of the 401 that is due elsewhere.
    """
    return {
        "principalId": "nobody",
        "policyDocument": everywhere("Allow", stage_of(method_arn)),
        "context": {"nobodyAt": tenant, "profile": profile},
    }


def _tenant_first_in(event: Mapping[str, Any]) -> str | None:
    """Return the tenant the path begins with, None for a path that begins otherwise."""
    matched = str((event.get("pathParameters") or {}).get("proxy") or "")
    name = tenant_in(event, as_spelt(matched, MOUNTS))
    is_first = name is not None and matched.startswith(f"{name}/")
    return name if name is not None and is_first and _NAME.fullmatch(name) else None


def _is_silent(tenant: KnownTenant) -> bool:
    return UNAUTHORIZED in settled(tenant.profile).wire.errors.empty
