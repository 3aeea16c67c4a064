"""One profile: everything in which the API of a tenant may differ from another's."""

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
    """What a tenant's clients may rely on; `tolerances` are the rewrites switched on.

    A profile switches, it carries no code. Without a document it is the tolerant default's
    tolerances on the RFCs' API.
    """

    name: str = "default"
    description: str = ""
    tolerances: frozenset[Tolerance] = frozenset(Tolerance)
    """In JSON each by name as true or false, and `*` for those not named."""
    resource_types: tuple[str, ...] = ("Group", "GroupMember", "User")
    """The documents below `definitions/resource_types`, without `.json`."""
    group_members: bool = False
    """Whether `/GroupMembers` is served, which has each membership as a resource; as an option of
    one tenant: `okta+groupMembers`."""
    keeps_deleted: bool = False
    """Whether what is deleted can be restored for a while; as an option of one tenant:
    `okta+keepsDeleted`."""
    without_attributes: tuple[str, ...] = ()
    """Attributes that are not there, with the URN of their schema: `urn:…:core:2.0:User:password`."""
    exact_discovery: bool = False
    """Whether discovery tells what the RFCs' own documents do not: uniqueness that is enforced,
    extensions that nothing can be written to, and the feed in ServiceProviderConfig."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What `${name}` stands for in these documents and their schemas; a tenant may say otherwise."""
    may_redefine: bool = False
    """Whether a tenant's own definitions may take the place of these types and schemas."""
    discovery: str | None = None
    """The document below `definitions/discovery` that is answered as it is; None: the truth."""
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
        """The documents of all resource types that are served."""
        if not self.group_members or _MEMBERSHIPS in self.resource_types:
            return self.resource_types
        return (*self.resource_types, _MEMBERSHIPS)

    def tolerates(self, tolerance: Tolerance) -> bool:
        return tolerance in self.tolerances
