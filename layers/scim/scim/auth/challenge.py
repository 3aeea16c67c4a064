"""A refusal that tells the caller where to get a token, where a tenant's issuer gives tickets.

API Gateway sends no header of an authorizer's, and renames a function's WWW-Authenticate. What
it can do is answer a denial with a header taken from the authorizer's context: so a challenge
travels in the context of a policy that denies everything, and the second API of template.yaml
makes a 401 of it. There the functions alone tell permissions apart.
"""

from collections.abc import Callable, Mapping
from typing import Any

from scim.auth.authorizer import MOUNTS, Authorizer, Unauthorized
from scim.auth.policy import everywhere, stage_of
from scim.mount import tenant_in

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
        except Unauthorized:
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
