"""What a document should have held, in words of our own instead of pydantic's."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

_EXPECTED: Final = {
    "missing": "a value is required",
    "extra_forbidden": "there is no such member",
    "unexpected_keyword_argument": "there is no such member",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "string_type": "expected a string",
    "dict_type": "expected an object",
    "mapping_type": "expected an object",
    "model_type": "expected an object",
    "model_attributes_type": "expected an object",
    "list_type": "expected an array",
    "tuple_type": "expected an array",
    "set_type": "expected an array",
    "string_too_long": "expected at most {max_length} characters",
    "string_too_short": "expected {min_length} or more characters",
    "string_pattern_mismatch": "expected text that matches {pattern}",
    "too_long": "expected at most {max_length} elements",
    "too_short": "expected {min_length} or more elements",
    "greater_than_equal": "expected {ge} or more",
    "less_than_equal": "expected {le} or less",
    "literal_error": "expected {expected}",
    "enum": "expected {expected}",
}
"""By the type that pydantic gives an error; the names in braces are those of its `ctx`."""


class WithNumbers(BaseModel):
    """A document whose whole numbers are no booleans: pydantic would read them as 0 and 1."""

    @field_validator("*", mode="before")
    @classmethod
    def _is_no_boolean(cls, value: object, info: ValidationInfo) -> object:
        annotation = cls.model_fields[str(info.field_name)].annotation
        if isinstance(value, bool) and annotation in (int, int | None):
            raise PydanticCustomError("int_type", "expected a whole number")
        return value


def expectation_of(error: Mapping[str, Any]) -> str:
    """Return what an error of `ValidationError.errors()` says was expected of the member that it names."""
    template = _EXPECTED.get(error["type"])
    if template is not None:
        return template.format_map(error.get("ctx", {}))
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}"
