"""Planned, paged and sorted answers are those of a plain reading of every resource."""

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from scim.resource.record import Key, Record
from scim.service.messages import Listing
from scim.service.ports import Directory
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.stores import local_client, moto_client, new_table
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import Body, FakeDeployment
from tests.scim.service.people import SORTED, populate, some_filter, sort_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


LONG = pytest.mark.long


class QuietDirectory(FakeDirectory):
    """Shows a record once and again until something changes: nothing here changes what it reads."""

    _seen: tuple[Any, dict[Key, Record]] = (None, {})

    def _record_of(self, contents: Any, key: Key) -> Record:  # type: ignore[override] # no static method
        if self._seen[0] is not contents:
            self._seen = (contents, {})
        records = self._seen[1]
        if key not in records:
            records[key] = FakeDirectory._record_of(contents, key)
        return records[key]


@pytest.mark.parametrize(
    ("seed", "queries"), [(0, 30), *(pytest.param(n, 200, marks=LONG) for n in range(12))]
)
def test_queries_of_the_fake_agree_with_a_naive_evaluation(seed: int, queries: int) -> None:
    _compare(QuietDirectory(), Random(seed), users=40, queries=queries)


@pytest.mark.parametrize(
    ("seed", "users", "queries"), [(100, 9, 9), pytest.param(100, 25, 60, marks=LONG)]
)
def test_queries_on_moto_agree_with_a_naive_evaluation(
    seed: int, users: int, queries: int, moto: "DynamoDBClient"
) -> None:
    _compare(DynamoDirectory(moto, new_table(moto)), Random(seed), users, queries)


@pytest.mark.dynamodb
@pytest.mark.parametrize("seed", range(200, 202))
def test_queries_on_dynamodb_local_agree_with_a_naive_evaluation(
    seed: int, dynamodb: "DynamoDBClient"
) -> None:
    _compare(DynamoDirectory(dynamodb, new_table(dynamodb)), Random(seed), users=40, queries=120)


@pytest.fixture(scope="module")
def moto() -> Iterator["DynamoDBClient"]:
    with moto_client() as client:
        yield client


@pytest.fixture(scope="module")
def dynamodb() -> Iterator["DynamoDBClient"]:
    with local_client() as client:
        yield client


def _compare(directory: Directory, random: Random, users: int, queries: int) -> None:
    deployment = FakeDeployment(directory=directory)
    populate(deployment, random, users)
    everyone = [dict(each) for each in deployment.search("User", count=1000).resources]
    groups = [str(each["id"]) for each in deployment.search("Group", count=1000).resources]
    for _ in range(queries):
        asked = some_filter(random, everyone, [*groups, "nobody"])
        query: dict[str, Any] = {"filter": asked.text} if random.random() < 0.85 else {}
        expected = [each for each in everyone if "filter" not in query or asked.matches(each)]
        if random.random() < 0.5:
            query["sort_by"] = random.choice(SORTED)
            query["sort_order"] = random.choice(["ascending", "descending"])
            expected.sort(
                key=lambda each: sort_key(each, query["sort_by"]),
                reverse=query["sort_order"] == "descending",
            )
        _answer(deployment, query, expected, random.randrange(3, 19))


def _answer(
    deployment: FakeDeployment, query: dict[str, Any], expected: list[Body], size: int
) -> None:
    whole = _ids([deployment.search("User", count=1000, **query)])
    wanted = [each["id"] for each in expected]
    assert (whole if "sort_by" in query else sorted(whole)) == (
        wanted if "sort_by" in query else sorted(wanted)
    ), query
    # Each kind of walk takes its turn: together they would ask the same thing over and over.
    walk = (_by_index, _by_cursor)[size % 2]
    pages = list(walk(deployment, query, size))
    assert _ids(pages) == whole, query
    assert {page.total for page in pages} == {len(whole)}, query
    assert all(len(page.resources) == size for page in pages[:-1]), query
    some = 1 + size % (len(whole) + 2)
    jump = deployment.search("User", start_index=some, count=size, **query)
    assert _ids([jump]) == whole[some - 1 : some - 1 + size], query
    assert jump.total == len(whole), query
    assert deployment.search("User", count=0, **query).total == len(whole), query


def _by_index(deployment: FakeDeployment, query: dict[str, Any], size: int) -> Iterator[Listing]:
    start = 1
    while True:
        page = deployment.search("User", start_index=start, count=size, **query)
        yield page
        start += len(page.resources)
        if start > page.total or not page.resources:
            return


def _by_cursor(deployment: FakeDeployment, query: dict[str, Any], size: int) -> Iterator[Listing]:
    """Yield the pages; each but the first must lead back to the one before."""
    before: Listing | None = None
    cursor = ""
    while True:
        page = deployment.search("User", cursor=cursor, count=size, **query)
        yield page
        assert (page.previous_cursor is None) == (before is None or not page.resources)
        if before is not None and page.previous_cursor is not None:
            back = deployment.search("User", cursor=page.previous_cursor, count=size, **query)
            assert back.resources == before.resources, query
            assert back.next_cursor is not None
            again = deployment.search("User", cursor=back.next_cursor, count=size, **query)
            assert again.resources == page.resources, query
        if page.next_cursor is None:
            return
        before, cursor = page, page.next_cursor


def _ids(pages: list[Listing]) -> list[str]:
    return [str(each["id"]) for page in pages for each in page.resources]
