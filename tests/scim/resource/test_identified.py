"""Values that are known by a part of theirs are named where the client has not."""

from itertools import count
from typing import Any

import pytest

from scim.profile.shipped import shipped
from scim.resource.derived_values import identified
from scim.schema.loading import catalogue_of
from scim.schema.resource_type import ResourceType
from tests.fakes.endpoint import type_of


def _named_type() -> ResourceType:
    found = catalogue_of(shipped("nevisidm")).resource_type("User")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"userName": "a"}, {"userName": "a"}),
        (
            {"emails": [{"value": "a"}, {"extId": "e", "value": "b"}]},
            {"emails": [{"value": "a", "extId": "1"}, {"extId": "e", "value": "b"}]},
        ),
        (
            {"profiles": [{"name": "a"}], "credentials": [{"type": "OTP"}]},
            {
                "profiles": [{"name": "a", "extId": "2"}],
                "credentials": [{"type": "OTP", "extId": "1"}],
            },
        ),
        ({"photos": [{"value": "p"}]}, {"photos": [{"value": "p"}]}),
    ],
)
def test_only_what_has_no_name_is_given_one(body: dict[str, Any], expected: dict[str, Any]) -> None:
    numbers = count(1)
    before = repr(body)
    assert identified(_named_type(), body, lambda: str(next(numbers))) == expected
    assert repr(body) == before


def test_a_type_without_such_names_is_left_alone() -> None:
    body = {"emails": [{"value": "a"}]}
    assert identified(type_of("User"), body, lambda: "never") == body
