"""Environment variables: their names, defaults and limits, and the reading of plainly written values."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final, Literal, NamedTuple, TypeVar

T = TypeVar("T", bound=str | int)
_SWITCHES: Final = {"0": False, "1": True, "false": False, "true": True}


class LimitsError(Exception):
    """The document of limits is not a JSON object, or has an unknown limit or a value that is no integer."""

    def __init__(self, text: str) -> None:
        super().__init__(f"SCIM_LIMITS: {text}")


class Variable(NamedTuple):
    """An environment variable with its default and the values it may have; limits are inclusive."""

    name: str
    default: str | int | bool
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()

    def read(self, text: object) -> Any:
        """Return the value if it is written plainly. Raises ValueError for any other spelling or value."""
        kind = type(self.default)
        if kind is str:
            if not self.choices or text in self.choices:
                return text
        elif kind is bool:
            if isinstance(text, str) and text in _SWITCHES:
                return _SWITCHES[text]
        elif isinstance(text, int) or (isinstance(text, str) and text.isascii() and text.isdigit()):
            number = int(text)
            is_enough = self.least is None or number >= self.least
            if is_enough and (self.most is None or number <= self.most):
                return number
        raise ValueError(self.name)


def setting(
    name: str,
    default: T,
    *,
    ge: int | None = None,
    le: int | None = None,
    choices: tuple[str, ...] = (),
) -> T:
    """Return a dataclass field whose value comes from an environment variable."""
    variable = Variable(name, default, ge, le, choices)
    return field(default=default, metadata={"variable": variable})


def variables_of(document: str, variable_names: Mapping[str, str]) -> dict[str, object]:
    """Return the values in a document of limits, such as `{"MaxMembers": 20000}`, by variable.

    `variable_names` maps the names of limits to variables. Raises LimitsError.
    """
    try:
        limits = dict(json.loads(document or "{}").items())
    except (ValueError, AttributeError) as error:
        raise LimitsError("expected a JSON object") from error
    for name, value in limits.items():
        if name not in variable_names:
            raise LimitsError(f"there is no limit {name}")
        if isinstance(value, bool) or not isinstance(value, int):
            raise LimitsError(f"{name}: expected a whole number")
    return {variable_names[name]: value for name, value in limits.items()}


def validated(variables: Mapping[str, Variable], values: Mapping[str, object]) -> dict[str, Any]:
    """Return the values of all settings by name, with the given variables as pydantic reads them.

    Raises pydantic.ValidationError naming the variable that does not fit.
    """
    from pydantic import BaseModel, Field, create_model  # noqa: PLC0415 - only for what is not written plainly

    described: dict[str, Any] = {
        name: (
            Literal[variable.choices] if variable.choices else type(variable.default),
            Field(variable.default, alias=variable.name, ge=variable.least, le=variable.most),
        )
        for name, variable in variables.items()
    }
    model: type[BaseModel] = create_model("Settings", **described)
    return model.model_validate(values).model_dump()
