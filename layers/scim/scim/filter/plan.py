"""Plans: how to come by all resources that can match a filter without reading the others.

A plan yields at least what matches; the filter itself decides afterwards, so that a plan
need not understand all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scim.filter.bound import (
    AllOf,
    AnyOf,
    AnyValue,
    BackLinkHolds,
    Compared,
    Constant,
    IdIn,
    RelationHolds,
    Tree,
)
from scim.filter.tree import Operator
from scim.resource.fold import key_of
from scim.schema.resource_type import Index, Place, ResourceType


@dataclass(frozen=True, slots=True)
class Nothing:
    """No resource can match."""


@dataclass(frozen=True, slots=True)
class ByIds:
    """Only these resources can match."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class ByIndex:
    """Only what the index holds under the key can match."""

    index: Index
    value: str

    @property
    def attribute(self) -> str:
        return self.index.attribute


@dataclass(frozen=True, slots=True)
class ByRelation:
    """Only resources whose relation has an edge to the target can match."""

    attribute: str
    target_id: str


@dataclass(frozen=True, slots=True)
class ByBackLink:
    """Only targets of the source's relation that the attribute mirrors can match."""

    attribute: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Union:
    """Only what one of the plans yields can match."""

    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """Every resource of the type can match."""


Plan = Nothing | ByIds | ByIndex | ByRelation | ByBackLink | Union | Scan


def planned(tree: Tree, resource_type: ResourceType) -> Plan:
    """Return the cheapest plan for the filter that the resource type's indexes allow."""
    indexes = {index.attribute: index for index in resource_type.indexes}

    def plan(tree: Tree) -> Plan:
        match tree:
            case Compared(operator=Operator.EQ):
                return _equality(tree, indexes.get(str(tree.place)))
            case IdIn(ids):
                return _by_ids(ids)
            case RelationHolds(attribute, target_id):
                return ByRelation(attribute, target_id)
            case BackLinkHolds():
                return ByBackLink(tree.attribute, tree.source_id)
            case Constant(holds=False):
                return Nothing()
            case AnyValue():
                return plan(tree.filter)
            case AllOf():
                return _narrowest(tree, plan)
            case AnyOf():
                return _widest(map(plan, tree.terms))
            case _:
                return Scan()

    return plan(tree)


def explained(plan: Plan) -> dict[str, object]:
    """Return the plan as it is shown to an operator, without the values asked for."""
    match plan:
        case Nothing():
            return {"plan": "nothing"}
        case ByIds():
            return {"plan": "ids", "count": len(plan.ids)}
        case ByIndex():
            return {"plan": "index", "attribute": plan.attribute, "unique": plan.index.is_unique}
        case ByRelation():
            return {"plan": "relation", "attribute": plan.attribute}
        case ByBackLink():
            return {"plan": "backLink", "attribute": plan.attribute}
        case Union():
            return {"plan": "union", "of": [explained(each) for each in plan.plans]}
        case Scan():
            return {"plan": "scan"}


def _equality(compared: Compared, index: Index | None) -> Plan:
    if str(compared.place) == "id":
        return _by_ids(frozenset({compared.operand}))
    return Scan() if index is None else ByIndex(index, key_of(compared.operand))


def _by_ids(ids: frozenset[str]) -> Plan:
    return ByIds(ids) if ids else Nothing()


def _narrowest(conjunction: AllOf, plan: Callable[[Tree], Plan]) -> Plan:
    """Return the cheapest of the terms' plans, since every term must hold."""
    if _contradicts_itself(conjunction):
        return Nothing()
    plans = [plan(term) for term in conjunction.terms]
    ids = [each.ids for each in plans if isinstance(each, ByIds)]
    if ids:
        plans.append(_by_ids(ids[0].intersection(*ids[1:])))
    return min(plans, key=_cost)


def _contradicts_itself(conjunction: AllOf) -> bool:
    """Whether one single-valued attribute is to equal two different values."""
    wanted: dict[str, str] = {}
    for term in conjunction.terms:
        match term:
            case Compared(place, Operator.EQ, operand) if _is_single(place):
                if wanted.setdefault(str(place), operand) != operand:
                    return True
    return False


def _is_single(place: Place) -> bool:
    return not (place.attribute.multi_valued or place.leaf.multi_valued)


def _widest(plans: Iterable[Plan]) -> Plan:
    """Return a plan for all that the plans yield, since one term is enough."""
    flat: dict[Plan, None] = {}
    ids: frozenset[str] = frozenset()
    for plan in plans:
        match plan:
            case Scan():
                return plan
            case Nothing():
                pass
            case ByIds():
                ids |= plan.ids
            case Union():
                flat.update(dict.fromkeys(plan.plans))
            case _:
                flat[plan] = None
    if ids:
        flat = {ByIds(ids): None, **flat}
    match tuple(flat):
        case ():
            return Nothing()
        case (only,):
            return only
        case several:
            return Union(several)


def _cost(plan: Plan) -> tuple[int, int]:
    """Return a rank: fewer round trips and fewer resources read come first."""
    match plan:
        case Nothing():
            return 0, 0
        case ByIds():
            return 1, len(plan.ids)
        case ByIndex() if plan.index.is_unique:
            return 2, 0
        case ByRelation() | ByBackLink():
            return 3, 0
        case ByIndex():
            return 4, 0
        case Union():
            return 5, len(plan.plans)
        case Scan():
            return 6, 0
