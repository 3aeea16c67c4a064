"""The profiles in the package: documents that extend each other, read when first asked for."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from scim.profile.profile import Profile

DEFAULT = "default"
_EXTENDS = "extends"
_ENDING = ".json"
_WITH = "+"
OPTIONS: Mapping[str, Mapping[str, object]] = {
    "groupMembers": {"groupMembers": True},
    "openDiscovery": {"auth": {"openDiscovery": True}},
}
"""What a tenant may have beside its profile, by the name that follows the profile's."""

Documents = Callable[[str], dict[str, Any]]
"""Returns the document of a profile by its name."""


class UnknownProfile(Exception):
    """There is no profile of that name."""

    def __init__(self, name: str) -> None:
        options = ", ".join(f"{_WITH}{each}" for each in OPTIONS)
        super().__init__(
            f"There is no profile {name}; there are {', '.join(names())}, each with {options}."
        )


class ProfileError(ValueError):
    """A profile's document is wrong; says in which and where."""


def names() -> list[str]:
    """Return the names of all profiles, in order."""
    found = (files("scim") / "definitions" / "profiles").iterdir()
    return sorted(each.name.removesuffix(_ENDING) for each in found if each.name.endswith(_ENDING))


@cache
def shipped(name: str) -> Profile:
    """Return the profile of that name, the tolerant default for none.

    Options may follow the name: `okta+groupMembers`. Raises UnknownProfile.
    """
    plain, *options = name.split(_WITH)
    if (plain and plain not in names()) or not set(options) <= OPTIONS.keys():
        raise UnknownProfile(name)
    own = {name: value for each in options for name, value in OPTIONS[each].items()}
    if not own:
        return profile_of(plain or DEFAULT, _document)
    with_options = {_EXTENDS: plain or DEFAULT, **own}
    return profile_of(name, lambda each: with_options if each == name else _document(each))


def settled(name: str) -> Profile:
    """Return the profile a tenant has, the default where there is none of that name any more."""
    try:
        return shipped(name)
    except UnknownProfile:
        return shipped("")


@cache
def every_mount() -> tuple[str, ...]:
    """Return where the APIs of all profiles begin in a path, beside the usual.

    Every cold start of the authorizer waits for this, so that nothing more is made of them.
    """
    found = (_merged(name, _document, ()).get("routing", {}) for name in names())
    return tuple(sorted({mount for routing in found for mount in routing.get("mounts", ())}))


def profile_of(name: str, document: Documents) -> Profile:
    """Return the profile a document makes of what it extends; raises ProfileError."""
    whole = _merged(name, document, ())
    try:
        return Profile.model_validate({**whole, "name": name})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ProfileError(f"profiles/{name}{_ENDING}: {where}: {first['msg']}") from error


def _merged(name: str, document: Documents, below: tuple[str, ...]) -> dict[str, Any]:
    if name in below:
        raise ProfileError(f"profiles/{name}{_ENDING}: extends itself")
    own = {key: value for key, value in document(name).items() if key != "$schema"}
    extended = own.pop(_EXTENDS, None)
    if extended is None:
        return own
    return _over(_merged(str(extended), document, (*below, name)), own)


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the base with what is said anew; objects are merged, all else is replaced."""
    merged = dict(base)
    for key, value in own.items():
        had = merged.get(key)
        if isinstance(had, Mapping) and isinstance(value, Mapping):
            merged[key] = _over(had, value)
        else:
            merged[key] = value
    return merged


def _document(name: str) -> dict[str, Any]:
    place = files("scim") / "definitions" / "profiles" / f"{name}{_ENDING}"
    document: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return document
