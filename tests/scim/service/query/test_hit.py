"""A hit is a record and where it was found."""

from scim.resource.record import Key, Record
from scim.service.query.matches import Match
from tests.fakes.endpoint import NOW, FakeDeployment


def test_a_hit_keeps_a_record_with_its_endpoint() -> None:
    endpoint = FakeDeployment().endpoint("User")
    record = Record(Key("User", "1"), 1, NOW, NOW, {"userName": "anna"})
    match = Match(endpoint, record)
    assert (match.endpoint, match.record) == (endpoint, record)
