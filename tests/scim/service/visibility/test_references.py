"""A manager outside a token's filters is hidden, and stays when the user is changed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from scim.errors import InvalidFilter
from scim.resource.record import Key, Record
from scim.service.visibility.references import without_unseen
from tests.fakes.endpoint import ENTERPRISE_URN, TENANT, FakeDeployment, type_of

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
def test_a_manager_outside_is_left_out_of_lists(
    whole: FakeDeployment, people: dict[str, str], attributes: tuple[str, ...]
) -> None:
    listing = replace(whole, filters=FILTERS).search("User", attributes=attributes)
    text = json.dumps([dict(each) for each in listing.resources])
    assert people["outside"] not in text
    assert people["inside"] in text


MANAGER = f"{ENTERPRISE_URN}:manager"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{m}.value eq "{outside}"', set(), id="one outside"),
        pytest.param('{m}.value eq "{inside}"', {"berta"}, id="one inside"),
        pytest.param('{m} eq "{outside}"', set(), id="the attribute itself"),
        pytest.param("{m} pr", {"berta"}, id="whether there is one"),
        pytest.param("{m}.value pr", {"berta"}, id="whether there is an id"),
        pytest.param('{m}.value sw "{outside}"', set(), id="how it begins"),
        pytest.param("{m}.$ref pr", set(), id="whether it has a place"),
        pytest.param('not ({m}.value eq "{outside}")', {"anna", "berta", "lead"}, id="not"),
        pytest.param('{m}.value eq "{outside}" or {m}.value eq "{inside}"', {"berta"}, id="or"),
        pytest.param('userName eq "anna" and {m}.value eq "{outside}"', set(), id="and"),
    ],
)
@pytest.mark.parametrize("count", [0, 100], ids=["counted", "shown"])
def test_a_filter_does_not_tell_of_a_manager_outside(
    whole: FakeDeployment, people: dict[str, str], text: str, expected: set[str], count: int
) -> None:
    asked = text.format(m=MANAGER, **people)
    found = replace(whole, filters=FILTERS).search("User", filter=asked, count=count)
    names = {each["userName"] for each in found.resources}
    assert (found.total, names) == (len(expected), expected if count else set())


@pytest.mark.parametrize("text", ["{m}.displayName pr", '{m}.displayName eq "boss"'])
def test_a_filter_on_the_name_of_a_manager_is_refused(
    whole: FakeDeployment, people: dict[str, str], text: str
) -> None:
    with pytest.raises(InvalidFilter):
        replace(whole, filters=FILTERS).search("User", filter=text.format(m=MANAGER, **people))


SALES: dict[str, Any] = {ENTERPRISE_URN: {"department": "Sales"}}


@pytest.mark.parametrize("asked", [f"{MANAGER}.value", MANAGER, f"{MANAGER}.$ref"])
@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize("text", [None, "userName pr", 'userName sw "u"'])
@pytest.mark.parametrize("paged", ["at once", "by index", "by cursor"])
@pytest.mark.sampled(6)
def test_the_order_is_that_of_a_directory_without_the_managers_outside(
    asked: str, order: str, text: str | None, paged: str
) -> None:
    orders = []
    for is_twin in (False, True):
        whole = FakeDeployment()
        managers = [
            whole.user(f"lead{n}", **{ENTERPRISE_URN: {"department": "Sales"}}) for n in "ab"
        ]
        hidden = [whole.user(f"boss{n}", **{ENTERPRISE_URN: {"department": "B"}}) for n in "ab"]
        # Made so that the order of the ids is that of the managers, or its opposite.
        for number, boss in enumerate([hidden[1], managers[1], hidden[0], managers[0], hidden[1]]):
            seen = boss in managers or not is_twin
            whole.user(f"u{number}", **(_sales(boss) if seen else SALES))
        deployment = replace(whole, filters=FILTERS)
        query = {"filter": text, "sort_by": asked, "sort_order": order}
        orders.append(_names(deployment, paged, query))
    assert orders[0] == orders[1]
    assert len(orders[0]) == (5 if text and "sw" in text else 7)


def _names(deployment: FakeDeployment, paged: str, query: dict[str, Any]) -> list[str]:
    """Return who is listed, in order, whichever way the pages are asked for."""
    if paged == "at once":
        return [each["userName"] for each in deployment.search("User", **query).resources]
    names: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page: dict[str, Any] = {"start_index": len(names) + 1}
        page = page if paged == "by index" else {"cursor": cursor}
        found = deployment.search("User", **query, **page, count=2)
        names += [each["userName"] for each in found.resources]
        is_over = len(names) >= found.total if paged == "by index" else False
        cursor = None if is_over else found.next_cursor if paged == "by cursor" else ""
    return names


def test_an_order_by_managers_that_are_all_seen_goes_by_them(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    found = whole.search("User", sort_by=f"{MANAGER}.value")
    assert [each["userName"] for each in found.resources][:2] == ["anna", "berta"]
    everything = replace(whole, filters=json.dumps({"User": "*"}))
    assert everything.search("User", sort_by=f"{MANAGER}.value").resources == found.resources


def test_many_who_have_managers_are_looked_at_in_few_round_trips(whole: FakeDeployment) -> None:
    boss = whole.user("boss", **{ENTERPRISE_URN: {"department": "Board"}})
    for number in range(120):
        whole.user(f"u{number}", **_sales(boss))
    seen = replace(whole, filters=FILTERS)
    reads: list[int] = []
    read_many = whole.directory.read_many

    def counted(tenant: str, keys: Sequence[Key]) -> Mapping[Key, Record]:
        reads.append(len(keys))
        return read_many(tenant, keys)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(whole.directory, "read_many", counted)
        assert seen.search("User", filter=f"{MANAGER}.value pr", count=0).total == 0
    assert len(reads) <= 4


def test_an_unfiltered_token_finds_every_manager(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    found = whole.search("User", filter=f'{MANAGER}.value eq "{people["outside"]}"')
    assert [each["userName"] for each in found.resources] == ["anna"]


def test_a_token_that_is_about_a_manager_sees_whom_it_is_about(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    about = f'{MANAGER}.value eq "{people["outside"]}"'
    seen = replace(whole, filters=json.dumps({"User": about}))
    assert [each["userName"] for each in seen.search("User", filter=about).resources] == ["anna"]


def test_a_caller_without_filters_sees_every_manager(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    manager = whole.shown("User", people["anna"])[ENTERPRISE_URN]["manager"]
    assert manager["value"] == people["outside"]


def test_a_put_without_the_hidden_manager_keeps_it(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    seen = replace(whole, filters=FILTERS)
    body = {**seen.shown("User", people["anna"]), "title": "Dr."}
    seen.replace("User", people["anna"], body)
    after = whole.shown("User", people["anna"])
    assert after["title"] == "Dr."
    assert after[ENTERPRISE_URN]["manager"]["value"] == people["outside"]


def test_a_put_with_another_manager_replaces_the_hidden_one(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    seen = replace(whole, filters=FILTERS)
    body = {**seen.shown("User", people["anna"]), **_sales(people["inside"])}
    seen.replace("User", people["anna"], body)
    after = whole.shown("User", people["anna"])[ENTERPRISE_URN]["manager"]
    assert after["value"] == people["inside"]


def test_only_the_hidden_ones_of_several_managers_are_left_out(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    user = type_of("User")
    (enterprise,) = user.extensions
    several = tuple(
        replace(each, multi_valued=True) if each.name == "manager" else each
        for each in enterprise.schema.attributes
    )
    schema = replace(enterprise.schema, attributes=several)
    managed = replace(user, extensions=(replace(enterprise, schema=schema),))
    seen = replace(whole, filters=FILTERS).endpoint("User")
    managers = [{"value": people["outside"]}, {"value": people["inside"]}]
    key = Key("User", people["anna"])
    held = whole.directory.read_many(TENANT, [key])[key]
    record = replace(held, body={ENTERPRISE_URN: {"manager": managers}})
    (shown,) = without_unseen(replace(seen, resource_type=managed), [record])
    assert shown.body == {ENTERPRISE_URN: {"manager": managers[1:]}}


def test_a_manager_who_becomes_visible_during_a_change_stays(
    whole: FakeDeployment, people: dict[str, str]
) -> None:
    seen = replace(whole, filters=FILTERS)
    read_many = whole.directory.read_many
    move = {"op": "replace", "path": f"{ENTERPRISE_URN}:department", "value": "Sales"}

    def moved(tenant: str, keys: Sequence[Key]) -> Mapping[Key, Record]:
        found = read_many(tenant, keys)
        if Key("User", people["outside"]) in found:
            patched.undo()
            whole.modify("User", people["outside"], move)
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(whole.directory, "read_many", moved)
        seen.modify("User", people["anna"], {"op": "add", "path": "title", "value": "Dr."})
    anna = seen.shown("User", people["anna"])
    assert (anna["title"], anna[ENTERPRISE_URN]["manager"]["value"]) == ("Dr.", people["outside"])
