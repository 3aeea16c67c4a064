"""One resource type of one tenant with everything needed to serve it, including bounds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from scim.errors import TooMany
from scim.filter.parsing.limits import FilterLimits
from scim.immutable import immutable
from scim.profile import Profile, Tolerance
from scim.profile.parts import PagingRules
from scim.resource.budget import MOST_COMPARISONS, MOST_VALUES, RequestBudget, never
from scim.resource.projection import Projection, whole_projection
from scim.resource.record import Key, Record
from scim.schema.catalogue import Catalogue
from scim.schema.mapping import TypeMapping
from scim.schema.resource_type import ResourceType
from scim.service.ports import Clock, Ids, Reads, Writes
from scim.service.recent import ValueHolders

_NAMES = ("displayName", "userName")


ENVELOPE = 16_384
"""Bytes of a response besides its resources: the list's own members, two cursors, the headers."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one deployment; a count equal to a limit is allowed."""

    filter: FilterLimits = field(default_factory=FilterLimits)
    patch_operations: int = 1000
    comparisons: int = MOST_COMPARISONS
    values: int = MOST_VALUES
    bulk_operations: int = 1000
    bulk_payload_bytes: int = 1_048_576
    job_operations: int = 100_000
    job_payload_bytes: int = 5_242_880
    open_jobs: int = 20
    import_operations: int = 1_000_000
    import_bytes: int = 1_073_741_824
    members: int = 10_000
    nesting: int = 50
    inline_members: int = 10_000
    patch_answer_members: int = 8
    page_size: int = 100
    max_page_size: int = 1000
    refuses_larger_pages: bool = False
    answer_bytes: int = 5_000_000
    scanned: int = 50_000
    cursor_seconds: int = 3600
    feed_days: int = 0
    rate: int = 0
    """Requests a second for a tenant that has no limit of its own; 0 means unlimited."""
    deleted_days: int = 30

    @property
    def content_bytes(self) -> int:
        """The most bytes of the resources in a response, as `scim.compact.carried_bytes` counts them."""
        return self.answer_bytes - ENVELOPE

    def under(self, paging: PagingRules) -> "Bounds":
        """Return the bounds with a profile's page sizes in place of the deployment's."""
        largest_page = paging.most or self.max_page_size
        default_page = paging.default_size or self.page_size
        return replace(
            self,
            page_size=min(default_page, largest_page),
            max_page_size=largest_page,
            refuses_larger_pages=paging.over_most == "refuse",
        )

    def budget(self, is_late: Callable[[], bool] = never) -> RequestBudget:
        """Return the budget of one request."""
        return RequestBudget(self.comparisons, self.values, is_late)

    def page_of(self, count: int | None) -> int:
        """Return the page size for a `count`. Raises TooMany when the count is refused as too large."""
        if count is None:
            return min(self.page_size, self.max_page_size)
        if count > self.max_page_size and self.refuses_larger_pages:
            raise TooMany(f"count is {count}; at most {self.max_page_size} are answered at once.")
        return min(max(count, 0), self.max_page_size)


@immutable
class Endpoint:
    """What a use case works on: bound to one tenant, so that no use case can leave it.

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
    value_holders: ValueHolders = field(default_factory=ValueHolders, compare=False, repr=False)
    unshown: dict[tuple[Key, str], None] = field(default_factory=dict, compare=False, repr=False)
    """The relations, by resource and attribute, whose values a response omits and no metadata mentions."""

    @property
    def mapping(self) -> TypeMapping | None:
        """The tenant's mapping for this resource type; None when there is none."""
        catalogue = self.catalogue
        return catalogue.mapping_of(self.resource_type.name) if catalogue.mappings else None

    def within(self, budget: RequestBudget) -> "Endpoint":
        """Return the endpoint for a request, or a part of one, that spends from a budget."""
        return replace(self, budget=budget)

    def projection(self, attributes: Sequence[str], excluded: Sequence[str] = ()) -> Projection:
        """Return the projection that a client requests (RFC 7644 section 3.9).

        Raises InvalidValue for an invalid filter in a name.
        """
        if not attributes and not excluded:
            return whole_projection(self.resource_type)
        names: Sequence[str] = [name for name in attributes if name.strip()]
        picks_by = self.profile.paging.picks_by
        takes_filters = picks_by is not None or self.profile.tolerates(
            Tolerance.FILTERED_ATTRIBUTES
        )
        if not takes_filters or not any("[" in name for name in names or excluded):
            return Projection.of(self.resource_type, names, excluded, self.profile)
        from scim.filter.binding import selection  # noqa: PLC0415 - few names have filters

        if picks_by is not None:
            names = selection.picks_as_filters(self.resource_type, names, picks_by)
            excluded = selection.excluded_picks_as_filters(self.resource_type, excluded, picks_by)
        rules = selection.SelectionRules(self.profile, self.bounds.filter, self.budget)
        if names:
            return selection.showing_values(self.resource_type, names, rules)
        return selection.leaving_out_values(self.resource_type, excluded, rules)

    def location_of(self, type_name: str, id_: str) -> str:
        """Return the URI of a resource (meta.location, RFC 7643 section 3.1)."""
        own_type = self.resource_type
        if type_name == own_type.name:
            return f"{self.base_url}{own_type.endpoint}/{id_}"
        resource_type = self.catalogue.resource_type(type_name)
        endpoint = "" if resource_type is None else resource_type.endpoint
        return f"{self.base_url}{endpoint}/{id_}"

    def reference(self, key: Key, display: str | None) -> dict[str, object]:
        """Return the members common to all values that name a resource."""
        members: dict[str, object] = {"value": key.id, "$ref": self.location_of(*key)}
        if display is not None:
            members["display"] = display
        return members

    def display_of(self, record: Record) -> str | None:
        """Return the name that people use for a resource: its displayName, if not blank, else its userName.

        If the profile lists attributes with a domain in their values, the type's first one is the name.
        """
        name_attributes = self.profile.domains.names.get(record.key.type, ())
        for name in name_attributes[:1] or _NAMES:
            value = record.body.get(name)
            if isinstance(value, str) and value.strip():
                return value
        return None
