"""The work of one PATCH stays within the budget of a request, whichever two numbers multiply.

Counted in comparisons, and nowhere in seconds: what a comparison takes is measured elsewhere.
"""

import json
from typing import Any

import pytest

from scim.errors import PayloadTooLarge, TooMany, Unavailable
from scim.patch.request import request_of
from scim.schema.message_uri import PATCH_OP_URN
from scim.service.endpoint import Bounds
from scim.service.messages import Precondition
from scim.service.resources.modify import modify
from tests.fakes.endpoint import FakeDeployment, projected

HELD = 200
BOUNDS = Bounds(values=300, comparisons=20_000)


def _eleven(at: int) -> str:
    terms = " or ".join(f'value eq "{at + i}"' for i in range(11))
    return f"phoneNumbers[{terms}].display"


PRODUCTS: dict[str, list[dict[str, Any]]] = {
    "operations with filters of one term": [
        {"op": "replace", "path": f'phoneNumbers[value eq "{i}"].display', "value": "x"}
        for i in range(200)
    ],
    "operations with filters of eleven terms": [
        {"op": "replace", "path": _eleven(i), "value": "x"} for i in range(40)
    ],
    "operations on a part of all values": [
        {"op": "replace", "path": "phoneNumbers.display", "value": str(i)} for i in range(200)
    ],
    "values removed by a list of values": [
        {"op": "remove", "path": "phoneNumbers", "value": [{"value": str(i)} for i in range(200)]}
    ],
    "values not there removed by a list": [
        {"op": "remove", "path": "phoneNumbers", "value": [{"value": f"x{i}"} for i in range(200)]}
    ],
    "values made by filters and moved away": [
        {"op": "add", "path": 'phoneNumbers[type eq "fax"].value', "value": "1"},
        {"op": "replace", "path": 'phoneNumbers[type eq "fax"].type', "value": "home"},
    ]
    * 40,
    "objects of names that mean nothing": [
        {"op": "replace", "value": {f"nothing{i}{j}": 1 for j in range(50)}} for i in range(40)
    ],
}


@pytest.fixture
def anna() -> tuple[FakeDeployment, str]:
    deployment = FakeDeployment(bounds=BOUNDS)
    phones = [{"value": str(i), "type": "work"} for i in range(HELD)]
    return deployment, deployment.user("anna", phoneNumbers=phones)


@pytest.mark.parametrize("operations", PRODUCTS.values(), ids=PRODUCTS)
def test_a_product_is_refused_when_the_budget_is_spent(
    anna: tuple[FakeDeployment, str], operations: list[dict[str, Any]]
) -> None:
    deployment, id_ = anna
    before = deployment.shown("User", id_)
    with pytest.raises(TooMany, match="needs more than 20000 comparisons"):
        deployment.modify("User", id_, *operations)
    assert deployment.shown("User", id_) == before


TELLING = [{"value": str(i), "display": "é" * 5_000} for i in range(20)]
BY_TEXT = {"op": "replace", "path": 'ims[display eq "x" or value eq "1"].type', "value": "x"}
AGAIN = {"op": "add", "path": "ims", "value": [{"value": "1"}]}


@pytest.mark.parametrize(
    ("operations", "is_refused"), [([BY_TEXT], True), ([AGAIN], False), ([AGAIN, AGAIN], False)]
)
def test_long_texts_cost_the_time_they_take(
    anna: tuple[FakeDeployment, str], operations: list[dict[str, Any]], is_refused: bool
) -> None:
    deployment, _ = anna
    id_ = deployment.user("telling", ims=TELLING)
    if is_refused:
        with pytest.raises(TooMany, match="needs more than 20000 comparisons"):
            deployment.modify("User", id_, *operations)
    else:
        deployment.modify("User", id_, *operations)


@pytest.mark.parametrize("wanted", ["attributes", "excluded_attributes"])
def test_a_selection_of_long_texts_costs_the_time_it_takes(
    anna: tuple[FakeDeployment, str], wanted: str
) -> None:
    deployment, _ = anna
    deployment.user("telling", ims=TELLING)
    terms = " or ".join(f'display eq "{n}"' for n in range(10))
    with pytest.raises(TooMany, match="needs more than 20000 comparisons"):
        deployment.search("User", **{wanted: (f"ims[{terms}]",)})


def test_a_product_of_paths_is_refused_before_one_of_them_is_read(
    anna: tuple[FakeDeployment, str],
) -> None:
    deployment, id_ = anna
    operations = [
        {"op": "remove", "path": f"emails[{' or '.join([f'part{i} pr'] * 60)}]"} for i in range(2)
    ]
    with pytest.raises(TooMany, match="needs more than 20000 comparisons"):
        deployment.modify("User", id_, *operations)


@pytest.mark.parametrize("number", [1, 101])
def test_the_number_of_values_of_an_attribute_is_limited(
    anna: tuple[FakeDeployment, str], number: int
) -> None:
    deployment, id_ = anna
    added = {
        "op": "add",
        "path": "phoneNumbers",
        "value": [{"value": f"+{i}"} for i in range(number)],
    }
    if number == 1:
        deployment.modify("User", id_, added)
        return
    with pytest.raises(PayloadTooLarge, match="phoneNumbers has 301 values; at most 300 are taken"):
        deployment.modify("User", id_, added)


MANY = {"userName": "b", "emails": [{"value": f"{i}@x.example"} for i in range(301)]}


def test_a_new_resource_has_as_many_values_and_no_more(anna: tuple[FakeDeployment, str]) -> None:
    with pytest.raises(PayloadTooLarge, match="emails has 301 values; at most 300 are taken"):
        anna[0].create("User", MANY)


def test_a_put_may_have_as_many_values_and_no_more(anna: tuple[FakeDeployment, str]) -> None:
    deployment, id_ = anna
    with pytest.raises(PayloadTooLarge, match="emails has 301 values; at most 300 are taken"):
        deployment.replace("User", id_, MANY)


def test_no_operation_is_looked_at_when_the_answer_is_due(anna: tuple[FakeDeployment, str]) -> None:
    deployment, id_ = anna
    asked = iter([False, False, True])
    endpoint = deployment.endpoint("User").within(BOUNDS.budget(lambda: next(asked, True)))
    body = {"schemas": [PATCH_OP_URN], "Operations": PRODUCTS["operations on a part of all values"]}
    patch = request_of(json.loads(json.dumps(body)), deployment.profile)
    with pytest.raises(Unavailable, match="time for one request"):
        modify(endpoint, id_, patch, Precondition(), projected("User"))


def test_a_filter_that_scans_spends_its_terms_on_every_resource() -> None:
    deployment = FakeDeployment(bounds=Bounds(comparisons=800))
    for i in range(30):
        deployment.user(f"user{i}")
    assert deployment.search("User", filter='title eq "x" or title eq "y"').total == 0
    with pytest.raises(TooMany, match="look at more of User than one request may"):
        deployment.search("User", filter=" or ".join(['title co "x"'] * 40))


def test_resources_without_a_sort_value_spend_the_terms_too() -> None:
    deployment = FakeDeployment(bounds=Bounds(comparisons=1600))
    for i in range(30):
        deployment.user(f"user{i}")
    deployment.search("User", sort_by="externalId", filter="not (title pr)")
    terms = " or ".join(['title co "x"'] * 40)
    with pytest.raises(TooMany, match="look at more of User than one request may"):
        deployment.search("User", sort_by="externalId", filter=f"not ({terms})")
