"""Edges page by page, and the values clients see for them."""

from scim.resource.record import Edge, Key
from scim.service.edges import all_edges, edge_view
from tests.fakes.endpoint import FakeDeployment
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
