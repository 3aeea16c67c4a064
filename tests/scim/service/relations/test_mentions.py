"""A known manager is shown with `$ref` and displayName (RFC 7643 section 4.3)."""

from typing import Any

import pytest

from tests.fakes.endpoint import BASE, ENTERPRISE_URN, FakeDeployment, own_version
from tests.fakes.observed import ObservedDirectory

MANAGER = f"{ENTERPRISE_URN}:manager"


def _under(manager: object, **more: Any) -> dict[str, Any]:
    return {ENTERPRISE_URN: {"manager": {"value": manager, **more}}}


def _manager(deployment: FakeDeployment, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = deployment.shown("User", id_)[ENTERPRISE_URN]["manager"]
    return found


@pytest.fixture
def deployment() -> FakeDeployment:
    return FakeDeployment(directory=ObservedDirectory())


def test_a_known_manager_has_a_name_and_a_ref(deployment: FakeDeployment) -> None:
    boss = deployment.user("boss", displayName="The Boss")
    anna = deployment.user("anna", **_under(boss))
    shown = {"value": boss, "$ref": f"{BASE}/Users/{boss}", "displayName": "The Boss"}
    assert _manager(deployment, anna) == shown
    (listed,) = deployment.search("User", filter='userName eq "anna"').resources
    assert listed[ENTERPRISE_URN] == {"manager": shown}


@pytest.mark.parametrize("named", [{}, {"$ref": "../Users/26118915"}])
def test_an_unknown_manager_is_shown_as_it_was_sent(
    deployment: FakeDeployment, named: dict[str, str]
) -> None:
    anna = deployment.user("anna", **_under("26118915", **named))
    assert _manager(deployment, anna) == {"value": "26118915", **named}


@pytest.mark.parametrize("path", [MANAGER, f"{MANAGER}.value"])
def test_the_place_of_one_manager_is_not_shown_for_the_next(
    deployment: FakeDeployment, path: str
) -> None:
    anna = deployment.user("anna", **_under("1", **{"$ref": "../Users/1"}))
    value: object = "2" if path.endswith("value") else {"value": "2"}
    deployment.modify("User", anna, {"op": "replace", "path": path, "value": value})
    assert _manager(deployment, anna) == {"value": "2"}


def test_the_place_of_a_manager_is_kept_while_the_manager_is_the_same(
    deployment: FakeDeployment,
) -> None:
    named = {"$ref": "../Users/1"}
    anna = deployment.user("anna", title="x", **_under("1", **named))
    deployment.modify("User", anna, {"op": "replace", "path": "title", "value": "y"})
    deployment.modify("User", anna, {"op": "replace", "path": MANAGER, "value": {"value": "1"}})
    assert _manager(deployment, anna) == {"value": "1", **named}
    other = {"value": "2", "$ref": "../Users/2"}
    deployment.modify("User", anna, {"op": "replace", "path": MANAGER, "value": other})
    assert _manager(deployment, anna) == other


def test_a_put_with_another_manager_drops_the_shown_name(deployment: FakeDeployment) -> None:
    boss = deployment.user("boss", displayName="The Boss")
    anna = deployment.user("anna", **_under(boss))
    shown = deployment.shown("User", anna)
    shown[ENTERPRISE_URN]["manager"]["value"] = "not yet here"
    deployment.replace("User", anna, shown)
    assert _manager(deployment, anna) == {"value": "not yet here"}


def test_the_name_follows_the_manager_and_goes_with_it(deployment: FakeDeployment) -> None:
    boss = deployment.user("boss", displayName="Old")
    anna = deployment.user("anna", **_under(boss))
    operation = {"op": "replace", "path": "displayName", "value": "New"}
    deployment.modify("User", boss, operation)
    assert _manager(deployment, anna)["displayName"] == "New"
    deployment.delete("User", boss)
    assert _manager(deployment, anna) == {"value": boss}


def test_the_tag_vouches_for_the_name(deployment: FakeDeployment) -> None:
    boss = deployment.user("boss", displayName="Old")
    anna = deployment.user("anna", **_under(boss))
    before = deployment.read("User", anna)
    deployment.modify("User", boss, {"op": "replace", "path": "displayName", "value": "New"})
    after = deployment.read("User", anna, if_none_match=before.etag)
    assert not after.is_unmodified
    assert own_version(after.etag) == own_version(before.etag)


def test_putting_back_a_shown_user_changes_nothing(deployment: FakeDeployment) -> None:
    boss = deployment.user("boss", displayName="The Boss")
    anna = deployment.user("anna", **_under(boss))
    before = deployment.read("User", anna)
    assert before.resource is not None
    assert deployment.replace("User", anna, before.resource).etag == before.etag
    other = deployment.user("other", displayName="Other")
    operation = {"op": "replace", "path": f"{MANAGER}.value", "value": other}
    deployment.modify("User", anna, operation)
    assert _manager(deployment, anna)["$ref"] == f"{BASE}/Users/{other}"


@pytest.mark.parametrize(
    ("query", "reads"),
    [
        ({}, 1),
        ({"attributes": (MANAGER,)}, 1),
        ({"attributes": (f"{MANAGER}.displayName",)}, 1),
        ({"attributes": (f"{MANAGER}.value",)}, 0),
        ({"attributes": ("userName",)}, 0),
        ({"excluded_attributes": (MANAGER,)}, 0),
        ({"excluded_attributes": (f"{MANAGER}.displayName", f"{MANAGER}.$ref")}, 0),
    ],
)
def test_the_managers_of_a_page_are_read_at_once_and_only_where_they_are_shown(
    deployment: FakeDeployment, query: dict[str, Any], reads: int
) -> None:
    bosses = [deployment.user(f"boss{n}", displayName=f"Boss {n}") for n in range(3)]
    for number in range(9):
        deployment.user(f"user{number}", title="x", **_under(bosses[number % 3]))
    directory = deployment.directory
    assert isinstance(directory, ObservedDirectory)
    directory.asked.clear()
    found = deployment.search("User", filter='title eq "x"', **query)
    assert found.total == 9
    read = [each for each in directory.asked if each.startswith("read")]
    assert len(read) == reads, directory.asked


def test_a_manager_on_the_same_page_is_not_read_again(deployment: FakeDeployment) -> None:
    boss = deployment.user("boss", displayName="Boss")
    deployment.user("anna", **_under(boss))
    directory = deployment.directory
    assert isinstance(directory, ObservedDirectory)
    directory.asked.clear()
    names = [each.get(ENTERPRISE_URN) for each in deployment.search("User").resources]
    assert "Boss" in str(names)
    assert not [each for each in directory.asked if each.startswith("read")]


def test_a_manager_of_another_tenant_is_unknown(deployment: FakeDeployment) -> None:
    boss = deployment.user("boss", tenant="other", displayName="Boss")
    assert _manager(deployment, deployment.user("anna", **_under(boss))) == {"value": boss}
