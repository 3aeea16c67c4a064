"""Whether an edit may be made: what is readOnly, required or immutable (RFC 7644 section 3.5.2)."""

from collections.abc import Mapping

from scim.errors import Mutability as MutabilityError
from scim.resource.mutability import is_same
from scim.schema.resource_type import AttributeRef
from scim.schema.schema import Attribute, AttributeMutability


def refuse_read_only(ref: AttributeRef) -> None:
    """Raise Mutability when the attribute or the sub-attribute meant is readOnly."""
    if ref.attribute.is_read_only or ref.leaf.is_read_only:
        raise MutabilityError(f"{ref} is readOnly.")
    if ref.leaf.is_secret and ref.leaf.mutability is AttributeMutability.IMMUTABLE:
        # Nobody could tell whether it was set.
        raise MutabilityError(f"{ref} is immutable and can be set at creation only.")


def refuse_unassigning(attribute: Attribute, after: object, where: str) -> None:
    """Raise Mutability when a required attribute would be left without a value."""
    if attribute.required and after is None:
        raise MutabilityError(f"{where} is required and cannot be removed.")


def refuse_resetting(attribute: Attribute, before: object, after: object, where: str) -> None:
    """Raise Mutability when an immutable value, or an immutable part, would change once set."""
    if before is None:
        return
    if attribute.mutability is AttributeMutability.IMMUTABLE:
        if not is_same(before, after):
            raise MutabilityError(f"{where} is immutable and has a value.")
        return
    if isinstance(before, Mapping):
        parts = after if isinstance(after, Mapping) else {}
        for sub in attribute.sub_attributes:
            refuse_resetting(sub, before.get(sub.name), parts.get(sub.name), f"{where}.{sub.name}")
