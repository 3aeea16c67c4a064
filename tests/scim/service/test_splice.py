"""A spliced resource is, byte for byte, what the long way round gives."""

import json
from dataclasses import replace

import pytest

from scim.http.reply import encoded
from scim.resource.projection import Projection
from scim.resource.record import Key, Link, Record
from scim.service.splice import Spliced, Splicer
from scim.service.view import full_views
from tests.fakes.endpoint import ENTERPRISE_URN, NOW, Deployment, id_, type_of

ENDPOINT = Deployment().endpoint("User")
SPLICER = Splicer(ENDPOINT)
BODIES = [
    {"userName": "anna"},
    {"userName": 'a"\\b\u2028é😀', "active": False, "name": {"familyName": "Ng"}},
    {
        "userName": "x",
        "emails": [{"value": "a@b", "primary": True}],
        ENTERPRISE_URN: {"department": "d"},
    },
    {},
]


def _record(body: dict[str, object]) -> Record:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Record(Key("User", id_(1)), 3, NOW, NOW, body, text=text)


@pytest.mark.parametrize("body", BODIES, ids=str)
def test_it_is_what_is_shown_otherwise(body: dict[str, object]) -> None:
    record = _record(body)
    found = SPLICER.spliced(record)
    (view,) = full_views(ENDPOINT, [record], Projection.of(type_of("User")))
    assert found is not None
    assert json.loads(found.text) == view
    assert found == view
    assert [*found] == [*view]


@pytest.mark.parametrize(
    "record",
    [
        replace(_record(BODIES[0]), text=""),
        replace(_record(BODIES[0]), links={Link("Group", "members"): frozenset({id_(2)})}),
        replace(_record(BODIES[0]), counts={"members": 1}),
        _record({"userName": "anna", "password": "secret"}),
    ],
    ids=["no text", "linked", "related", "hidden"],
)
def test_what_takes_more_is_left_to_the_long_way(record: Record) -> None:
    assert SPLICER.spliced(record) is None


def test_a_list_takes_texts_as_they_are() -> None:
    body = {"totalResults": 2, "Resources": [Spliced('{"a":1}'), {"b": "é"}], "itemsPerPage": 2}
    assert encoded(body) == '{"totalResults":2,"itemsPerPage":2,"Resources":[{"a":1},{"b":"é"}]}'
