"""Replacing a resource by PUT: what the client sent, and what it cannot take away."""

from collections.abc import Mapping

from scim.errors import Mutability as MutabilityError
from scim.profile.rules import PutRules
from scim.resource.intake import Taken
from scim.resource.mutability import refuse_immutable_changes, with_immutable
from scim.resource.place import attributes_of, value_at, with_value
from scim.schema.attribute import Mutability
from scim.schema.resource_type import ResourceType

STRICT = PutRules()
_KEPT = frozenset({Mutability.READ_ONLY, Mutability.IMMUTABLE, Mutability.WRITE_ONLY})


def replaced(
    resource_type: ResourceType,
    stored: Mapping[str, object],
    taken: Taken,
    rules: PutRules = STRICT,
) -> dict[str, object]:
    """Return the body after a PUT (RFC 7644 section 3.5.1).

    readWrite values not sent are cleared. Not sent but kept are readOnly values, immutable
    ones, and writeOnly ones, which no client can read and send back. An immutable value
    sent must match the stored one, or gives way to it where the rules say so.
    """
    body = dict(taken.body)
    for container, attribute in attributes_of(resource_type):
        if attribute.mutability not in _KEPT:
            continue
        if value_at(body, container, attribute.name) is None:
            kept = value_at(stored, container, attribute.name)
            body = with_value(body, container, attribute.name, kept)
    if rules.immutable == "keep":
        return with_immutable(resource_type, stored, body)
    refuse_immutable_changes(resource_type, stored, body)
    return body


def require_own_id(taken: Taken, id_: str) -> None:
    """Raise Mutability when the body claims another id than the path.

    The path names the resource; a body that names another one is a mistake or an attack.
    """
    if taken.id is not None and taken.id != id_:
        raise MutabilityError("id: readOnly, and not the id of the resource addressed")
