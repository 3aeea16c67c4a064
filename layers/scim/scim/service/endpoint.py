"""One resource type of one tenant, with everything that serving it needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scim.filter.binding.selection import (
    SelectionRules,
    leaving_out_values,
    selects_values,
    showing_values,
)
from scim.profile import Profile
from scim.resource.budget import RequestBudget
from scim.resource.projection import Projection
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.service.limits import Bounds
from scim.service.ports import Clock, Ids, Reads, Writes


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a use case works: bound to a tenant, so that no use case can leave it.

    `base_url` ends before the endpoint: `https://host/stage/scim/v2`.
    """

    tenant: str
    resource_type: ResourceType
    catalogue: Catalogue
    directory: Reads
    writes: Writes
    clock: Clock
    ids: Ids
    profile: Profile
    bounds: Bounds
    base_url: str
    budget: RequestBudget = field(default_factory=RequestBudget, compare=False)

    def within(self, budget: RequestBudget) -> "Endpoint":
        """Return the endpoint for a request, or a part of one, that spends from the budget."""
        return replace(self, budget=budget)

    def projection(self, attributes: Sequence[str], excluded: Sequence[str] = ()) -> Projection:
        """Return what a client asks to be shown of resources here (RFC 7644 section 3.9).

        Raises InvalidValue for a filter in a name that is none.
        """
        named = [each for each in attributes if each.strip()]
        if not selects_values(named or excluded, self.profile):
            return Projection.of(self.resource_type, named, excluded, self.profile)
        rules = SelectionRules(self.profile, self.bounds.filter, self.budget)
        if named:
            return showing_values(self.resource_type, named, rules)
        return leaving_out_values(self.resource_type, excluded, rules)

    def location_of(self, type_name: str, id_: str) -> str:
        """Return the URI of a resource (meta.location, RFC 7643 section 3.1)."""
        resource_type = self.catalogue.resource_type(type_name)
        endpoint = "" if resource_type is None else resource_type.endpoint
        return f"{self.base_url}{endpoint}/{id_}"
