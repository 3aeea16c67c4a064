"""A whole deployment on fakes: a directory in memory, a clock that is set, ids that are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scim.patch.request import request_of
from scim.profile import Profile
from scim.resource.projection import Projection
from scim.schema.catalogue import Catalogue
from scim.schema.loading import shipped_catalogue
from scim.schema.message_uri import PATCH_OP_URN
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Bounds, Endpoint
from scim.service.messages import Answer, Listing, Precondition, Query
from scim.service.ports import Directory
from scim.service.query.search import search
from scim.service.recent import ValueHolders
from scim.service.resources.create import create
from scim.service.resources.delete import delete
from scim.service.resources.modify import modify
from scim.service.resources.read import read
from scim.service.resources.replace import replace
from scim.service.visibility.restrict import restricted
from tests.fakes.directory import FakeDirectory

TENANT = "acme"
BASE = "https://scim.example/scim/v2"
NOW = "2026-03-01T10:00:00.000Z"
LATER = "2026-03-01T10:20:00.000Z"
USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
STRICT = Profile(name="strict", tolerances=frozenset())

Body = dict[str, Any]


def id_(number: int) -> str:
    """Return the id that the n-th created resource gets."""
    return f"00000000-0000-4000-8000-{number:012d}"


def type_of(name: str) -> ResourceType:
    """Return a shipped resource type."""
    found = shipped_catalogue().resource_type(name)
    assert found is not None
    return found


@dataclass
class SetClock:
    """Tells the time it was set to, and notes the pauses without waiting."""

    time: str = NOW
    pauses: list[float] = field(default_factory=list)

    def now(self) -> str:
        return self.time

    def pause(self, most: float) -> None:
        self.pauses.append(most)


@dataclass
class CountingIds:
    """Makes ids by counting from 1."""

    made: int = 0

    def new(self) -> str:
        self.made += 1
        return id_(self.made)

    def ordered(self, now: str) -> str:
        return self.new()


@dataclass
class FakeDeployment:
    """The use cases as a tenant's client meets them; `tenant` is who calls unless told otherwise.

    `filters` are those of the client's token, if it has any.
    """

    directory: Directory = field(default_factory=FakeDirectory)
    clock: SetClock = field(default_factory=SetClock)
    ids: CountingIds = field(default_factory=CountingIds)
    profile: Profile = field(default_factory=Profile)
    bounds: Bounds = field(default_factory=Bounds)
    catalogue: Catalogue = field(default_factory=shipped_catalogue)
    filters: str = ""
    value_holders: ValueHolders = field(default_factory=ValueHolders)

    def endpoint(self, type_name: str, tenant: str = TENANT) -> Endpoint:
        """Return the endpoint of a resource type."""
        resource_type = self.catalogue.resource_type(type_name)
        assert resource_type is not None
        endpoint = Endpoint(
            tenant=tenant,
            resource_type=resource_type,
            catalogue=self.catalogue,
            directory=self.directory,
            writes=self.directory,
            clock=self.clock,
            ids=self.ids,
            profile=self.profile,
            bounds=self.bounds,
            base_url=BASE,
            budget=self.bounds.budget(),
            value_holders=self.value_holders,
        )
        return restricted(endpoint, self.filters)

    def create(
        self, type_name: str, body: Mapping[str, Any], tenant: str = TENANT, **projection: Any
    ) -> Answer:
        """POST a resource; its `schemas` are filled in."""
        urn = {"User": USER_URN, "Group": GROUP_URN}[type_name]
        whole = {"schemas": [urn], **body}
        return create(self.endpoint(type_name, tenant), whole, projected(type_name, **projection))

    def user(self, user_name: str, tenant: str = TENANT, **more: Any) -> str:
        """Create a user, return the id."""
        return _id_of(self.create("User", {"userName": user_name, **more}, tenant))

    def group(self, name: str, *members: str, tenant: str = TENANT) -> str:
        """Create a group, return the id."""
        values = [{"value": member} for member in members]
        return _id_of(self.create("Group", {"displayName": name, "members": values}, tenant))

    def read(
        self,
        type_name: str,
        id_: str,
        tenant: str = TENANT,
        if_none_match: str | None = None,
        **projection: Any,
    ) -> Answer:
        """GET a resource."""
        condition = Precondition(if_none_match=if_none_match)
        shown = projected(type_name, **projection)
        return read(self.endpoint(type_name, tenant), id_, condition, shown)

    def shown(self, type_name: str, id_: str, tenant: str = TENANT) -> Body:
        """GET a resource, return its body."""
        body = self.read(type_name, id_, tenant).resource
        assert body is not None
        return dict(body)

    def replace(
        self,
        type_name: str,
        id_: str,
        body: Mapping[str, Any],
        tenant: str = TENANT,
        condition: Precondition | None = None,
        **projection: Any,
    ) -> Answer:
        """PUT a resource; its `schemas` are filled in."""
        urn = {"User": USER_URN, "Group": GROUP_URN}[type_name]
        return replace(
            self.endpoint(type_name, tenant),
            id_,
            {"schemas": [urn], **body},
            condition or Precondition(),
            projected(type_name, **projection),
        )

    def modify(
        self,
        type_name: str,
        id_: str,
        *operations: Mapping[str, Any],
        tenant: str = TENANT,
        condition: Precondition | None = None,
        **projection: Any,
    ) -> Answer:
        """PATCH a resource."""
        message = {"schemas": [PATCH_OP_URN], "Operations": list(operations)}
        endpoint = self.endpoint(type_name, tenant)
        return modify(
            endpoint,
            id_,
            request_of(message, self.profile, budget=endpoint.budget),
            condition or Precondition(),
            projected(type_name, **projection),
        )

    def add(self, group: str, *members: str, **more: Any) -> Answer:
        """PATCH a group: members that shall be there."""
        values = [{"value": member} for member in members]
        return self.modify(
            "Group", group, {"op": "add", "path": "members", "value": values}, **more
        )

    def remove(self, group: str, member: str, **more: Any) -> Answer:
        """PATCH a group: a member that shall be gone."""
        path = f'members[value eq "{member}"]'
        return self.modify("Group", group, {"op": "remove", "path": path}, **more)

    def delete(
        self, type_name: str, id_: str, tenant: str = TENANT, condition: Precondition | None = None
    ) -> None:
        """DELETE a resource."""
        delete(self.endpoint(type_name, tenant), id_, condition or Precondition())

    def search(self, *type_names: str, tenant: str = TENANT, **query: Any) -> Listing:
        """Query the types given."""
        return search([self.endpoint(name, tenant) for name in type_names], Query(**query))

    def member_ids(self, group: str, tenant: str = TENANT) -> list[str]:
        """Return the ids of the members a client sees."""
        return sorted(
            each["value"] for each in self.shown("Group", group, tenant).get("members", ())
        )


def projected(
    type_name: str, attributes: tuple[str, ...] = (), excluded: tuple[str, ...] = ()
) -> Projection:
    """Return a projection of a shipped resource type."""
    return Projection.of(type_of(type_name), attributes, excluded)


def own_version(etag: str) -> str:
    """Return a tag without what it vouches for of other resources."""
    version, _, rest = etag.partition("-")
    return f'{version}"' if rest else etag


def names_in(listing: Listing) -> list[object]:
    """Return what people call the resources of a page, in its order."""
    return [each.get("userName", each.get("displayName")) for each in listing.resources]


def _id_of(answer: Answer) -> str:
    assert answer.resource is not None
    return str(answer.resource["id"])
