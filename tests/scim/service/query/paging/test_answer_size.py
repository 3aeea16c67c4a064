"""A page ends before its answer is too large: it says how many it holds, and the walk goes on behind them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from scim.resource.body import Spliced
from scim.resource.record import Key, Record
from scim.service.endpoint import ENVELOPE, Bounds
from scim.service.messages import Listing, Query
from scim.service.query.answer_size import SizeLimited, bytes_in_answer, room_for_bodies
from scim.service.query.matches import Match, Position
from scim.service.query.walk import Slice
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.stores import moto_client, new_table
from tests.fakes.endpoint import NOW, FakeDeployment, id_
from tests.sampled import sampled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROOM = 1000
BOUNDS = Bounds(answer_bytes=ENVELOPE + ROOM)
ENDPOINT = FakeDeployment().endpoint("User")


@dataclass(frozen=True)
class Row:
    """A walk over numbered hits; `total` is what it counts."""

    numbers: Sequence[int]
    order: str = "row"
    is_counted: bool = False

    def count(self) -> int:
        return len(self.numbers)

    def onward(self, behind: Position | None, skip: int, number: int) -> Slice:
        left = [n for n in self.numbers if behind is None or n > int(behind[0])][skip:]
        return Slice(_matches(left[:number]), len(left) > number)

    def back(self, before: Position, number: int) -> Slice:
        left = [n for n in self.numbers if n < int(before[0])]
        return Slice(_matches(left[-number:]), len(left) > number)

    def precedes(self, one: Position, other: Position) -> bool:
        return int(one[0]) < int(other[0])

    def first_and_total(self, skip: int, number: int) -> Slice:
        part = self.onward(None, skip, number)
        return Slice(part.matches, part.has_more, self.count())


def _matches(numbers: Sequence[int]) -> tuple[Match, ...]:
    return tuple(
        Match(ENDPOINT, Record(Key("User", str(n)), 1, NOW, NOW, {}), (str(n),)) for n in numbers
    )


def _sized(sizes: Sequence[int]) -> SizeLimited:
    """Return a walk over hits that take so many bytes each."""

    def show(matches: Sequence[Match]) -> list[Spliced]:
        return [Spliced("x" * (sizes[int(match.record.key.id)] - 1)) for match in matches]

    return SizeLimited(Row(range(len(sizes))), show, BOUNDS)


def _numbers(part: Slice) -> list[int]:
    return [int(match.record.key.id) for match in part.matches]


@pytest.mark.parametrize(
    ("text", "weight"),
    [("{}", 3), ('{"a":1}', 10), ('{"a":"\\\\"}', 17), ('{"é":"😀"}', 18), ('"\\n"', 8)],
)
def test_a_resource_weighs_what_lambda_counts(text: str, weight: int) -> None:
    assert bytes_in_answer(Spliced(text)) == weight
    in_lambda = json.dumps(f"{text},", ensure_ascii=False).encode()
    assert len(in_lambda) - len('""') == weight


@pytest.mark.parametrize(
    ("sizes", "expected", "has_more"),
    [
        ([500, 500], [0, 1], False),
        ([500, 501], [0], True),
        ([400, 400, 400], [0, 1], True),
        ([2000, 10, 10], [0], True),
        ([2000], [0], False),
        ([10, 2000, 10], [0], True),
        ([], [], False),
    ],
    ids=str,
)
def test_a_leg_has_as_many_as_fit_but_one_at_least(
    sizes: list[int], expected: list[int], has_more: bool
) -> None:
    walk = _sized(sizes)
    part = walk.onward(None, 0, 10)
    assert (_numbers(part), part.has_more, part.total) == (expected, has_more, None)
    whole = walk.first_and_total(0, 10)
    assert (_numbers(whole), whole.has_more, whole.total) == (expected, has_more, len(sizes))


@pytest.mark.parametrize(
    ("sizes", "expected", "has_more"),
    [
        ([500, 500, 1], [0, 1], False),
        ([501, 500, 1], [1], True),
        ([10, 10, 2000, 1], [2], True),
        ([2000, 10, 1], [1], True),
        ([2000, 1], [0], False),
    ],
    ids=str,
)
def test_a_page_backwards_keeps_the_nearest_resources(
    sizes: list[int], expected: list[int], has_more: bool
) -> None:
    part = _sized(sizes).back((str(len(sizes) - 1),), 10)
    assert (_numbers(part), part.has_more) == (expected, has_more)


def test_hits_come_as_they_are_shown() -> None:
    walk = SizeLimited(
        Row(range(3)), lambda matches: [{"n": match.position[0]} for match in matches], BOUNDS
    )
    assert list(map(dict, walk.onward(None, 1, 1).shown)) == [{"n": "1"}]
    assert list(map(dict, walk.back(("2",), 9).shown)) == [{"n": "0"}, {"n": "1"}]


def test_a_size_limited_walk_keeps_order_and_count_of_its_walk() -> None:
    walk = SizeLimited(Row(range(3), is_counted=True), lambda _: [], BOUNDS)
    assert (walk.order, walk.is_counted, walk.count()) == ("row", True, 3)


def test_a_projection_makes_room_for_more_bodies() -> None:
    whole = room_for_bodies(BOUNDS, Query(sort_by="userName"))
    assert whole == BOUNDS.answer_bytes
    assert room_for_bodies(BOUNDS, Query(attributes=("userName",))) > whole
    assert room_for_bodies(BOUNDS, Query(excluded_attributes=("groups",))) > whole


# What follows is about whole queries: users of different sizes on moto, and every kind of walk.

QUERIES: dict[str, dict[str, Any]] = {
    "all": {},
    "tested": {"filter": "nickName pr"},
    "shared value": {"filter": 'externalId eq "same"'},
    "prefix": {"filter": 'userName sw "u"'},
    "changed": {"filter": 'meta.lastModified gt "2026-01-01T00:00:00Z"'},
    "sorted by index": {"sort_by": "userName"},
    "sorted back": {"sort_by": "userName", "sort_order": "descending"},
    "ranked": {"sort_by": "title"},
    "part of each": {"excluded_attributes": ("title",)},
}
NUMBER = 36
LIMIT = 40_000


@pytest.fixture(name="crowd", scope="module")
def _crowd() -> Iterator[FakeDeployment]:
    """Users of up to 12 KB, one of 60 KB; some in a group."""
    with moto_client() as client:
        yield _filled(client)


def _filled(client: "DynamoDBClient") -> FakeDeployment:
    random = Random(7)
    directory = DynamoDirectory(client, new_table(client))
    deployment = FakeDeployment(directory=directory, bounds=Bounds(answer_bytes=LIMIT))
    ids = []
    for number in range(NUMBER):
        size = 60_000 if number == 33 else random.randrange(12_000)
        nick = random.choice(["x", "é", '"', "\\"]) * (size // 2)
        ids.append(
            deployment.user(
                f"u{random.randrange(10**6)}",
                externalId="same",
                nickName=nick or "-",
                title=f"t{random.randrange(5)}",
            )
        )
    deployment.group("Some", *ids[::3])
    return deployment


def _bytes(page: Listing) -> int:
    """Return how many bytes Lambda counts for the resources of a page."""
    body = json.dumps(list(map(dict, page.resources)), ensure_ascii=False, separators=(",", ":"))
    return len(json.dumps(body, ensure_ascii=False).encode())


def _checked(pages: Sequence[Listing], expected: list[str]) -> None:
    """Everybody comes once and in order, no page is too large, and none is smaller than it need be."""
    assert [str(each["id"]) for page in pages for each in page.resources] == expected
    assert {page.total for page in pages} == {NUMBER}
    for page in pages:
        assert _bytes(page) <= LIMIT or len(page.resources) == 1
    assert 5 < len(pages) < NUMBER


@pytest.mark.parametrize("name", sampled(QUERIES, 4))
def test_a_walk_by_index_goes_on_behind_what_was_shown(crowd: FakeDeployment, name: str) -> None:
    query = QUERIES[name]
    pages, start = [], 1
    while start <= NUMBER:
        pages.append(crowd.search("User", start_index=start, count=1000, **query))
        assert pages[-1].start_index == start
        start += len(pages[-1].resources)
    _checked(pages, _expected(crowd, query))


@pytest.mark.parametrize("name", sampled(QUERIES, 12))
def test_a_walk_by_cursor_goes_on_and_back(crowd: FakeDeployment, name: str) -> None:
    query = {"count": 1000, **QUERIES[name]}
    pages = [crowd.search("User", cursor="", **query)]
    while pages[-1].next_cursor is not None:
        pages.append(crowd.search("User", cursor=pages[-1].next_cursor, **query))
    _checked(pages, _expected(crowd, QUERIES[name]))
    back: list[Listing] = []
    cursor = pages[-1].previous_cursor
    while cursor is not None:
        back.insert(0, crowd.search("User", cursor=cursor, **query))
        assert back[0].next_cursor is not None
        cursor = back[0].previous_cursor
    _checked([*back, pages[-1]], _expected(crowd, QUERIES[name]))


def test_several_types_are_walked_across_their_border(crowd: FakeDeployment) -> None:
    found, start, total = [], 1, NUMBER + 1
    while start <= total:
        page = crowd.search("User", "Group", start_index=start, count=1000)
        assert (page.total, _bytes(page) <= LIMIT or len(page.resources) == 1) == (total, True)
        found += [str(each["id"]) for each in page.resources]
        start = len(found) + 1
    assert found == [*_expected(crowd, {}), id_(NUMBER + 1)]


def test_names_alone_are_all_on_one_page(crowd: FakeDeployment) -> None:
    page = crowd.search("User", count=1000, attributes=("userName",))
    assert len(page.resources) == page.total == NUMBER


def _expected(crowd: FakeDeployment, query: dict[str, Any]) -> list[str]:
    """Return the ids in the order of the query, as a deployment says that is not bounded."""
    whole = FakeDeployment(directory=crowd.directory, bounds=Bounds(answer_bytes=10**9))
    page = whole.search("User", count=1000, **query)
    assert len(page.resources) == NUMBER
    return [str(each["id"]) for each in page.resources]
