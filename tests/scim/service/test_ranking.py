"""A sorted result: by the attribute, then by id; a type without the attribute has no values."""

import pytest

from scim.errors import InvalidPath, InvalidValue
from scim.resource.record import Key, Record
from scim.service.hit import Hit
from scim.service.ranking import ranked
from tests.fakes.endpoint import NOW, Deployment

DEPLOYMENT = Deployment()
USERS, GROUPS = DEPLOYMENT.endpoint("User"), DEPLOYMENT.endpoint("Group")


def _hits() -> list[Hit]:
    bodies = {"1": {"userName": "carl"}, "2": {"userName": "Anna"}, "3": {"userName": "bert"}}
    users = [Hit(USERS, Record(Key("User", n), 1, NOW, NOW, body)) for n, body in bodies.items()]
    return [*users, Hit(GROUPS, Record(Key("Group", "0"), 1, NOW, NOW, {"displayName": "aardvarks"}))]


@pytest.mark.parametrize(
    ("sort_by", "sort_order", "ids"),
    [
        ("userName", None, ["2", "3", "1", "0"]),
        ("userName", "ascending", ["2", "3", "1", "0"]),
        ("userName", "descending", ["0", "1", "3", "2"]),
        ("displayName", None, ["0", "1", "2", "3"]),
        ("id", None, ["0", "1", "2", "3"]),
        ("meta.created", "descending", ["3", "2", "1", "0"]),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName", None, ["2", "3", "1", "0"]),
    ],
)
def test_hits_are_ranked(sort_by: str, sort_order: str | None, ids: list[str]) -> None:
    hits = ranked(_hits(), [USERS, GROUPS], sort_by, sort_order)
    assert [hit.record.key.id for hit in hits] == ids


def test_the_order_of_the_hits_before_does_not_matter() -> None:
    backwards = list(reversed(_hits()))
    hits = ranked(backwards, [GROUPS, USERS], "meta.created", None)
    assert [hit.record.key.id for hit in hits] == ["0", "1", "2", "3"]


def test_an_attribute_of_no_type_queried_is_refused() -> None:
    with pytest.raises(InvalidValue, match="'userName' is not an attribute of Group"):
        ranked([], [GROUPS], "userName", None)


def test_a_path_that_does_not_parse_is_refused() -> None:
    with pytest.raises(InvalidPath):
        ranked([], [USERS], "userName eq", None)
