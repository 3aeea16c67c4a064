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
    whole = merged(name, document)
    try:
        return profile_in({**whole, "name": name})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ProfileError(f"profiles/{name}{ENDING}: {where}: {first['msg']}") from error


def profile_in(document: Mapping[str, Any]) -> Profile:
    """Return the profile of a merged document; raises pydantic.ValidationError."""
    given = document.get("tolerances")
    switched = {"tolerances": _switched_on(given)} if isinstance(given, dict) else {}
    return reader().validate_python({**document, **switched})


@cache
def reader() -> TypeAdapter[Profile]:
    """Return pydantic's reader of profiles."""
    return TypeAdapter(Profile)


def _switched_on(given: Mapping[str, Any]) -> list[str]:
    """Return the tolerances that are switched on, and the unknown names, which pydantic then refuses."""
    usual = bool(given.get(EVERY, False))
    unknown = [name for name in given if name != EVERY and name not in {*Tolerance}]
    return unknown + [tolerance for tolerance in Tolerance if bool(given.get(tolerance, usual))]


def shipped_document(name: str) -> dict[str, Any]:
    """Return the profile's document in the package."""
    place = DEFINITIONS / "profiles" / f"{name}{ENDING}"
    document: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return document


def merged(name: str, document: Documents, below: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a document merged with all that it extends; raises ProfileError."""
    if name in below:
        raise ProfileError(f"profiles/{name}{ENDING}: extends itself")
    own = {key: value for key, value in document(name).items() if key != "$schema"}
    extended = own.pop(EXTENDS, None)
    if extended is None:
        return own
    return _over(merged(str(extended), document, (*below, name)), own)


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the base overridden by `own`; objects are merged, other values are replaced."""
    over = dict(base)
    for key, value in own.items():
        had = over.get(key)
        if isinstance(had, Mapping) and isinstance(value, Mapping):
            over[key] = _over(had, value)
        else:
            over[key] = value
    return over
