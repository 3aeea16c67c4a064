"""Values the server makes of its own, declared as a hint of the resource type."""

from dataclasses import dataclass
from enum import StrEnum

from scim.schema.attribute import Attribute, AttributeType


class Moment(StrEnum):
    """When a value is made."""

    CREATION = "creation"
    WRITING = "writing"
    """At creation, and by a PUT that leaves the attribute without a value."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that is made where the resource would have none.

    It is that of the first of `sources` that has one, attributes as in an Index, as the client
    sent them although they may be readOnly; else the constant. A unique one is followed by a
    number where it is taken.
    """

    attribute: str
    sources: tuple[str, ...] = ()
    constant: str | int | bool | None = None
    moment: Moment = Moment.CREATION
    is_unique: bool = False

    def constant_for(self, attribute: Attribute) -> str | int | bool | None:
        """Return the constant as the attribute's type has it: variables are always text.

        Raises ValueError for one that is none.
        """
        constant = self.constant
        match attribute.type:
            case AttributeType.INTEGER if constant is not None and not isinstance(constant, bool):
                return int(constant)
            case AttributeType.BOOLEAN if isinstance(constant, bool):
                return constant
            case AttributeType.STRING if isinstance(constant, str):
                return constant
        if constant is None:
            return None
        raise ValueError(f"no {attribute.type}")
