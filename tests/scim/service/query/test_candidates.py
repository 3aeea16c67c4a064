"""A plan's candidates come in one order, from any position in it, both ways, and no further than a query may read."""

import pytest

from scim.errors import TooMany
from scim.filter.planning.plan import (
    ByBackLink,
    ByChange,
    ByIds,
    ByIndex,
    ByRange,
    ByRelation,
    Intersection,
    Nothing,
    Plan,
    Scan,
    Union,
)
from scim.resource.access_path import WHOLE_INDEX, Direction, KeyRange, Limit
from scim.schema.resource_type import Index
from scim.service.query.candidates import (
    Candidate,
    CandidateSource,
    entries,
    scan,
    source_by_id,
    source_of,
)
from scim.service.query.read_budget import ReadBudget
from tests.fakes.endpoint import FakeDeployment, id_, type_of
from tests.fakes.observed import ObservedDirectory

UP, DOWN = Direction.UP, Direction.DOWN
NAMES = ["dora", "anna", "carl", "bert", "emil"]


def _index(attribute: str) -> Index:
    return next(each for each in type_of("User").indexes if each.attribute == attribute)


USER_NAME, EXTERNAL_ID = _index("userName"), _index("externalId")
SAME = ByIndex(EXTERNAL_ID, "same")
STAFF, CREW = ByBackLink("groups", id_(6)), ByBackLink("groups", id_(7))
TO_C = ByRange(USER_NAME, KeyRange(upper=("c", Limit.WITHOUT)), is_single=True)


@pytest.fixture(name="deployment", scope="module")
def _deployment() -> FakeDeployment:
    """Users 1 to 5; all but the last share an externalId; groups 6 (1, 2, 3) and 7 (3, 4)."""
    deployment = FakeDeployment(ObservedDirectory())
    for number, name in enumerate(NAMES, 1):
        deployment.clock.time = f"2026-03-01T{10 - number:02d}:00:00.000Z"
        deployment.user(name, externalId="same" if number < 5 else "other")
    deployment.group("staff", id_(1), id_(2), id_(3))
    deployment.group("crew", id_(3), id_(4))
    return deployment


def _found(
    source: CandidateSource, direction: Direction, beyond: str | None, likely: int
) -> list[Candidate]:
    return [each for page in source.pages(direction, beyond, likely) for each in page]


def _numbers(found: list[Candidate]) -> list[int]:
    return [int(each.id[-2:]) for each in found]


@pytest.mark.parametrize(
    ("plan", "order", "numbers"),
    [
        (Scan(), "id", [1, 2, 3, 4, 5]),
        (Nothing(), "id", []),
        (ByIds(frozenset({id_(4), id_(2), id_(99)})), "id", [2, 4, 99]),
        (SAME, "id", [1, 2, 3, 4]),
        (ByIndex(USER_NAME, "carl"), "id", [3]),
        (ByIndex(USER_NAME, "nobody"), "id", []),
        (STAFF, "id", [1, 2, 3]),
        (ByBackLink("groups", "nothing"), "id", []),
        (ByRelation("members", id_(1)), "id", []),
        (Union((STAFF, CREW)), "id", [1, 2, 3, 4]),
        (Intersection((STAFF, CREW)), "id", [3]),
        (Intersection((SAME, Union((CREW, ByIds(frozenset({id_(5)})))))), "id", [3, 4]),
        (Union((TO_C, CREW)), "id", [2, 3, 4]),
        (TO_C, "index userName", [2, 4]),
        (ByRange(USER_NAME, KeyRange(prefix="e"), is_single=True), "index userName", [5]),
        (ByRange(EXTERNAL_ID, WHOLE_INDEX, is_single=False), "id", [1, 2, 3, 4, 5]),
        (ByChange("2026-03-01T07"), "change", [3, 2, 1]),
        (ByChange("2026-03-01T06", "2026-03-01T07"), "change", [4, 3]),
    ],
    ids=str,
)
def test_a_plan_yields_candidates_in_its_order(
    deployment: FakeDeployment, plan: Plan, order: str, numbers: list[int]
) -> None:
    source = source_of(deployment.endpoint("User"), plan, ReadBudget(1000))
    assert source.order == order
    for likely in (1, 2, 100):
        up = _found(source, UP, None, likely)
        assert _numbers(up) == numbers
        assert _numbers(_found(source, DOWN, None, likely)) == numbers[::-1]
        for at, each in enumerate(up):
            assert _numbers(_found(source, UP, each.position, likely)) == numbers[at + 1 :]
            assert _numbers(_found(source, DOWN, each.position, likely)) == numbers[:at][::-1]


@pytest.mark.parametrize(
    ("plan", "numbers"),
    [
        (Scan(), [1, 2, 3, 4, 5]),
        (SAME, [1, 2, 3, 4]),
        (TO_C, [2, 4]),
        (Intersection((STAFF, CREW)), [3]),
        (Nothing(), []),
    ],
    ids=str,
)
def test_a_plan_can_be_had_in_the_order_of_the_ids(
    deployment: FakeDeployment, plan: Plan, numbers: list[int]
) -> None:
    source = source_by_id(deployment.endpoint("User"), plan, ReadBudget(1000))
    assert source is not None
    assert source.order == "id"
    assert _numbers(_found(source, UP, None, 2)) == numbers
    assert _numbers(_found(source, DOWN, None, 2)) == numbers[::-1]


def test_changes_are_in_no_order_of_ids(deployment: FakeDeployment) -> None:
    assert source_by_id(deployment.endpoint("User"), ByChange("2026"), ReadBudget(1000)) is None


def test_a_scan_brings_the_records_along_and_an_index_does_not(deployment: FakeDeployment) -> None:
    endpoint = deployment.endpoint("User")
    scanned = _found(scan(endpoint, ReadBudget(10)), UP, None, 10)
    assert [each.record.body["userName"] for each in scanned if each.record] == NAMES
    indexed = _found(entries(endpoint, USER_NAME, WHOLE_INDEX, ReadBudget(10)), UP, None, 10)
    assert [(each.id[-1], each.record) for each in indexed] == [(n, None) for n in "24315"]


@pytest.mark.parametrize(
    ("plan", "method"),
    [(Scan(), "records"), (TO_C, "ids"), (SAME, "ids"), (ByChange("2026"), "ids")],
    ids=["scan", "range", "value", "change"],
)
def test_candidates_are_read_page_by_page_on_demand(
    deployment: FakeDeployment, plan: Plan, method: str
) -> None:
    directory = deployment.directory
    assert isinstance(directory, ObservedDirectory)
    directory.asked.clear()
    budget = ReadBudget(1000)
    pages = source_of(deployment.endpoint("User"), plan, budget).pages(UP, None, 1)
    assert (directory.asked, budget.items) == ([], 0)
    assert len(next(pages)) == 1
    assert (directory.asked, budget.items) == ([method], 1)
    assert next(pages)
    assert directory.asked == [method, method]


@pytest.mark.parametrize("plan", [Scan(), SAME, TO_C, Union((SAME, CREW))], ids=str)
def test_the_number_of_items_read_is_bounded(deployment: FakeDeployment, plan: Plan) -> None:
    endpoint = deployment.endpoint("User")
    with pytest.raises(TooMany, match="more than 1 items of User"):
        _found(source_of(endpoint, plan, ReadBudget(1)), UP, None, 100)
