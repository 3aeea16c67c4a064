"""The kinds of plans, the cost of each, and their explanation for an operator."""

from __future__ import annotations

from scim.filter.binding.bound_tree import ALWAYS, Tree
from scim.immutable import immutable
from scim.resource.access_path import KeyRange
from scim.schema.resource_type import Index


@immutable
class Nothing:
    """No resource can match."""


@immutable
class ByIds:
    """Only these resources can match."""

    ids: frozenset[str]


@immutable
class ByIndex:
    """Only resources that the index lists under the key can match."""

    index: Index
    value: str

    @property
    def attribute(self) -> str:
        return self.index.attribute


@immutable
class ByRange:
    """Only resources that the index lists in the range can match.

    `is_single` says that the index lists each resource at most once.
    """

    index: Index
    key_range: KeyRange
    is_single: bool

    @property
    def attribute(self) -> str:
        return self.index.attribute


@immutable
class ByChange:
    """Only resources last modified in these hours can match; the index is eventually consistent."""

    since: str
    until: str | None = None


@immutable
class ByRelation:
    """Only resources whose relation has an edge to the target can match."""

    attribute: str
    target_id: str


@immutable
class ByBackLink:
    """Only targets of the source's relation, which the attribute mirrors, can match."""

    attribute: str
    source_id: str


@immutable
class Union:
    """Only resources that one of the plans yields can match."""

    plans: tuple[Plan, ...]


@immutable
class Intersection:
    """Only resources that all of the plans yield can match; each plan lists ids in order."""

    plans: tuple[Plan, ...]


@immutable
class Scan:
    """Every resource of the type can match."""


Plan = (
    Nothing
    | ByIds
    | ByIndex
    | ByRange
    | ByChange
    | ByRelation
    | ByBackLink
    | Union
    | Intersection
    | Scan
)


@immutable
class Planned:
    """A plan, and the remainder of the filter, to be tested on each resource that the plan yields."""

    plan: Plan
    remainder: Tree = ALWAYS

    @property
    def is_exact(self) -> bool:
        """Whether every resource that the plan yields matches."""
        return self.remainder == ALWAYS and is_exact(self.plan)


def is_exact(plan: Plan) -> bool:
    """Return whether each id that a plan yields is certainly the id of a live resource."""
    match plan:
        case Nothing() | ByIndex() | ByBackLink() | ByRange() | Scan():
            return True
        case Union() | Intersection():
            return all(map(is_exact, plan.plans))
        case _:
            return False


def explained(plan: Plan) -> dict[str, object]:
    """Return the plan in the form for an operator, without operands."""
    match plan:
        case ByIds():
            return {"plan": "ids", "count": len(plan.ids)}
        case Union():
            return {"plan": "union", "of": [explained(part) for part in plan.plans]}
        case Intersection():
            return {"plan": "intersection", "of": [explained(part) for part in plan.plans]}
        case Nothing():
            return {"plan": "nothing"}
        case Scan():
            return {"plan": "scan"}
        case _:
            return _explained_lookup(plan)


def _explained_lookup(
    plan: ByIndex | ByRange | ByChange | ByRelation | ByBackLink,
) -> dict[str, object]:
    match plan:
        case ByIndex():
            return {"plan": "index", "attribute": plan.attribute, "unique": plan.index.is_unique}
        case ByRange():
            kind = "range" if plan.key_range.prefix is None else "prefix"
            return {"plan": kind, "attribute": plan.attribute}
        case ByChange():
            return {"plan": "changed", "attribute": "meta.lastModified", "consistent": False}
        case ByRelation():
            return {"plan": "relation", "attribute": plan.attribute}
        case ByBackLink():
            return {"plan": "backLink", "attribute": plan.attribute}


def lists_ids_in_order(plan: Plan) -> bool:
    """Return whether the plan lists ids in order, so that two such lists can be intersected."""
    match plan:
        case ByIndex():
            return not plan.index.is_unique
        case ByBackLink():
            return True
        case _:
            return False


def cost_of(plan: Plan) -> tuple[int, int]:
    """Return the rank of a plan; plans with fewer round trips and fewer resources to read come first."""
    match plan:
        case ByIds():
            return 1, len(plan.ids)
        case ByIndex() if plan.index.is_unique:
            return 2, 0
        case Union():
            has_range = any(isinstance(part, ByRange) for part in plan.plans)
            return (8 if has_range else 5), len(plan.plans)
        case ByRange():
            return 6, _openness(plan.key_range)
        case _:
            return _RANKS[type(plan)], 0


_RANKS: dict[type, int] = {
    Nothing: 0,
    Intersection: 3,
    ByRelation: 3,
    ByBackLink: 3,
    ByIndex: 4,
    ByChange: 7,
    Scan: 9,
}


def _openness(key_range: KeyRange) -> int:
    """Return how wide the range is: lowest for a long prefix, highest for a range with one open end."""
    if key_range.prefix is not None:
        return -len(key_range.prefix)
    return 1 if key_range.lower is not None and key_range.upper is not None else 2
