"""A malformed document is reported in this project's words, not those of a library."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from scim.expectation import expectation_of


class Shape(BaseModel):
    """A document of each kind of member."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    number: int = Field(default=1, ge=1, le=9)
    is_on: bool = False
    words: tuple[str, ...] = ()
    parts: dict[str, str] = Field(default_factory=dict)
    kind: Literal["a", "b"] = "a"
    even: int = 0
    code: str = Field(default="aa", min_length=2, max_length=3, pattern="^a*$")
    pair: tuple[int, ...] = Field(default=(1, 2), min_length=1, max_length=2)

    @field_validator("even")
    @classmethod
    def _even(cls, number: int) -> int:
        if number % 2:
            raise ValueError("Expected an even number")
        return number


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({}, "a value is required"),
        ({"name": 1}, "expected a string"),
        ({"name": "x", "nmae": 1}, "there is no such member"),
        ({"name": "x", "number": 0}, "expected 1 or more"),
        ({"name": "x", "number": 10}, "expected 9 or less"),
        ({"name": "x", "number": "x"}, "expected a whole number"),
        ({"name": "x", "is_on": "x"}, "expected true or false"),
        ({"name": "x", "words": {}}, "expected an array"),
        ({"name": "x", "parts": []}, "expected an object"),
        ({"name": "x", "kind": "c"}, "expected 'a' or 'b'"),
        ({"name": "x", "even": 1}, "expected an even number"),
        ({"name": "x", "code": "a"}, "expected 2 or more characters"),
        ({"name": "x", "code": "aaaa"}, "expected at most 3 characters"),
        ({"name": "x", "code": "ab"}, "expected text that matches ^a*$"),
        ({"name": "x", "pair": ()}, "expected 1 or more elements"),
        ({"name": "x", "pair": (1, 2, 3)}, "expected at most 2 elements"),
        ([], "expected an object"),
    ],
)
def test_a_member_that_does_not_fit_is_told_what_was_expected(document: Any, told: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Shape.model_validate(document)
    assert expectation_of(raised.value.errors()[0]) == told
