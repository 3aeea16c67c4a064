"""The kinds of plans, what each costs, and how an operator is told of them."""

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
    """Only what the index holds under the key can match."""

    index: Index
    value: str

    @property
    def attribute(self) -> str:
        return self.index.attribute


@immutable
class ByRange:
    """Only what the index holds in the range can match.

    `is_single` tells that a resource stands there once at most.
    """

    index: Index
    key_range: KeyRange
    is_single: bool

    @property
    def attribute(self) -> str:
        return self.index.attribute


@immutable
class ByChange:
    """Only what was last modified in these hours can match; known a moment late."""

    since: str
    until: str | None = None


@immutable
class ByRelation:
    """Only resources whose relation has an edge to the target can match."""

    attribute: str
    target_id: str


@immutable
class ByBackLink:
    """Only targets of the source's relation that the attribute mirrors can match."""

    attribute: str
    source_id: str


@immutable
class Union:
    """Only what one of the plans yields can match."""

    plans: tuple[Plan, ...]


@immutable
class Intersection:
    """Only what all of the plans yield can match; each lists ids in order."""

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
    """A plan, and what of the filter it leaves to be tested on each resource it yields."""

    plan: Plan
    remainder: Tree = ALWAYS

    @property
    def is_exact(self) -> bool:
        """Whether all that the plan yields matches."""
        return self.remainder == ALWAYS and is_exact(self.plan)


def is_exact(plan: Plan) -> bool:
    """Whether each id a plan yields names a live resource for certain."""
    match plan:
        case Nothing() | ByIndex() | ByBackLink() | ByRange() | Scan():
            return True
        case Union() | Intersection():
            return all(map(is_exact, plan.plans))
        case _:
            return False


def explained(plan: Plan) -> dict[str, object]:
    """Return the plan as it is shown to an operator, without the values asked for."""
    match plan:
        case ByIds():
            return {"plan": "ids", "count": len(plan.ids)}
        case Union():
            return {"plan": "union", "of": [explained(each) for each in plan.plans]}
        case Intersection():
            return {"plan": "intersection", "of": [explained(each) for each in plan.plans]}
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


def is_list(plan: Plan) -> bool:
    """Whether the plan lists ids in their order, so that two such lists can be cut."""
    match plan:
        case ByIndex():
            return not plan.index.is_unique
        case ByBackLink():
            return True
        case _:
            return False


def cost_of(plan: Plan) -> tuple[int, int]:
    """Return a rank: fewer round trips and fewer resources read come first."""
    match plan:
        case ByIds():
            return 1, len(plan.ids)
        case ByIndex() if plan.index.is_unique:
            return 2, 0
        case Union():
            return (8 if any(isinstance(p, ByRange) for p in plan.plans) else 5), len(plan.plans)
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
    """Return how little the range says: a long prefix first, one open end last."""
    if key_range.prefix is not None:
        return -len(key_range.prefix)
    return 1 if key_range.lower is not None and key_range.upper is not None else 2
