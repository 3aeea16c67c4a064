"""A constant is text in a document; it becomes what the attribute's type has."""

import pytest

from scim.schema.resource_type import Derived
from scim.schema.schema import Attribute, AttributeType


@pytest.mark.parametrize(
    ("type_", "constant", "value"),
    [
        (AttributeType.STRING, "professional", "professional"),
        (AttributeType.INTEGER, "17", 17),
        (AttributeType.INTEGER, 17, 17),
        (AttributeType.BOOLEAN, True, True),
        (AttributeType.STRING, None, None),
        (AttributeType.REFERENCE, None, None),
    ],
)
def test_a_constant_is_of_the_attributes_type(
    type_: AttributeType, constant: str | int | bool | None, value: object
) -> None:
    assert Derived("a", constant=constant).constant_for(Attribute("a", type_)) == value


@pytest.mark.parametrize(
    ("type_", "constant"),
    [
        (AttributeType.STRING, 1),
        (AttributeType.INTEGER, "one"),
        (AttributeType.INTEGER, True),
        (AttributeType.BOOLEAN, "true"),
        (AttributeType.COMPLEX, "x"),
    ],
)
def test_a_constant_of_another_type_is_refused(
    type_: AttributeType, constant: str | int | bool
) -> None:
    with pytest.raises(ValueError, match=r"^no |^invalid literal for int"):
        Derived("a", constant=constant).constant_for(Attribute("a", type_))
