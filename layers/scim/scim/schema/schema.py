"""A schema: a URN and the attributes it defines (RFC 7643 section 7)."""

from dataclasses import dataclass
from functools import cached_property

from scim.schema.attribute import Attribute


@dataclass(frozen=True)
class Schema:
    """A named collection of attribute definitions."""

    id: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]

    @cached_property
    def _by_name(self) -> dict[str, Attribute]:
        return {attribute.name.lower(): attribute for attribute in self.attributes}

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute of that name in any case, or None."""
        return self._by_name.get(name.lower())
