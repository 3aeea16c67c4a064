"""A filter on a unique attribute is answered without a walk, with the result of a search."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import InvalidFilter, TooMany
from scim.resource.access_path import IdPage
from scim.service.endpoint import Bounds
from scim.service.messages import Query
from scim.service.query.lookup import looked_up
from scim.service.query.read_budget import ReadBudget
from scim.service.recent import ValueHolders
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import STRICT, FakeDeployment, id_
from tests.fakes.observed import ObservedDirectory

ANNA = 'userName eq "ANNA"'


def _deployment(**named: Any) -> FakeDeployment:
    deployment = FakeDeployment(**named)
    for name in ("anna", "bert"):
        deployment.user(name, externalId=name, emails=[{"value": f"{name}@example.org"}])
    return deployment


def _another_process(deployment: FakeDeployment) -> FakeDeployment:
    """Return the same deployment where nobody has been seen yet."""
    return replace(deployment, value_holders=ValueHolders())


def _looked_up(deployment: FakeDeployment, query: Query) -> list[str] | None:
    endpoint = deployment.endpoint("User")
    projection = endpoint.projection(query.attributes, query.excluded_attributes)
    listing = looked_up(endpoint, query, projection, ReadBudget(10))
    if listing is None:
        return None
    assert listing.total == len(listing.resources)
    return [str(each["userName"]) for each in listing.resources]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param(Query(filter=ANNA), ["anna"], id="in any case"),
        pytest.param(
            Query(filter='USERNAME EQ "bert"', count=1, start_index=0), ["bert"], id="paged"
        ),
        pytest.param(Query(filter='userName eq "carl"'), [], id="nobody"),
        pytest.param(Query(filter=ANNA, attributes=("userName",)), ["anna"], id="projected"),
    ],
)
def test_a_lookup_is_answered(query: Query, names: list[str]) -> None:
    assert _looked_up(_deployment(), query) == names


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(filter=ANNA, count=0),
        Query(filter=ANNA, count=10_000),
        Query(filter=ANNA, start_index=2),
        Query(filter=ANNA, cursor=""),
        Query(filter=ANNA, sort_by="userName"),
        Query(filter=ANNA, is_explained=True),
        Query(filter='userName sw "anna"'),
        Query(filter='externalId eq "anna"'),
        Query(filter='emails.value eq "anna@example.org"'),
        Query(filter='groups.value eq "x"'),
        Query(filter=f"{ANNA} and active eq true"),
        Query(filter=f"not ({ANNA})"),
        Query(filter='nothing eq "x"'),
        Query(filter='password eq "x"'),
    ],
    ids=str,
)
def test_any_other_query_is_left_to_the_search(query: Query) -> None:
    assert _looked_up(_deployment(), query) is None


def test_a_filter_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidFilter):
        _looked_up(_deployment(profile=STRICT), Query(filter='userName eq eq "anna"'))


def test_a_token_with_filters_is_answered_by_the_search() -> None:
    seen = replace(_deployment(), filters='{"User": "userName sw \\"b\\""}')
    assert _looked_up(seen, Query(filter=ANNA)) is None
    assert seen.search("User", filter=ANNA).total == 0


@pytest.mark.parametrize("name", ["anna", "BERT", "carl", "a\u00e4"])
@pytest.mark.parametrize("attributes", [(), ("userName", "emails")], ids=str)
def test_a_lookup_finds_and_shows_what_a_search_does(
    name: str, attributes: tuple[str, ...]
) -> None:
    deployment, asked = _deployment(), f'userName eq "{name}"'
    found = deployment.search("User", filter=asked, attributes=attributes)
    general = deployment.search("User", filter=f"{asked} and id pr", attributes=attributes)
    assert found == replace(general, resources=found.resources)
    assert list(map(dict, found.resources)) == list(map(dict, general.resources))


class Late(FakeDirectory):
    """A directory whose index still has the first user under every value."""

    def ids(self, *_: Any) -> IdPage:
        return IdPage([(id_(1), id_(1))])


def test_a_resource_that_lost_the_value_meanwhile_is_not_found() -> None:
    deployment = _another_process(_deployment(directory=Late()))
    assert _looked_up(deployment, Query(filter='userName eq "bert"')) == []


def test_a_lookup_reads_index_and_resource_and_the_next_one_only_the_resource() -> None:
    observed = ObservedDirectory()
    deployment = _another_process(_deployment(directory=observed))
    observed.asked.clear()
    assert deployment.search("User", filter=ANNA).total == 1
    assert observed.asked == ["ids", "read"]
    observed.asked.clear()
    assert deployment.search("User", filter='userName eq "anna"').total == 1
    assert observed.asked == ["read_latest"]


def test_a_resource_created_in_this_process_is_found_by_one_read() -> None:
    observed = ObservedDirectory()
    deployment = _deployment(directory=observed)
    observed.asked.clear()
    assert deployment.search("User", filter=ANNA).total == 1
    assert observed.asked == ["read_latest"]


def test_a_resource_renamed_elsewhere_is_not_found_by_its_old_name() -> None:
    here = _deployment()
    there = _another_process(here)
    there.replace("User", id_(1), {"userName": "anne"})
    assert here.search("User", filter=ANNA).total == 0
    assert [each["id"] for each in here.search("User", filter='userName eq "anne"').resources] == [
        id_(1)
    ]


def test_a_name_taken_over_by_another_user_finds_that_user() -> None:
    here = _deployment()
    there = _another_process(here)
    there.replace("User", id_(1), {"userName": "anne"})
    there.replace("User", id_(2), {"userName": "Anna"})
    for _ in range(2):
        found = here.search("User", filter=ANNA)
        assert [each["id"] for each in found.resources] == [id_(2)]


def test_a_resource_deleted_elsewhere_is_not_found() -> None:
    here = _deployment()
    _another_process(here).delete("User", id_(1))
    assert here.search("User", filter=ANNA).total == 0


def test_a_remembered_value_finds_nobody_of_another_tenant() -> None:
    here = _deployment()
    anna = here.user("anna", tenant="other")
    assert [each["id"] for each in here.search("User", filter=ANNA).resources] == [id_(1)]
    found = here.search("User", filter=ANNA, tenant="other")
    assert [each["id"] for each in found.resources] == [anna]


def test_reading_is_counted() -> None:
    with pytest.raises(TooMany):
        _deployment(bounds=Bounds(comparisons=5)).search("User", filter=ANNA)
