"""One profile: everything in which the API of a tenant may differ from another's."""

from collections.abc import Mapping

from pydantic import Field, field_validator

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

EVERY = "*"
_MEMBERSHIPS = "GroupMember"


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
    without_attributes: tuple[str, ...] = ()
    """Attributes that are not there, with the URN of their schema: `urn:…:core:2.0:User:password`."""
    exact_discovery: bool = False
    """Whether discovery tells what the RFCs' own documents do not: uniqueness that is enforced,
    extensions that nothing can be written to, and the feed in ServiceProviderConfig."""
    variables: Mapping[str, str] = Field(default_factory=dict)
    """What `${name}` stands for in these documents and their schemas; a tenant may say otherwise."""
    may_redefine: bool = False
    """Whether a tenant's own definitions may take the place of these types and schemas."""
    discovery: str | None = None
    """The document below `definitions/discovery` that is answered as it is; None: the truth."""
    routing: Routing = Routing()
    wire: Wire = Wire()
    patch: PatchRules = PatchRules()
    put: PutRules = PutRules()
    bulk: BulkRules = BulkRules()
    paging: PagingRules = PagingRules()
    auth: AuthRules = AuthRules()
    domains: Domains = Domains()

    @field_validator("tolerances", mode="before")
    @classmethod
    def _switched_on(cls, given: object) -> object:
        """Read switches by name."""
        if not isinstance(given, dict):
            return given
        usual = bool(given.get(EVERY, False))
        named = {Tolerance(name): bool(on) for name, on in given.items() if name != EVERY}
        return frozenset(each for each in Tolerance if named.get(each, usual))

    @property
    def served_types(self) -> tuple[str, ...]:
        """The documents of all resource types that are served."""
        if not self.group_members or _MEMBERSHIPS in self.resource_types:
            return self.resource_types
        return (*self.resource_types, _MEMBERSHIPS)

    def tolerates(self, tolerance: Tolerance) -> bool:
        return tolerance in self.tolerances
