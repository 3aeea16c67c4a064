"""What the server makes of its own: defaults, derived values, and names of values that clients left unnamed."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from scim.errors import InvalidValue, Uniqueness
from scim.profile.shipped import shipped
from scim.resource.derived_values import MOST_TRIES, with_defaults, with_derived, with_value_names
from scim.schema.loading import catalogue_of
from scim.schema.resource_type import Derived, Moment, ResourceType
from tests.fakes.endpoint import type_of
from tests.scim.resource.types import ENTERPRISE, USER

NAME = Derived("userName", ("emails.value", "userName"), is_unique=True)
PERSON = replace(
    USER,
    derived=(
        NAME,
        Derived("externalId", ("userName", "emails.value")),
        Derived("active", constant=True, moment=Moment.WRITING),
        Derived(f"{ENTERPRISE}:division", constant="sales", moment=Moment.WRITING),
    ),
)
MAIL = {"emails": [{"value": "a@x"}, {"value": "b@x", "primary": True}]}
MADE = {"active": True, ENTERPRISE: {"division": "sales"}}


def _derived(body: dict[str, Any], sent: dict[str, Any], *taken: str) -> dict[str, object]:
    def is_taken(attribute: str, value: str) -> bool:
        return attribute == "userName" and value in taken

    return with_derived(PERSON, body, sent, is_taken)


@pytest.mark.parametrize(
    ("body", "sent", "made"),
    [
        (MAIL, {}, {"userName": "b@x", "externalId": "b@x"}),
        (MAIL, {"userName": "Ann"}, {"userName": "b@x", "externalId": "Ann"}),
        ({}, {"userName": "Ann"}, {"userName": "Ann", "externalId": "Ann"}),
        ({"emails": [{"value": "a@x"}]}, {}, {"userName": "a@x", "externalId": "a@x"}),
    ],
    ids=["primary", "sent", "no-mail", "first"],
)
def test_a_value_is_that_of_the_first_source_that_has_one(
    body: dict[str, Any], sent: dict[str, Any], made: dict[str, Any]
) -> None:
    assert _derived(body, sent) == {**body, **made, **MADE}


def test_values_that_were_sent_stay() -> None:
    body = {
        **MAIL,
        "userName": "own",
        "externalId": "e",
        "active": False,
        ENTERPRISE: {"division": "d"},
    }
    assert _derived(body, {}) == body


def test_a_constant_stands_beside_what_an_extension_has() -> None:
    made = _derived({**MAIL, ENTERPRISE: {"department": "d"}}, {})
    assert made[ENTERPRISE] == {"department": "d", "division": "sales"}


def test_a_taken_name_is_followed_by_a_number() -> None:
    assert _derived(MAIL, {}, "b@x", "b@x-2")["userName"] == "b@x-3"


def test_too_many_namesakes_are_a_conflict() -> None:
    taken = ("b@x", *(f"b@x-{n}" for n in range(2, MOST_TRIES + 1)))
    with pytest.raises(Uniqueness):
        _derived(MAIL, {}, *taken)


@pytest.mark.parametrize("sent", [{}, {"userName": ""}, {"userName": 7}])
def test_a_missing_source_of_a_derived_value_is_refused(sent: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=r"userName: is made of emails\.value or userName"):
        _derived({}, sent)


def test_a_replaced_body_gets_defaults_for_missing_values() -> None:
    body: dict[str, object] = {"userName": "a"}
    assert with_defaults(PERSON, body) == {**body, **MADE}
    assert with_defaults(PERSON, {**body, "active": False})["active"] is False
    assert with_defaults(USER, body) == body


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
def test_only_a_resource_without_a_name_is_given_one(
    body: dict[str, Any], expected: dict[str, Any]
) -> None:
    numbers = count(1)
    before = repr(body)
    assert with_value_names(_named_type(), body, lambda: str(next(numbers))) == expected
    assert repr(body) == before


def test_a_type_without_derived_names_is_left_alone() -> None:
    body = {"emails": [{"value": "a"}]}
    assert with_value_names(type_of("User"), body, lambda: "never") == body
