"""Links between resources in a filter: relations kept as edges, and the back links that mirror them.

Their values are not in the resource, so only what an edge's key answers can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from scim.errors import InvalidFilter
from scim.filter.binding.bound_tree import (
    Assigned,
    BackLinkHolds,
    Bound,
    RelationHolds,
    RelationPresent,
    Tree,
    any_of,
    negated,
)
from scim.filter.parsing.tree import (
    AttributePath,
    Comparison,
    Filter,
    Operator,
    Or,
    Present,
    ValuePath,
)
from scim.profile import Profile, Tolerance
from scim.schema.resource_type import AttributeRef, ResourceType


@dataclass(frozen=True, slots=True)
class LinkedAttribute:
    """How to ask whether a link holds with an id, and whether there is any."""

    name: str
    holds: Callable[[str], Tree]
    present: Tree

    def bound(
        self, term: Comparison | Present | ValuePath, sub: str | None, profile: Profile
    ) -> Bound:
        """Return the term on this link bound, or raise InvalidFilter saying what is possible."""
        match term:
            case ValuePath() if sub is None:
                return Bound(self._of_value(term.filter))
            case Present() if sub in (None, "value"):
                return Bound(self.present)
            case Comparison(value=None) if sub in (None, "value"):
                return Bound(self._compared(term))
            case Comparison() if sub == "value":
                return Bound(self._compared(term))
            case Comparison() if sub is None and profile.tolerates(Tolerance.COMPLEX_COMPARISON):
                return Bound(self._compared(term), frozenset({Tolerance.COMPLEX_COMPARISON}))
            case _:
                raise self._impossible(term.path)

    def _of_value(self, wanted: Filter) -> Tree:
        # One value fulfils an `or` of equalities just when one value fulfils one of them;
        # of nothing else that can be said.
        match wanted:
            case Or():
                return any_of(self._of_value(term) for term in wanted.terms)
            case Present(path) if _is_value(path):
                return self.present
            case Comparison(path, Operator.EQ, str(other)) if _is_value(path):
                return self.holds(other)
            case _:
                raise self._impossible(self.name)

    def _compared(self, term: Comparison) -> Tree:
        match term.operator, term.value:
            case Operator.EQ, str(other):
                return self.holds(other)
            case Operator.NE, str(other):
                return negated(self.holds(other))
            case Operator.EQ, None:
                return negated(self.present)
            case Operator.NE, None:
                return self.present
            case _:
                raise self._impossible(term.path)

    def _impossible(self, path: AttributePath | str) -> InvalidFilter:
        return InvalidFilter(
            f"'{path}' cannot be filtered so, because it links to other resources; possible are "
            f"'{self.name}.value eq \"id\"', its negation, and '{self.name} pr'"
        )


def link_at(
    resource_type: ResourceType, back_links: Collection[str], ref: AttributeRef
) -> LinkedAttribute | None:
    """Return the link the place's attribute is, None when its values are in the resource."""
    whole = AttributeRef(ref.container, ref.attribute)
    name = str(whole)
    if resource_type.relation(name) is not None:
        return LinkedAttribute(
            name, lambda target: RelationHolds(name, target), RelationPresent(name)
        )
    if name in back_links:
        return LinkedAttribute(name, lambda source: BackLinkHolds(whole, source), Assigned(whole))
    return None


def _is_value(path: AttributePath) -> bool:
    return path.uri is None and path.sub is None and path.name.lower() == "value"
