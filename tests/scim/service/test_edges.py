"""Edges page by page, and the values clients see for them."""

import pytest

from scim.profile import Profile
from scim.profile.parts import Domains
from scim.resource.record import Edge, Key, Record
from scim.service.edges import all_edges, display_of, edge_view
from tests.fakes.endpoint import NOW, FakeDeployment
from tests.fakes.observed import ObservedDirectory


def test_every_edge_is_found_page_by_page() -> None:
    deployment = FakeDeployment()
    endpoint = deployment.endpoint("Group")
    group = deployment.group("All", *[deployment.user(f"user{n:04}") for n in range(30)])

    class Paging(ObservedDirectory):
        def edges(self, tenant, source, attribute, direction, beyond, limit):  # type: ignore[no-untyped-def]
            self.asked.append("edges")
            return self._inner.edges(tenant, source, attribute, direction, beyond, min(limit, 7))

    directory = Paging(endpoint.directory)
    edges = all_edges(FakeDeployment(directory).endpoint("Group"), Key("Group", group), "members")
    assert [edge.target.id for edge in edges] == deployment.member_ids(group)
    assert directory.asked == ["edges"] * 5


def test_an_edge_shows_its_target() -> None:
    edge = Edge(Key("Group", "g1"), {"display": "Sales"})
    assert edge_view(FakeDeployment().endpoint("Group"), edge) == {
        "value": "g1",
        "$ref": "https://scim.example/scim/v2/Groups/g1",
        "display": "Sales",
        "type": "Group",
    }


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"displayName": "Anna Bell", "userName": "anna"}, "Anna Bell"),
        ({"userName": "anna"}, "anna"),
        ({"displayName": 7, "userName": "anna"}, "anna"),
        ({}, None),
    ],
)
def test_people_call_a_resource_by_its_display_name_or_else_its_user_name(
    body: dict[str, object], name: str | None
) -> None:
    endpoint = FakeDeployment().endpoint("User")
    assert display_of(endpoint, Record(Key("User", "1"), 1, NOW, NOW, body)) == name


def test_where_names_say_a_domain_a_resource_is_called_by_that_name() -> None:
    profile = Profile(domains=Domains(names={"User": ("userName", "nickName")}))
    endpoint = FakeDeployment(profile=profile).endpoint("Group")
    body = {"displayName": "Kim Moss", "userName": "TEST/kim"}
    assert display_of(endpoint, Record(Key("User", "1"), 1, NOW, NOW, body)) == "TEST/kim"
    assert display_of(endpoint, Record(Key("Group", "1"), 1, NOW, NOW, body)) == "Kim Moss"
