"""A profile: all ways in which the API of one tenant can differ from another's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scim.profile.parts import (
    AuthRules,
    BulkRules,
    Domains,
    PagingRules,
    Part,
    PatchRules,
    PutRules,
    Routing,
    Wire,
)
from scim.profile.tolerance import Tolerance

_MEMBERSHIPS = "GroupMember"


@dataclass(frozen=True, kw_only=True)
class Profile(Part):
    """The API that a tenant's clients can rely on; `tolerances` are those that are switched on.

    A profile is data without code. One that is made without a document has the RFCs' API with all
    tolerances.
    """

    name: str = "default"
    description: str = ""
    tolerances: frozenset[Tolerance] = frozenset(Tolerance)
    """In JSON, each is true or false by name, and `*` applies to those not named."""
    resource_types: tuple[str, ...] = ("Group", "GroupMember", "User")
    """The documents in `definitions/resource_types`, without `.json`."""
    group_members: bool = False
    """Whether `/GroupMembers` is served, where each membership is a resource; a tenant can have it as an
    option: `okta+groupMembers`."""
    keeps_deleted: bool = False
    """Whether deleted resources can be restored for a while; a tenant can have it as an option:
    `okta+keepsDeleted`."""
    without_attributes: tuple[str, ...] = ()
    """Omitted attributes, with the URN of their schema: `urn:…:core:2.0:User:password`."""
    exact_discovery: bool = False
    """Whether discovery contains what the RFCs' own documents do not: the enforced uniqueness,
    extensions without writable attributes, and the feed in ServiceProviderConfig."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """The values of `${name}` in these documents and their schemas; a tenant can override them."""
    may_redefine: bool = False
    """Whether a tenant's own definitions can replace these types and schemas."""
    discovery: str | None = None
    """The document in `definitions/discovery` that is served unchanged; None: discovery is generated."""
    routing: Routing = field(default_factory=Routing)
    wire: Wire = field(default_factory=Wire)
    patch: PatchRules = field(default_factory=PatchRules)
    put: PutRules = field(default_factory=PutRules)
    bulk: BulkRules = field(default_factory=BulkRules)
    paging: PagingRules = field(default_factory=PagingRules)
    auth: AuthRules = field(default_factory=AuthRules)
    domains: Domains = field(default_factory=Domains)

    @property
    def served_types(self) -> tuple[str, ...]:
        """The documents of all served resource types."""
        if not self.group_members or _MEMBERSHIPS in self.resource_types:
            return self.resource_types
        return (*self.resource_types, _MEMBERSHIPS)

    def tolerates(self, tolerance: Tolerance) -> bool:
        return tolerance in self.tolerances
