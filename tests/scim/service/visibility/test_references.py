"""A manager outside a token's filters is not there, and stays where its client could not see it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.endpoint import ENTERPRISE_URN, FakeDeployment

FILTERS = json.dumps({"User": f'{ENTERPRISE_URN}:department eq "Sales"'})


def _sales(manager: str) -> dict[str, Any]:
    return {ENTERPRISE_URN: {"department": "Sales", "manager": {"value": manager}}}


@pytest.fixture
def whole() -> FakeDeployment:
    return FakeDeployment()


@pytest.fixture
def people(whole: FakeDeployment) -> dict[str, str]:
    made = {"outside": whole.user("boss", **{ENTERPRISE_URN: {"department": "Board"}})}
    made["inside"] = whole.user("lead", **{ENTERPRISE_URN: {"department": "Sales"}})
    made["anna"] = whole.user("anna", **_sales(made["outside"]))
    made["berta"] = whole.user("berta", **_sales(made["inside"]))
    return made


def test_a_manager_outside_is_left_out_and_one_inside_is_shown(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    seen = replace(whole, filters=FILTERS)
    assert seen.shown("User", people["anna"])[ENTERPRISE_URN] == {"department": "Sales"}
    manager = seen.shown("User", people["berta"])[ENTERPRISE_URN]["manager"]
    assert manager["value"] == people["inside"]


@pytest.mark.parametrize("attributes", [(), (f"{ENTERPRISE_URN}:manager",)], ids=["all", "named"])
def test_nor_is_it_in_lists(
    whole: FakeDeployment, people: dict[str, str], attributes: tuple[str, ...]
) -> None:
    listing = replace(whole, filters=FILTERS).search("User", attributes=attributes)
    text = json.dumps([dict(each) for each in listing.resources])
    assert people["outside"] not in text
    assert people["inside"] in text


def test_who_sees_all_sees_every_manager(whole: FakeDeployment, people: dict[str, str]) -> None:
    manager = whole.shown("User", people["anna"])[ENTERPRISE_URN]["manager"]
    assert manager["value"] == people["outside"]


def test_what_is_put_back_without_it_leaves_it_where_it_is(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    seen = replace(whole, filters=FILTERS)
    body = {**seen.shown("User", people["anna"]), "title": "Dr."}
    seen.replace("User", people["anna"], body)
    after = whole.shown("User", people["anna"])
    assert after["title"] == "Dr."
    assert after[ENTERPRISE_URN]["manager"]["value"] == people["outside"]
