"""What a tenant is served: its profile, and the catalogue of that and of its own definitions."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from scim.profile import Profile
from scim.profile.shipped import shipped
from scim.schema.catalogue import Catalogue
from scim.schema.shipped import NO_ADDITIONS, Additions, catalogue_of

OFFERS = 64
"""Offers a function keeps; those of tenants without definitions of their own are shared."""

AdditionsOf = Callable[[str, str], Additions]
"""Returns what a tenant has defined for itself, in one version."""


class Offer(NamedTuple):
    """A profile and what is served with it."""

    profile: Profile
    catalogue: Catalogue


OfferOf = Callable[[str, str, str], Offer]
"""Returns what a tenant, with a profile and a version of its definitions, is served.

Asking raises UnknownProfile and DefinitionError.
"""


def offers(additions: AdditionsOf = lambda _tenant, _version: NO_ADDITIONS) -> OfferOf:
    """Return the offers to all tenants; a version, once written, is read once."""

    @lru_cache(maxsize=OFFERS)
    def own(tenant: str, name: str, version: str) -> Offer:
        profile = shipped(name)
        return Offer(profile, catalogue_of(profile, additions(tenant, version)))

    def offer(tenant: str, name: str, version: str) -> Offer:
        if version:
            return own(tenant, name, version)
        profile = shipped(name)
        return Offer(profile, catalogue_of(profile))

    return offer
