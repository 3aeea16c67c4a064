"""The URI by which a body says which message it is (RFC 7644 section 3.1), as clients write it."""

from scim.profile import Profile, Tolerance


def needed_to_read(schemas: object, urn: str, profile: Profile) -> frozenset[Tolerance] | None:
    """Return the tolerances it takes to see the message in its `schemas`; None if it is not there.

    Drafts of the RFC had other URIs, `urn:ietf:params:scim:schemas:core:2.0:PatchOp` among them,
    which clients still write: the name at the end is what they have in common.
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
    if _name_in(urn) in map(_name_in, uris):
        return _if_tolerated(Tolerance.FOREIGN_SCHEMAS, profile)
    return None


def _name_in(uri: str) -> str:
    return uri.lower().rpartition(":")[2]


def _if_tolerated(tolerance: Tolerance, profile: Profile) -> frozenset[Tolerance] | None:
    return frozenset({tolerance}) if profile.tolerates(tolerance) else None
