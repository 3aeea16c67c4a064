"""Walks during creations and deletions: a resource that was there all the time comes exactly once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from scim.service.ports import Directory
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.stores import local_client, new_table
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import FakeDeployment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LONG = pytest.mark.long

QUERIES: dict[str, dict[str, Any]] = {
    "all": {},
    "tested": {"filter": "active eq true"},
    "prefix": {"filter": 'userName sw "u"'},
    "range": {"filter": 'userName ge "u" and userName lt "v"'},
    "shared value": {"filter": 'externalId eq "same"'},
    "either": {"filter": 'externalId eq "same" or emails.value eq "same@example.org"'},
    "both": {"filter": 'externalId eq "same" and emails.value eq "same@example.org"'},
    "members": {"filter": "GROUP"},
    "sorted by index": {"sort_by": "userName"},
    "sorted back": {"sort_by": "userName", "sort_order": "descending"},
    "sorted, some without": {"sort_by": "displayName"},
    "ranked": {"sort_by": "title", "sort_order": "descending"},
    "sorted, filtered": {"sort_by": "userName", "filter": 'userName sw "u"'},
    "sorted back, tested": {
        "sort_by": "userName",
        "sort_order": "descending",
        "filter": "active eq true",
    },
    "ranked, filtered": {"sort_by": "title", "filter": 'externalId eq "same"'},
    "changed": {"filter": 'meta.lastModified gt "2026-01-01T00:00:00Z"'},
}


@dataclass
class Crowd:
    """Users, some of whom stay; others come and go."""

    deployment: FakeDeployment
    random: Random
    number: int = 0
    group: str = ""
    passing: list[str] = field(default_factory=list)

    def come(self) -> str:
        """Create a user."""
        self.number += 1
        return self.deployment.user(
            f"u{self.random.randrange(10)}{self.number}",
            externalId="same",
            active=True,
            emails=[{"value": "same@example.org"}],
            **({"displayName": f"d{self.number % 7}"} if self.number % 3 else {}),
            **({"title": f"t{self.number % 5}"} if self.number % 4 else {}),
        )

    def stir(self) -> None:
        """Let some come and some go."""
        for _ in range(self.random.randrange(4)):
            self.passing.append(self.come())
            self.deployment.add(self.group, self.passing[-1])
        for _ in range(min(self.random.randrange(4), len(self.passing))):
            gone = self.passing.pop(self.random.randrange(len(self.passing)))
            self.deployment.delete("User", gone)


def _staying(run: int) -> int:
    """Return how many stay: fewer in the one run of `make test`, which are two pages at least."""
    return 20 if run else 12


@pytest.mark.parametrize("run", [pytest.param(n, marks=LONG if n else ()) for n in range(20)])
def test_a_walk_misses_and_repeats_nobody(run: int) -> None:
    _walk_all(FakeDirectory(), Random(run), staying=_staying(run), names=list(QUERIES))


@pytest.mark.dynamodb
@pytest.mark.parametrize("run", range(20))
def test_a_walk_on_dynamodb_local_misses_and_repeats_nobody(
    run: int, dynamodb: "DynamoDBClient"
) -> None:
    directory = DynamoDirectory(dynamodb, new_table(dynamodb))
    names = [name for n, name in enumerate(QUERIES) if (n + run) % 3 == 0]
    _walk_all(directory, Random(1000 + run), staying=25, names=names)


@pytest.mark.parametrize("run", [pytest.param(n, marks=LONG if n > 0 else ()) for n in range(20)])
def test_simultaneous_walks_of_one_client_miss_nobody(run: int) -> None:
    random = Random(2000 + run)
    deployment = FakeDeployment(ids=_RandomIds(random))  # type: ignore[arg-type]
    crowd = Crowd(deployment, random)
    there = {crowd.come() for _ in range(_staying(run))}
    crowd.group = deployment.group("All", *there)
    for minute, (name, query) in enumerate(QUERIES.items()):
        deployment.clock.time = f"2026-03-01T10:{minute:02d}:00.000Z"
        asked = {
            key: value.replace("GROUP", f'groups.value eq "{crowd.group}"')
            for key, value in query.items()
        }
        walks = [_Walk(random.choice([3, 5, 5, 7])) for _ in range(3)]
        while going := [walk for walk in walks if not walk.is_over]:
            random.choice(going).step(deployment, asked)
            crowd.stir()
        for walk in walks:
            assert there <= walk.found, (name, walk.size)


@dataclass
class _Walk:
    """One walk page by page, begun when its first step is taken."""

    size: int
    index: int = 1
    is_over: bool = False
    found: set[str] = field(default_factory=set)

    def step(self, deployment: FakeDeployment, query: dict[str, Any]) -> None:
        page = deployment.search("User", start_index=self.index, count=self.size, **query)
        self.found |= {str(each["id"]) for each in page.resources}
        self.index += len(page.resources)
        self.is_over = not page.resources or self.index > page.total


@pytest.fixture(scope="module")
def dynamodb() -> Iterator["DynamoDBClient"]:
    with local_client() as client:
        yield client


def _walk_all(directory: Directory, random: Random, staying: int, names: list[str]) -> None:
    # Random ids, as in life: those that come are among those that are there.
    deployment = FakeDeployment(directory=directory, ids=_RandomIds(random))  # type: ignore[arg-type]
    crowd = Crowd(deployment, random)
    there = [crowd.come() for _ in range(staying)]
    crowd.group = deployment.group("All", *there)
    for name in names:
        query = {
            key: value.replace("GROUP", f'groups.value eq "{crowd.group}"')
            for key, value in QUERIES[name].items()
        }
        for walk in (_by_index, _by_cursor, _back_by_cursor):
            walked = walk(crowd, query)
            seen = Counter(walked)
            wrong = {id_: seen[id_] for id_ in there if seen[id_] != 1}
            assert not wrong, (name, walk, wrong)
            assert max(seen.values()) == 1, (name, walk)


def _by_index(crowd: Crowd, query: dict[str, Any]) -> list[str]:
    found: list[str] = []
    while True:
        size = crowd.random.randrange(3, 9)
        page = crowd.deployment.search("User", start_index=len(found) + 1, count=size, **query)
        found += [str(each["id"]) for each in page.resources]
        assert page.total >= len(found)
        if len(found) >= page.total:
            return found
        crowd.stir()


def _by_cursor(crowd: Crowd, query: dict[str, Any]) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        size = crowd.random.randrange(3, 9)
        page = crowd.deployment.search("User", cursor=cursor, count=size, **query)
        found += [str(each["id"]) for each in page.resources]
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor
        crowd.stir()


def _back_by_cursor(crowd: Crowd, query: dict[str, Any]) -> list[str]:
    """Walk to the end while nobody comes or goes, then back while they do."""
    page = crowd.deployment.search("User", cursor="", count=7, **query)
    while page.next_cursor is not None:
        page = crowd.deployment.search("User", cursor=page.next_cursor, count=7, **query)
    found = [str(each["id"]) for each in page.resources]
    while page.previous_cursor is not None:
        crowd.stir()
        size = crowd.random.randrange(3, 9)
        page = crowd.deployment.search("User", cursor=page.previous_cursor, count=size, **query)
        assert page.next_cursor is not None
        found = [*(str(each["id"]) for each in page.resources), *found]
    return found


class _RandomIds:
    def __init__(self, random: Random) -> None:
        self._random = random

    def new(self) -> str:
        """Return a random identifier."""
        digits = f"{self._random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"

    def ordered(self, now: str) -> str:
        """Return a random identifier all the same."""
        return self.new()
