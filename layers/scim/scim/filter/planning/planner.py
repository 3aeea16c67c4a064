"""Plans: how to read all resources that can match a filter, without reading the others.

A plan yields at least all matches, and the filter is tested afterwards, so a plan need not cover all
of the filter. The part that the plan does not guarantee is its remainder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scim.filter.binding.bound_tree import (
    ALWAYS,
    AllOf,
    AnyOf,
    AnyValue,
    BackLinkHolds,
    Compared,
    Constant,
    IdIn,
    RelationHolds,
    Tree,
    all_of,
)
from scim.filter.parsing.tree import Operator
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
    Planned,
    Scan,
    Union,
    cost_of,
    lists_ids_in_order,
)
from scim.filter.planning.ranges import changed_since, covering_range, joined_ranges
from scim.resource.fold import key_of
from scim.schema.resource_type import AttributeRef, Index, ResourceType

_WHOLE = Planned(Scan(), ALWAYS)


def plan_of(tree: Tree, resource_type: ResourceType) -> Plan:
    """Return the cheapest plan for the filter with the resource type's indexes."""
    return planned(tree, resource_type).plan


def planned(tree: Tree, resource_type: ResourceType) -> Planned:
    """Return the cheapest plan with its remainder."""
    if tree is ALWAYS:
        return _WHOLE
    indexes = {index.attribute: index for index in resource_type.indexes}

    def prepare(tree: Tree) -> Planned:
        match tree:
            case Compared():
                return _comparison(tree, indexes.get(str(tree.ref)))
            case AnyValue():
                return _inside(tree, prepare(tree.filter))
            case AllOf():
                return _narrowest(tree, prepare)
            case AnyOf():
                return _widest(tree, [prepare(term) for term in tree.terms])
            case _:
                return _link(tree)

    return prepare(tree)


def _link(tree: Tree) -> Planned:
    match tree:
        case IdIn(ids):
            return Planned(_by_ids(ids))
        case RelationHolds(attribute, target_id):
            return Planned(ByRelation(attribute, target_id))
        case BackLinkHolds():
            return Planned(ByBackLink(tree.attribute, tree.source_id))
        case Constant(holds=False):
            return Planned(Nothing())
        case _:
            return Planned(Scan(), tree)


def _comparison(compared: Compared, index: Index | None) -> Planned:
    if compared.operator is Operator.EQ:
        return _equality(compared, index)
    return _range(compared, index)


def _equality(compared: Compared, index: Index | None) -> Planned:
    if str(compared.ref) == "id":
        return Planned(_by_ids(frozenset({compared.operand})))
    if index is None:
        return _range(compared, None)
    return Planned(ByIndex(index, key_of(compared.operand)))


def _range(compared: Compared, index: Index | None) -> Planned:
    if str(compared.ref) == "meta.lastModified":
        change = changed_since(compared)
        return Planned(change or Scan(), compared)
    key_range = None if index is None else covering_range(compared.operator, compared.operand)
    if index is None or key_range is None:
        return Planned(Scan(), compared)
    plan = ByRange(index, key_range.key_range, _is_single(compared.ref))
    return Planned(plan, ALWAYS if key_range.is_exact else compared)


def _inside(tree: AnyValue, inner: Planned) -> Planned:
    """Return the plan of a condition on one value; it has no remainder if the inner plan has none.

    An intersection has one: it can find two values in a resource, each of which satisfies one of the terms.
    """
    if isinstance(inner.plan, Scan) or _intersects(inner.plan):
        return Planned(inner.plan, tree)
    return Planned(inner.plan, ALWAYS if inner.remainder == ALWAYS else tree)


def _intersects(plan: Plan) -> bool:
    match plan:
        case Union(plans):
            return any(map(_intersects, plans))
        case _:
            return isinstance(plan, Intersection)


def _by_ids(ids: frozenset[str]) -> Plan:
    return ByIds(ids) if ids else Nothing()


def _narrowest(conjunction: AllOf, prepare: Callable[[Tree], Planned]) -> Planned:
    """Return the cheapest of the terms' plans, because every term must be true.

    Plans that list ids in order are intersected with it if it lists ids in order too.
    """
    if _contradicts_itself(conjunction):
        return Planned(Nothing())
    term_plans = [prepare(term) for term in conjunction.terms]
    ids = [term_plan.plan.ids for term_plan in term_plans if isinstance(term_plan.plan, ByIds)]
    if ids:
        common_ids = _by_ids(ids[0].intersection(*ids[1:]))
        remainders = [
            term_plan.remainder for term_plan in term_plans if isinstance(term_plan.plan, ByIds)
        ]
        other_terms = [
            term
            for term, term_plan in zip(conjunction.terms, term_plans, strict=True)
            if not isinstance(term_plan.plan, ByIds)
        ]
        return Planned(common_ids, all_of([*remainders, *other_terms]))
    term_plans, terms = joined_ranges(term_plans, conjunction.terms)
    cheapest = min(range(len(term_plans)), key=lambda i: cost_of(term_plans[i].plan))
    chosen = (
        _companions(term_plans, cheapest)
        if lists_ids_in_order(term_plans[cheapest].plan)
        else [cheapest]
    )
    remainders = [term_plans[i].remainder if i in chosen else term for i, term in enumerate(terms)]
    plans = tuple(dict.fromkeys(term_plans[i].plan for i in chosen))
    plan = plans[0] if len(plans) == 1 else Intersection(plans)
    return Planned(plan, all_of(remainders))


def _companions(term_plans: list[Planned], cheapest: int) -> list[int]:
    """Return the index of the best plan, and those of the other plans that list ids in order."""
    return [
        cheapest,
        *(
            i
            for i, term_plan in enumerate(term_plans)
            if i != cheapest and lists_ids_in_order(term_plan.plan)
        ),
    ]


def _contradicts_itself(conjunction: AllOf) -> bool:
    """Return whether a single-valued attribute must equal two different values."""
    operands: dict[str, str] = {}
    for term in conjunction.terms:
        match term:
            case Compared(ref, Operator.EQ, operand) if _is_single(ref):
                if operands.setdefault(str(ref), operand) != operand:
                    return True
    return False


def _is_single(ref: AttributeRef) -> bool:
    return not (ref.attribute.multi_valued or ref.leaf.multi_valued)


def _widest(disjunction: AnyOf, term_plans: Iterable[Planned]) -> Planned:
    """Return a plan that yields all that the plans yield, because one true term is enough."""
    parts: dict[Plan, None] = {}
    ids: frozenset[str] = frozenset()
    remainder: Tree = ALWAYS
    for term_plan in term_plans:
        if term_plan.remainder != ALWAYS:
            remainder = disjunction
        match term_plan.plan:
            case Scan() | ByChange():
                return Planned(Scan(), disjunction)
            case Nothing():
                pass
            case ByIds():
                ids |= term_plan.plan.ids
            case Union():
                parts.update(dict.fromkeys(term_plan.plan.plans))
            case _:
                parts[term_plan.plan] = None
    if ids:
        parts = {ByIds(ids): None, **parts}
    match tuple(parts):
        case ():
            return Planned(Nothing())
        case (only,):
            return Planned(only, remainder)
        case several:
            return Planned(Union(several), remainder)
