"""Profiles as documents: merges each with those that it extends; pydantic reads the result."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model

from scim.compiled import DEFINITIONS
from scim.expectation import expectation_of
from scim.profile.parts import EVERY
from scim.profile.profile import Profile
from scim.profile.tolerance import Tolerance

EXTENDS = "extends"

Documents = Callable[[str], dict[str, Any]]
"""Returns the document of a profile by its name."""


class ProfileError(ValueError):
    """A profile's document is wrong; the message names the document and the place."""


def profile_of(name: str, document: Documents) -> Profile:
    """Return the profile of a document merged with those that it extends; raises ProfileError."""
    merged_document = merged(name, document)
    try:
        return profile_in({**merged_document, "name": name})
    except ValidationError as error:
        first_error = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first_error["loc"])
        raise ProfileError(f"{_source(name)}: {where}: {expectation_of(first_error)}") from error


def profile_in(document: Mapping[str, Any]) -> Profile:
    """Return the profile of a merged document; raises pydantic.ValidationError."""
    if "tolerances" not in document:
        return reader().validate_python(document)
    switches = _switches().model_validate(document).model_dump(exclude_unset=True)
    return reader().validate_python(
        {**document, "tolerances": _switched_on(switches["tolerances"])}
    )


@cache
def reader() -> TypeAdapter[Profile]:
    """Return pydantic's reader of profiles."""
    return TypeAdapter(Profile)


@cache
def _switches() -> type[BaseModel]:
    """Return the model of a document's switches of tolerances, by name."""
    fields: dict[str, Any] = dict.fromkeys((EVERY, *Tolerance), (bool, False))
    strict = ConfigDict(extra="forbid", strict=True)
    return create_model(
        "Switches", tolerances=(create_model("Tolerances", __config__=strict, **fields), ...)
    )


def _switched_on(switches: Mapping[str, bool]) -> list[str]:
    """Return the tolerances that are switched on."""
    default = switches.get(EVERY, False)
    return [tolerance for tolerance in Tolerance if switches.get(tolerance, default)]


def shipped_document(name: str) -> dict[str, Any]:
    """Return the profile's document in the package; raises ProfileError."""
    file = DEFINITIONS / _source(name)
    if not file.is_file():
        raise ProfileError(f"{_source(name)}: there is no such document to extend")
    try:
        document = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise ProfileError(f"{_source(name)}: not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ProfileError(f"{_source(name)}: not a JSON object")
    return document


def _source(name: str) -> str:
    """Return the place of a profile's document, for messages."""
    return f"profiles/{name}.json"


def merged(name: str, document: Documents, extending: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a document merged with all that it extends; raises ProfileError."""
    if name in extending:
        raise ProfileError(f"{_source(name)}: extends itself")
    overrides = {key: value for key, value in document(name).items() if key != "$schema"}
    extended = overrides.pop(EXTENDS, None)
    if extended is None:
        return overrides
    return _over(merged(str(extended), document, (*extending, name)), overrides)


def _over(base: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the base overridden by `overrides`; objects are merged, other values are replaced."""
    result = dict(base)
    for key, value in overrides.items():
        inherited = result.get(key)
        if isinstance(inherited, Mapping) and isinstance(value, Mapping):
            result[key] = _over(inherited, value)
        else:
            result[key] = value
    return result
