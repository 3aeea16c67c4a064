"""An endpoint is limited by a token's filters, and left alone without any."""

from dataclasses import replace

import pytest

from scim.errors import Forbidden, TooMany
from scim.filter.binding.bound_tree import ALWAYS, NEVER
from scim.resource.access_path import Direction, IndexValue
from scim.resource.budget import RequestBudget
from scim.resource.record import Key
from scim.service.endpoint import Bounds
from scim.service.visibility.directory import FilteredDirectory
from scim.service.visibility.queries import with_token_filter
from scim.service.visibility.restrict import (
    ids_with,
    restricted,
    unrestricted,
    visible_count,
)
from tests.fakes.endpoint import TENANT, FakeDeployment
from tests.fakes.observed import ObservedDirectory


def test_an_endpoint_without_filters_is_unchanged() -> None:
    endpoint = FakeDeployment().endpoint("User")
    assert restricted(endpoint, "") is endpoint
    assert with_token_filter(endpoint, ALWAYS) is ALWAYS
    assert unrestricted(endpoint.directory) is endpoint.directory


@pytest.mark.parametrize("filters", ["{", "[]", '{"Robot": "*"}', '{"User": "shoe pr"}'])
def test_filters_that_do_not_fit_let_nothing_through(filters: str) -> None:
    with pytest.raises(Forbidden, match="filters of these credentials"):
        restricted(FakeDeployment().endpoint("User"), filters)


def test_the_unrestricted_directory_is_reached_through_the_filtered_one() -> None:
    deployment = FakeDeployment()
    narrow = restricted(deployment.endpoint("User"), '{"User": "*"}')
    assert isinstance(narrow.directory, FilteredDirectory)
    assert unrestricted(narrow.directory) is deployment.directory


def test_the_number_of_hidden_resources_to_skip_can_be_raised() -> None:
    deployment = replace(FakeDeployment(), bounds=Bounds(scanned=1))
    for name in ("berta", "carl"):
        deployment.user(name)
    endpoint = deployment.endpoint("User")
    filters = '{"User": "userName sw \\"a\\""}'
    with pytest.raises(TooMany):
        restricted(endpoint, filters).directory.records(TENANT, "User", Direction.UP, None, 10)
    page = restricted(endpoint, filters, most=2).directory.records(
        TENANT, "User", Direction.UP, None, 10
    )
    assert not page.records


def test_skipped_resources_are_charged_to_the_budget_of_the_request() -> None:
    deployment = FakeDeployment()
    deployment.user("berta")
    filters = '{"User": "userName sw \\"a\\""}'
    for comparisons, is_enough in ((1, False), (1000, True)):
        endpoint = replace(deployment.endpoint("User"), budget=RequestBudget(comparisons))
        narrow = restricted(endpoint, filters).directory
        if is_enough:
            assert not narrow.records(TENANT, "User", Direction.UP, None, 10).records
            assert endpoint.budget.compared > 1
        else:
            with pytest.raises(TooMany):
                narrow.records(TENANT, "User", Direction.UP, None, 10)


@pytest.mark.parametrize(
    ("filters", "limit", "names"),
    [
        ("", 9, ["anna", "berta", "carl"]),
        ("", 2, ["anna", "berta"]),
        ('{"User": "*"}', 9, ["anna", "berta", "carl"]),
        ('{"User": "userName ne \\"anna\\""}', 1, ["berta"]),
        ('{"User": "userName ne \\"anna\\""}', 9, ["berta", "carl"]),
        ('{"Group": "*"}', 9, []),
    ],
)
def test_an_index_tells_of_what_is_seen_alone(filters: str, limit: int, names: list[str]) -> None:
    deployment = FakeDeployment()
    ids = {deployment.user(name, externalId="shared"): name for name in ("anna", "berta", "carl")}
    endpoint = replace(deployment, filters=filters).endpoint("User")
    found = ids_with(endpoint, IndexValue("User", "externalId", "shared"), limit)
    assert [ids[each] for each in found] == names


def test_a_query_is_asked_with_the_filter_of_its_type() -> None:
    deployment = FakeDeployment()
    assert (
        with_token_filter(restricted(deployment.endpoint("User"), '{"User": "*"}'), ALWAYS)
        == ALWAYS
    )
    assert (
        with_token_filter(restricted(deployment.endpoint("User"), '{"Group": "*"}'), ALWAYS)
        == NEVER
    )


def test_values_are_counted_only_where_some_may_be_hidden() -> None:
    observed = ObservedDirectory()
    deployment = FakeDeployment(observed)
    group = deployment.group("team", deployment.user("anna"), deployment.user("berta"))
    keys = [Key("Group", group), Key("Group", deployment.group("none"))]
    record, empty = map(deployment.directory.read_many(TENANT, keys).__getitem__, keys)
    for filters, number, is_read in (
        ("", 2, False),
        ('{"User": "*", "Group": "*"}', 2, False),
        ('{"User": "userName sw \\"a\\"", "Group": "*"}', 1, True),
        ('{"Group": "*"}', 0, True),
    ):
        endpoint = replace(deployment, filters=filters).endpoint("Group")
        observed.asked.clear()
        assert visible_count(endpoint, record, "members") == number
        assert visible_count(endpoint, empty, "members") == 0
        assert bool(observed.asked) is is_read, filters
