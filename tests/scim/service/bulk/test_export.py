"""A list as the request that makes it anew."""

from typing import Any

from scim.profile import Profile
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.request import bulk_of, request_to_make
from tests.fakes.endpoint import ENTERPRISE_URN, USER_URN, FakeDeployment, type_of


def test_read_only_values_are_left_out_and_the_id_becomes_the_bulk_id() -> None:
    deployment = FakeDeployment()
    deployment.create("User", {"userName": "anna", ENTERPRISE_URN: {"department": "x"}})
    listing = deployment.search("User")
    assert request_to_make(type_of("User"), listing.resources) == {
        "schemas": [BULK_REQUEST_URN],
        "Operations": [
            {
                "method": "POST",
                "bulkId": listing.resources[0]["id"],
                "path": "/Users",
                "data": {
                    "schemas": [USER_URN, ENTERPRISE_URN],
                    "userName": "anna",
                    ENTERPRISE_URN: {"department": "x"},
                },
            }
        ],
    }


def test_the_request_is_one_that_bulk_takes() -> None:
    deployment = FakeDeployment()
    for name in ("anna", "bert"):
        deployment.user(name)
    made: Any = request_to_make(type_of("User"), deployment.search("User").resources)
    asked = bulk_of(made, Profile(), 10)
    assert [each.fault for each in asked.operations] == [None, None]
    assert [each.data["userName"] for each in asked.operations] == ["anna", "bert"]
