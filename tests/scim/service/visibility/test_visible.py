"""Visibility: nothing is read twice, whole types are not read, and skipped resources are bounded."""

import json

import pytest

from scim.errors import TooMany
from scim.resource.budget import READ, TESTED, RequestBudget
from scim.resource.record import Key, Link
from scim.schema.loading import shipped_catalogue
from scim.service.visibility.filters import token_filters_of
from scim.service.visibility.visible import VisibilityCache
from tests.fakes.endpoint import TENANT, FakeDeployment
from tests.fakes.observed import ObservedDirectory

MEMBERS = Link("Group", "members")


def cache(deployment: FakeDeployment, most: int = 100, **filters: str) -> VisibilityCache:
    filters = token_filters_of(json.dumps(filters), shipped_catalogue())
    return VisibilityCache(deployment.directory, filters, most)


@pytest.fixture(name="observed")
def _observed() -> ObservedDirectory:
    return ObservedDirectory()


@pytest.fixture(name="deployment")
def _deployment(observed: ObservedDirectory) -> FakeDeployment:
    return FakeDeployment(observed)


def test_each_name_is_looked_up_once(
    deployment: FakeDeployment, observed: ObservedDirectory
) -> None:
    anna, berta = Key("User", deployment.user("anna")), Key("User", deployment.user("berta"))
    own = cache(deployment, User='userName sw "a"')
    observed.asked.clear()
    for _ in range(3):
        assert own.visible_keys(TENANT, [anna, berta, Key("User", "nobody")]) == {anna}
    assert observed.asked == ["read_many"]


def test_types_visible_as_a_whole_or_not_at_all_are_not_read(
    deployment: FakeDeployment, observed: ObservedDirectory
) -> None:
    anna = Key("User", deployment.user("anna"))
    observed.asked.clear()
    group = Key("Group", "any")
    assert cache(deployment, User="*").visible_keys(TENANT, [anna, group]) == {anna}
    assert observed.asked == []


def test_links_are_looked_at_for_all_records_at_once_and_only_when_asked(
    deployment: FakeDeployment, observed: ObservedDirectory
) -> None:
    anna, berta = deployment.user("anna"), deployment.user("berta")
    inside = deployment.group("a", anna, berta)
    deployment.group("b", anna)
    keys = [Key("User", anna), Key("User", berta)]
    records = list(deployment.directory.read_many(TENANT, keys).values())
    own = cache(deployment, User="*", Group='displayName eq "a"')
    observed.asked.clear()
    found = own.visible_records(TENANT, records)
    assert observed.asked == []
    assert [each.links[MEMBERS] for each in found] == [{inside}, {inside}]
    assert observed.asked == ["read_many"]


def test_records_with_whole_links_come_as_they_are(deployment: FakeDeployment) -> None:
    anna = deployment.user("anna")
    deployment.group("a", anna)
    records = list(deployment.directory.read_many(TENANT, [Key("User", anna)]).values())
    (found,) = cache(deployment, User="id pr", Group="*").visible_records(TENANT, records)
    assert found is records[0]


def test_a_new_resource_is_visible_before_a_lagging_read_shows_it(
    deployment: FakeDeployment,
) -> None:
    own = cache(deployment, User="userName pr")
    new = Key("User", "just-made")
    own.note(new)
    assert own.visible_keys(TENANT, [new]) == {new}


def test_passing_over_too_much_is_refused(deployment: FakeDeployment) -> None:
    keys = [Key("User", deployment.user(f"b{n}")) for n in range(4)]
    cache(deployment, most=4, User='userName sw "a"').visible_keys(TENANT, keys)
    with pytest.raises(TooMany):
        cache(deployment, most=3, User='userName sw "a"').visible_keys(TENANT, keys)
    records = deployment.directory.read_many(TENANT, keys).values()
    with pytest.raises(TooMany):
        cache(deployment, most=3, User='userName sw "a"').visible_records(TENANT, records)


def test_skipped_resources_are_counted_against_the_budget(deployment: FakeDeployment) -> None:
    keys = [Key("User", deployment.user(f"b{n}")) for n in range(4)]
    filters = token_filters_of('{"User": "userName sw \\"a\\""}', shipped_catalogue())
    each = READ + TESTED
    for comparisons in (4 * each, 4 * each - 1):
        budget = RequestBudget(comparisons)
        cached = VisibilityCache(deployment.directory, filters, 100, budget)
        if comparisons == 4 * each:
            assert cached.visible_keys(TENANT, keys) == set()
            assert budget.compared == 4 * each
        else:
            with pytest.raises(TooMany, match="ask for less"):
                cached.visible_keys(TENANT, keys)
