"""The profiles in the package, compiled when the layer was built, or made on first use."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations

from scim.compiled import DEFINITIONS, Values, compiled
from scim.profile.parts import Part
from scim.profile.profile import Profile
from scim.profile.tolerance import Tolerance

DEFAULT = "default"
_WITH = "+"
OPTIONS: Mapping[str, Mapping[str, object]] = {
    "groupMembers": {"groupMembers": True},
    "hidesPagination": {"paging": {"isAnnounced": False}},
    "keepsDeleted": {"keepsDeleted": True},
    "openDiscovery": {"auth": {"openDiscovery": True}},
}
"""The options that a tenant can add to its profile, by the name that follows the profile's name."""


class UnknownProfile(Exception):
    """There is no profile of that name."""

    def __init__(self, name: str) -> None:
        options = ", ".join(f"{_WITH}{option}" for option in OPTIONS)
        super().__init__(
            f"There is no profile {name}; there are {', '.join(names())}, each with {options}."
        )


def names() -> list[str]:
    """Return the names of all profiles, in order."""
    return sorted(path.stem for path in (DEFINITIONS / "profiles").glob("*.json"))


@cache
def shipped(name: str) -> Profile:
    """Return the profile of that name; an empty name means the tolerant default.

    Options can follow the name: `okta+groupMembers`. Raises UnknownProfile.
    """
    base_name, *options = name.split(_WITH)
    if (base_name and base_name not in names()) or not set(options) <= OPTIONS.keys():
        raise UnknownProfile(name)
    compiled_profile = compiled(f"profile-{_WITH.join((base_name or DEFAULT, *sorted(options)))}")
    if compiled_profile is None:
        return profile_from_documents(name)
    profile: Profile = Values(*Part.__subclasses__(), Tolerance).of(compiled_profile)
    return replace(profile, name=name) if options else profile


def profile_from_documents(name: str) -> Profile:
    """Return the profile made from its documents; raises scim.profile.documents.ProfileError."""
    from scim.profile.documents import (  # noqa: PLC0415 - not needed for compiled profiles
        EXTENDS,
        profile_of,
        shipped_document,
    )

    base_name, *options = name.split(_WITH)
    members = {member: value for option in options for member, value in OPTIONS[option].items()}
    if not members:
        return profile_of(base_name or DEFAULT, shipped_document)
    document = {EXTENDS: base_name or DEFAULT, **members}
    return profile_of(name, lambda part: document if part == name else shipped_document(part))


def profile_or_default(name: str) -> Profile:
    """Return a tenant's profile, the default if its profile no longer exists."""
    try:
        return shipped(name)
    except UnknownProfile:
        return shipped("")


@cache
def every_mount() -> tuple[str, ...]:
    """Return the mounts of all profiles, except the usual one."""
    compiled_mounts = compiled("mounts")
    if compiled_mounts is None:
        return tuple(sorted({mount for name in names() for mount in shipped(name).routing.mounts}))
    return tuple(compiled_mounts)


def with_options() -> Iterator[str]:
    """Yield the names of all profiles with every combination of options, options in sorted order."""
    for name in names():
        for number in range(len(OPTIONS) + 1):
            for options in combinations(sorted(OPTIONS), number):
                yield _WITH.join((name, *options))
