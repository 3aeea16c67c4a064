"""The source of a plan's candidates and their order."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

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
from scim.immutable import immutable
from scim.resource.access_path import (
    AccessPath,
    ChangedSince,
    Direction,
    IdPage,
    IndexRange,
    IndexValue,
    KeyRange,
    RelationTargets,
)
from scim.resource.record import Key, Record
from scim.schema.resource_type import Index
from scim.service.endpoint import Endpoint
from scim.service.query.id_lists import (
    LARGEST_PAGE,
    AllIds,
    AnyIds,
    FixedIds,
    IdList,
    ReadIds,
    walked,
)
from scim.service.query.read_budget import ReadBudget

RECORDS_AT_ONCE = 500
"""Records per read when it is not known how many are needed."""


class Candidate(NamedTuple):
    """A candidate: its position in the source's order, its id, and its record if the source read it."""

    position: str
    id: str
    record: Record | None = None


@immutable
class CandidateSource:
    """Candidates of one endpoint in one order; `order` names the order."""

    order: str
    pages: Callable[[Direction, str | None, int], Iterator[Sequence[Candidate]]]
    """Takes the direction, the position to continue beyond, and how many candidates are probably enough.

    Yields the candidates as they are read. A page may be empty; its bodies are no more than the store reads at once.
    """


def source_of(endpoint: Endpoint, plan: Plan, budget: ReadBudget) -> CandidateSource:
    """Return the source of a plan: for a range, in the order of the index, else in id order."""
    match plan:
        case Scan():
            return scan(endpoint, budget)
        case ByRange() if plan.is_single:
            return entries(endpoint, plan.index, plan.key_range, budget)
        case ByChange():
            return _changes(endpoint, plan, budget)
        case _:
            return _listed(endpoint, plan, budget)


def source_by_id(endpoint: Endpoint, plan: Plan, budget: ReadBudget) -> CandidateSource | None:
    """Return the source of a plan in id order, None if it has no such order."""
    match plan:
        case Scan():
            return scan(endpoint, budget)
        case ByChange():
            return None
        case _:
            return _listed(endpoint, plan, budget)


def scan(endpoint: Endpoint, budget: ReadBudget) -> CandidateSource:
    """Return all records of the type in id order."""
    type_ = endpoint.resource_type
    related = endpoint.catalogue.relation_names_of(type_.name)

    def pages(
        direction: Direction, beyond: str | None, size_hint: int
    ) -> Iterator[Sequence[Candidate]]:
        while True:
            page = endpoint.directory.records(
                endpoint.tenant, type_.name, direction, beyond, size_hint, related
            )
            budget.read(page.records, type_)
            ids = [record.key.id for record in page.records]
            yield [*map(Candidate, ids, ids, page.records)]
            if not page.has_more:
                return
            beyond = page.records[-1].key.id if page.records else beyond
            size_hint = RECORDS_AT_ONCE

    return CandidateSource("id", pages)


def entries(
    endpoint: Endpoint, index: Index, key_range: KeyRange, budget: ReadBudget
) -> CandidateSource:
    """Return the candidates in a range of an index, in the order of its values."""
    path = IndexRange(endpoint.resource_type.name, index.attribute, key_range)
    return CandidateSource(f"index {index.attribute}", _pages(endpoint, path, budget))


def _changes(endpoint: Endpoint, plan: ByChange, budget: ReadBudget) -> CandidateSource:
    path = ChangedSince(endpoint.resource_type.name, plan.since, plan.until)
    return CandidateSource("change", _pages(endpoint, path, budget))


def _pages(
    endpoint: Endpoint, path: AccessPath, budget: ReadBudget
) -> Callable[[Direction, str | None, int], Iterator[Sequence[Candidate]]]:
    def pages(
        direction: Direction, beyond: str | None, size_hint: int
    ) -> Iterator[Sequence[Candidate]]:
        while True:
            page = endpoint.directory.ids(endpoint.tenant, path, direction, beyond, size_hint)
            budget.add(len(page.positions), endpoint.resource_type)
            yield [Candidate(position, id_) for position, id_ in page.positions]
            if not page.has_more:
                return
            beyond = page.positions[-1][0] if page.positions else beyond
            size_hint = min(size_hint * 4, LARGEST_PAGE)

    return pages


def _listed(endpoint: Endpoint, plan: Plan, budget: ReadBudget) -> CandidateSource:
    def pages(
        direction: Direction, beyond: str | None, size_hint: int
    ) -> Iterator[Sequence[Candidate]]:
        # Finding one more may mean reading more of another list.
        for id_ in walked(_ids(endpoint, plan, direction, size_hint, budget), beyond):
            yield (Candidate(id_, id_),)

    return CandidateSource("id", pages)


def _ids(
    endpoint: Endpoint, plan: Plan, direction: Direction, size_hint: int, budget: ReadBudget
) -> IdList:
    def lists_of(plans: tuple[Plan, ...]) -> list[IdList]:
        return [_ids(endpoint, part, direction, size_hint, budget) for part in plans]

    match plan:
        case Nothing() | ByRelation() | Scan() | ByChange():
            return FixedIds((), direction)
        case ByIds():
            budget.add(len(plan.ids), endpoint.resource_type)
            return FixedIds(plan.ids, direction)
        case Union():
            return AnyIds(lists_of(plan.plans), direction)
        case Intersection():
            return AllIds(lists_of(plan.plans))
        case ByRange():
            source = entries(endpoint, plan.index, plan.key_range, budget)
            return FixedIds(
                {
                    candidate.id
                    for page in source.pages(Direction.UP, None, LARGEST_PAGE)
                    for candidate in page
                },
                direction,
            )
        case ByIndex() | ByBackLink():
            lists: list[IdList] = [
                ReadIds(
                    fetch, direction, size_hint, lambda n: budget.add(n, endpoint.resource_type)
                )
                for fetch in _fetches(endpoint, plan, direction)
            ]
            return lists[0] if len(lists) == 1 else AnyIds(lists, direction)


def _fetches(
    endpoint: Endpoint, plan: ByIndex | ByBackLink, direction: Direction
) -> list[Callable[[str | None, int], IdPage]]:
    read_ids, type_name = endpoint.directory.ids, endpoint.resource_type.name
    paths: list[AccessPath] = (
        [IndexValue(type_name, plan.attribute, plan.value)]
        if isinstance(plan, ByIndex)
        else [
            RelationTargets(Key(link.source, plan.source_id), link.relation, type_name)
            for link in endpoint.catalogue.back_links_of(type_name)
            if link.attribute == plan.attribute
        ]
    )
    return [partial(read_ids, endpoint.tenant, path, direction) for path in paths]
