"""What API Gateway may let through, in a form that is safe to cache for every request of a token."""

from scim.principal import Principal


def policy_of(principal: Principal, method_arn: str) -> dict[str, object]:
    """Return the authorizer's answer for a known caller.

    It depends on the token alone, never on the request that asked: API Gateway reuses it
    for every method and path of the stage until it expires. What the caller may do travels
    in the context and is checked by the functions.
    """
    api, stage = method_arn.split("/")[:2]
    return {
        "principalId": principal.token_id,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": f"{api}/{stage}/*/*",
                }
            ],
        },
        "context": {
            "tenant": principal.tenant,
            "tokenId": principal.token_id,
            "scopes": " ".join(sorted(principal.scopes)),
            "subject": principal.subject or "",
        },
    }
