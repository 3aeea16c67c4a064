"""Refusals that API Gateway's own 401 cannot express: with a challenge, or without a body.

API Gateway sends no header of an authorizer's, and renames a function's WWW-Authenticate. What
it can do is answer a denial with a header taken from the authorizer's context: so a challenge
(where to get a token) travels in the context of a policy that denies everything, and the second
API of template.yaml makes a 401 of it. There the functions alone tell permissions apart.

API Gateway's own 401 has one body for all of an API. So a caller who is refused at a path of a
tenant whose clients expect no body (docs/decisions/0018) is let through as nobody: the context
has no tenant, and every function refuses what comes without one before it looks at it
(http/message/request.py), there in the words of the tenant's profile. Where the profile's discovery
is open to everybody, nobody is served that and nothing else (http/access.py).
"""

from collections.abc import Callable, Mapping
from typing import Any

from scim.auth.authorizer import (
    MOUNTS,
    TENANT_NAME,
    Authorizer,
    KnownTenant,
    NotAuthorized,
    Tenants,
    tenant_named,
)
from scim.auth.policy import everywhere, stage_of
from scim.mount import as_spelt, tenant_place
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
    """Return the authorizer's handler with empty refusals where a tenant's profile has them."""

    def silenced(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        try:
            return handler(event, context)
        except NotAuthorized:
            place = _place_in(event)
            tenant = None if place is None else tenants.find(_tenant_of(place))
            if place is None or tenant is None or not _is_answered_here(tenant):
                raise
            return nobody_at(place, tenant.profile, str(event["methodArn"]))

    return silenced


def nobody_at(place: str, profile: str, method_arn: str) -> dict[str, object]:
    """Return the answer for a caller who is nobody, at every path; `place` is how this one began.

    API Gateway reuses it for the same credentials wherever they are sent next. A policy for this
    tenant's paths would make a 403 of the 401 that is due elsewhere.
    """
    return {
        "principalId": "nobody",
        "policyDocument": everywhere("Allow", stage_of(method_arn)),
        "context": {"nobodyAt": place, "profile": profile},
    }


def _place_in(event: Mapping[str, Any]) -> str | None:
    """Return how the path begins with a tenant, None for a path that begins otherwise."""
    path = f"/{(event.get('pathParameters') or {}).get('proxy') or ''}"
    place = tenant_place(path, as_spelt(path, MOUNTS))
    return place if place is not None and TENANT_NAME.fullmatch(_tenant_of(place)) else None


def _tenant_of(place: str) -> str:
    return place.rpartition("/")[2]


def _is_answered_here(tenant: KnownTenant) -> bool:
    profile = settled(tenant.profile)
    return profile.auth.open_discovery or UNAUTHORIZED in profile.wire.errors.empty
