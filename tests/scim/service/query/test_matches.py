"""Matches come in the order of their candidates, and no more is read than needed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from scim.resource.record import LINK, Key, Record
from scim.service.query.candidates import Candidate
from scim.service.query.matches import FULL, CandidateTest, Match, Matches, characters_of
from scim.service.query.read_budget import ReadBudget
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import TENANT, FakeDeployment, id_

EVERYBODY = [id_(n) for n in range(1, 13)]


class HastyDirectory(FakeDirectory):
    """Reads many records as they were a while ago: what is in `old` has not come to pass."""

    def __init__(self) -> None:
        super().__init__()
        self.old: dict[str, Record | None] = {}
        self.read_ids: list[str] = []

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        found = dict(super().read_many(tenant, keys))
        self.read_ids += [key.id for key in found]
        for name, record in self.old.items():
            found.pop(Key("User", name), None)
            if record is not None:
                found[record.key] = record
        return found


@pytest.fixture(name="deployment")
def _deployment() -> FakeDeployment:
    """Twelve users, every third of them active."""
    deployment = FakeDeployment(HastyDirectory())
    for number in range(1, 13):
        deployment.user(f"user{number}", active=number % 3 == 0)
    return deployment


def _is_active(view: Mapping[str, object]) -> bool:
    return view.get("active") is True


def _is_anybody(_: Mapping[str, object]) -> bool:
    return True


def _stream(deployment: FakeDeployment, ids: Iterable[str], **kind: Any) -> Matches:
    pages = ([Candidate(f"at {id_}", id_)] for id_ in ids)
    test = kind.get("matches", _is_anybody)
    is_exact = kind.get("is_exact", True)
    return Matches(
        deployment.endpoint("User"),
        "segment",
        pages,
        CandidateTest(test, is_exact=is_exact),
        ReadBudget(100),
    )


def _ids(matches: list[Match]) -> list[str]:
    return [match.record.key.id for match in matches]


def test_hits_are_taken_in_order_with_their_place_in_the_walk(deployment: FakeDeployment) -> None:
    reader = _stream(deployment, EVERYBODY)
    first, second = reader.take(1), reader.take(20)
    assert _ids(first + second) == EVERYBODY
    assert first[0].position == ("segment", f"at {id_(1)}")
    assert (reader.take(5), reader.has_more(), reader.rest()) == ([], False, 0)


def test_candidates_that_do_not_match_are_no_hits(deployment: FakeDeployment) -> None:
    reader = _stream(deployment, EVERYBODY, matches=_is_active, is_exact=False)
    assert _ids(reader.take(3)) == [id_(3), id_(6), id_(9)]
    assert reader.has_more()
    assert reader.rest() == 1
    assert not reader.has_more()


@pytest.mark.parametrize(
    ("is_exact", "expected"), [(True, id_(6)), (False, id_(12))], ids=["exact", "tested"]
)
def test_skipped_matches_are_counted(
    deployment: FakeDeployment, is_exact: bool, expected: str
) -> None:
    ids = [id_(n) for n in (3, 6, 9, 12)] if is_exact else EVERYBODY
    reader = _stream(deployment, ids, matches=_is_active, is_exact=is_exact)
    assert reader.drop(1 if is_exact else 3) == (1 if is_exact else 3)
    assert _ids(reader.take(1)) == [expected]
    assert reader.drop(10) == (2 if is_exact else 0)


@pytest.mark.parametrize("sizes", [(12,), (1, 0, 11), (5, 5, 2), (0, 12, 0), (1,) * 12], ids=str)
def test_the_result_does_not_depend_on_the_pages_of_candidates(
    deployment: FakeDeployment, sizes: tuple[int, ...]
) -> None:
    def pages() -> Iterator[list[Candidate]]:
        left = [Candidate(each, each) for each in EVERYBODY]
        for size in sizes:
            yield left[:size]
            del left[:size]

    endpoint, budget = deployment.endpoint("User"), ReadBudget(100)
    reader = Matches(
        endpoint, "segment", pages(), CandidateTest(_is_anybody, is_exact=True), budget
    )
    assert (reader.drop(4), _ids(reader.take(3)), reader.has_more()) == (4, EVERYBODY[4:7], True)
    assert (reader.drop(1), reader.rest(), reader.has_more()) == (1, 4, False)
    tested = Matches(
        endpoint, "segment", pages(), CandidateTest(_is_active, is_exact=False), budget
    )
    assert (tested.drop(1), _ids(tested.take(2)), tested.rest()) == (1, [id_(6), id_(9)], 1)


def test_counted_candidates_are_not_read(deployment: FakeDeployment) -> None:
    directory = deployment.directory
    assert isinstance(directory, HastyDirectory)
    reader = _stream(deployment, EVERYBODY)
    assert (reader.drop(4), len(reader.take(2)), reader.has_more()) == (4, 2, True)
    assert reader.rest() == 6
    assert directory.read_ids == [id_(5), id_(6)]


def test_a_record_that_came_along_is_not_read_again(deployment: FakeDeployment) -> None:
    endpoint = deployment.endpoint("User")
    known = deployment.directory.records(TENANT, "User", "up", None, 20).records  # type: ignore[arg-type]
    pages = iter([[Candidate(each.key.id, each.key.id, each) for each in known]])
    reader = Matches(
        endpoint, "segment", pages, CandidateTest(_is_active, is_exact=False), ReadBudget(100)
    )
    assert _ids(reader.take(20)) == [id_(n) for n in (3, 6, 9, 12)]
    assert isinstance(deployment.directory, HastyDirectory)
    assert deployment.directory.read_ids == []


def test_a_candidate_missing_from_an_old_read_is_read_again(deployment: FakeDeployment) -> None:
    directory = deployment.directory
    assert isinstance(directory, HastyDirectory)
    directory.old = {id_(2): None}
    assert _ids(_stream(deployment, EVERYBODY).take(20)) == EVERYBODY


def test_a_record_that_does_not_fit_its_index_entry_was_read_too_early(
    deployment: FakeDeployment,
) -> None:
    directory = deployment.directory
    assert isinstance(directory, HastyDirectory)
    now = directory.read_latest(TENANT, [Key("User", id_(3))])[Key("User", id_(3))]
    directory.old = {id_(3): replace(now, body={**now.body, "active": False})}
    ids = [id_(3), id_(6)]
    assert _ids(_stream(deployment, ids, matches=_is_active).take(5)) == ids


def test_a_resource_deleted_since_the_index_was_read_is_left_out(
    deployment: FakeDeployment,
) -> None:
    reader = _stream(deployment, EVERYBODY)
    deployment.delete("User", id_(5))
    assert _ids(reader.take(20)) == [each for each in EVERYBODY if each != id_(5)]


def test_back_links_fill_the_room(deployment: FakeDeployment) -> None:
    known = deployment.directory.records(TENANT, "User", "up", None, 20).records  # type: ignore[arg-type]
    large = [replace(each, text="x" * 10, linked=5) for each in known]
    pages = iter([[Candidate(each.key.id, each.key.id, each) for each in large]])
    reader = Matches(
        deployment.endpoint("User"),
        "s",
        pages,
        CandidateTest(_is_anybody, is_exact=True),
        ReadBudget(100),
    )
    assert len(reader.take(20, 3 * (10 + 5 * LINK))) == 3


@pytest.mark.parametrize(
    ("room", "numbers"),
    [(1, [1]), (10, [1]), (11, [1, 2]), (35, [1, 2, 3, 4]), (10**6, [*range(1, 13)]), (0, [])],
)
def test_bodies_fill_the_room(deployment: FakeDeployment, room: int, numbers: list[int]) -> None:
    known = deployment.directory.records(TENANT, "User", "up", None, 20).records  # type: ignore[arg-type]
    large = [replace(each, text="x" * 10) for each in known]
    pages = iter([[Candidate(each.key.id, each.key.id, each) for each in large]])
    reader = Matches(
        deployment.endpoint("User"),
        "s",
        pages,
        CandidateTest(_is_anybody, is_exact=True),
        ReadBudget(100),
    )
    taken = reader.take(20, room)
    assert _ids(taken) == [id_(n) for n in numbers]
    assert characters_of(taken) == 10 * len(numbers)
    assert reader.has_more() is (len(numbers) < 12)
    assert len(taken) + reader.rest() == 12


def test_fewer_heavy_candidates_are_read_at_once(deployment: FakeDeployment) -> None:
    known = deployment.directory.records(TENANT, "User", "up", None, 20).records  # type: ignore[arg-type]
    read: list[str] = []

    def pages() -> Iterator[list[Candidate]]:
        for each in known:
            read.append(each.key.id)
            yield [Candidate(each.key.id, each.key.id, replace(each, linked=FULL // LINK // 2))]

    reader = Matches(
        deployment.endpoint("User"),
        "s",
        pages(),
        CandidateTest(_is_anybody, is_exact=False),
        ReadBudget(100),
    )
    assert len(reader.take(20, FULL)) == 2
    assert read == [id_(1), id_(2)]
    assert len(reader.take(20)) == 10
