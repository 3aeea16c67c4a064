"""The URIs in a body's `schemas` that name its message (RFC 7644 section 3.1), and the forms that clients send."""

from typing import Final

from scim.profile import Profile, Tolerance

LIST_URN: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH_URN: Final = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PATCH_OP_URN: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK_REQUEST_URN: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE_URN: Final = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
DELTA_REQUEST_URN: Final = "urn:ietf:params:scim:api:messages:2.0:delta:request"
DELTA_RESPONSE_URN: Final = "urn:ietf:params:scim:api:messages:2.0:delta:response"
DELTA_TOKEN_URN: Final = "urn:ietf:params:scim:api:messages:2.0:delta:token"  # noqa: S105 - a URN
DRY_RUN_URN: Final = "urn:serverless-scim:params:scim:api:messages:1.0:DryRun"

_OF_SCIM_1: Final = "urn:scim:schemas:core:1.0"
"""The URI of every message of SCIM 1.1, which WSO2's documentation shows in bulk requests."""


def needed_to_read(schemas: object, urn: str, profile: Profile) -> frozenset[Tolerance] | None:
    """Return the tolerances needed to find the message's URN in `schemas`, None if it is not there.

    Clients still send URIs from drafts of the RFC, such as
    `urn:ietf:params:scim:schemas:core:2.0:PatchOp`; these have only the last segment in common. SCIM 1.1
    had one URI for all messages.
    """
    if not schemas:
        return _if_tolerated(Tolerance.MISSING_SCHEMAS, profile)
    if isinstance(schemas, str):
        taken = _if_tolerated(Tolerance.LONE_OBJECTS, profile)
        inside = None if taken is None else needed_to_read([schemas], urn, profile)
        return None if taken is None or inside is None else taken | inside
    if not isinstance(schemas, list):
        return None
    uris = [uri.lower() for uri in schemas if isinstance(uri, str)]
    if urn.lower() in uris:
        return frozenset()
    if _OF_SCIM_1 in uris or _name_in(urn) in map(_name_in, uris):
        return _if_tolerated(Tolerance.FOREIGN_SCHEMAS, profile)
    return None


def _name_in(uri: str) -> str:
    return uri.lower().rpartition(":")[2]


def _if_tolerated(tolerance: Tolerance, profile: Profile) -> frozenset[Tolerance] | None:
    return frozenset({tolerance}) if profile.tolerates(tolerance) else None
