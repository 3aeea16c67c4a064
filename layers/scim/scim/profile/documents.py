"""Profiles as documents: merges each with those that it extends; pydantic reads the result."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from scim.compiled import DEFINITIONS
from scim.profile.profile import Profile
from scim.profile.tolerance import Tolerance

EVERY = "*"
EXTENDS = "extends"
ENDING = ".json"

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
        raise ProfileError(f"profiles/{name}{ENDING}: {where}: {first_error['msg']}") from error


def profile_in(document: Mapping[str, Any]) -> Profile:
    """Return the profile of a merged document; raises pydantic.ValidationError."""
    tolerances = document.get("tolerances")
    switched = {"tolerances": _switched_on(tolerances)} if isinstance(tolerances, dict) else {}
    return reader().validate_python({**document, **switched})


@cache
def reader() -> TypeAdapter[Profile]:
    """Return pydantic's reader of profiles."""
    return TypeAdapter(Profile)


def _switched_on(switches: Mapping[str, Any]) -> list[str]:
    """Return the tolerances that are switched on, and the unknown names, which pydantic then refuses."""
    default = bool(switches.get(EVERY, False))
    unknown = [name for name in switches if name != EVERY and name not in {*Tolerance}]
    return unknown + [
        tolerance for tolerance in Tolerance if bool(switches.get(tolerance, default))
    ]


def shipped_document(name: str) -> dict[str, Any]:
    """Return the profile's document in the package."""
    place = DEFINITIONS / "profiles" / f"{name}{ENDING}"
    document: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return document


def merged(name: str, document: Documents, extending: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a document merged with all that it extends; raises ProfileError."""
    if name in extending:
        raise ProfileError(f"profiles/{name}{ENDING}: extends itself")
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
