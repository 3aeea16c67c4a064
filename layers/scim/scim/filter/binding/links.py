"""Links between resources in a filter: relations, which are stored as edges, and their back links.

Their values are not in the resource, so a filter can only ask for what is in an edge's key: the id
and the type of the other resource; for a back link, whether it is direct (RFC 7643 section 4.1.2).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from scim.errors import InvalidFilter
from scim.filter.binding.bound_tree import (
    NEVER,
    Assigned,
    BackLinkHolds,
    BackLinkOnly,
    Bound,
    RelationHolds,
    RelationPresent,
    Tree,
    all_of,
    any_of,
    negated,
)
from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Operator,
    Or,
    Present,
    ValuePath,
)
from scim.schema.resource_type import AttributeRef, ResourceType

_VALUE, _TYPE = "value", "type"
_DIRECT, _INDIRECT = "direct", "indirect"
_Types = frozenset[str]
_Ids = frozenset[str] | None
_IdsByTypes = Mapping[_Types, _Ids]
"""The values that satisfy a filter: for each set of types, the ids, None for all ids."""


class _CannotTell(Exception):
    """The keys of the link's edges do not answer the question."""


@dataclass(frozen=True, slots=True)
class LinkedAttribute:
    """Makes the conditions on a link.

    `types` are the types that a value can have; `has_type` says whether values have a `type`. `holds`
    returns the condition that a value of some types has an id, `present` that there is a value of some
    types, `differs` that a value has another id.
    """

    name: str
    types: tuple[str, ...]
    holds: Callable[[str, _Types], Tree]
    present: Callable[[_Types], Tree]
    differs: Callable[[str], Tree]
    has_type: bool

    def bound(self, term: Comparison | Present | ValuePath, sub: str | None) -> Bound:
        """Return the bound term on this link. Raises InvalidFilter, which lists what is possible."""
        try:
            return self._bound(term, sub)
        except _CannotTell as error:
            raise self._impossible(term.path) from error

    def _bound(self, term: Comparison | Present | ValuePath, sub: str | None) -> Bound:
        match term:
            case ValuePath() if sub is None:
                return Bound(self._tree(self._of_value(term.filter)))
            case Present() if sub in (None, _VALUE, _TYPE):
                return Bound(self.present(self._all))
            case Comparison(value=None) if sub in (None, _VALUE, _TYPE):
                return Bound(self._compared(term))
            case Comparison() if sub in (None, _VALUE):
                return Bound(self._compared(term))
            case Comparison(value=str(type_name)) if sub == _TYPE:
                return Bound(self._of_type(term.operator, type_name))
            case _:
                raise _CannotTell

    @property
    def _all(self) -> _Types:
        return frozenset(self.types)

    def _of_type(self, operator: Operator, type_name: str) -> Tree:
        condition = self.present(types) if (types := self._types(operator, type_name)) else NEVER
        if operator is Operator.NE:
            # As for any attribute, `ne` is true if there is no value.
            return any_of([condition, negated(self.present(self._all))])
        return condition

    def _types(self, operator: Operator, type_name: str) -> _Types:
        named_types = frozenset(type_ for type_ in self.types if type_.lower() == type_name.lower())
        match operator:
            case Operator.EQ:
                return named_types
            case Operator.NE:
                return self._all - named_types
            case _:
                raise _CannotTell

    def _of_value(self, filter_: Filter) -> _IdsByTypes:
        """Return the values that satisfy the filter in brackets; a single value must satisfy all of it."""
        match filter_:
            case Or():
                return _any_of([self._of_value(term) for term in filter_.terms])
            case And():
                return _all_of([self._of_value(term) for term in filter_.terms], self._all)
            case Present(path) if _is(path, _VALUE) or self._is_type(path):
                return {self._all: None}
            case Comparison(path, Operator.EQ, str(text)) if _is(path, _VALUE):
                return {self._all: frozenset({text})}
            case Comparison(path, operator, str(text)) if self._is_type(path):
                types = self._types(operator, text)
                return {types: None} if types else {}
            case _:
                raise _CannotTell

    def _is_type(self, path: AttributePath) -> bool:
        return self.has_type and _is(path, _TYPE)

    def _tree(self, ids_by_types: _IdsByTypes) -> Tree:
        return any_of(
            tree
            for types, ids in ids_by_types.items()
            for tree in (
                [self.present(types)]
                if ids is None
                else [self.holds(id_, types) for id_ in sorted(ids)]
            )
        )

    def _compared(self, term: Comparison) -> Tree:
        match term.operator, term.value:
            case Operator.EQ, str(id_):
                return self.holds(id_, self._all)
            case Operator.NE, str(id_):
                return self.differs(id_)
            case Operator.EQ, None:
                return negated(self.present(self._all))
            case Operator.NE, None:
                return self.present(self._all)
            case _:
                raise _CannotTell

    def _impossible(self, path: AttributePath | str) -> InvalidFilter:
        by_type = f"'{self.name}.type eq \"{self.types[0]}\"', " if self.has_type else ""
        return InvalidFilter(
            f"'{path}' cannot be filtered so, because it links to other resources; possible are "
            f"'{self.name}.value eq \"id\"', {by_type}their negation, and '{self.name} pr'"
        )


def link_at(
    resource_type: ResourceType, back_links: Collection[str], ref: AttributeRef
) -> LinkedAttribute | None:
    """Return the attribute of `ref` as a link, None if its values are in the resource."""
    attribute_ref = AttributeRef(ref.container, ref.attribute)
    name = str(attribute_ref)
    relation = resource_type.relation(name)
    if relation is not None:
        return _relation(attribute_ref, relation.targets)
    return _back_link(attribute_ref) if name in back_links else None


def _relation(ref: AttributeRef, targets: tuple[str, ...]) -> LinkedAttribute:
    name = str(ref)

    def types_to_find(types: _Types) -> tuple[str, ...]:
        """Return the types to look for; empty means all types."""
        return () if len(types) == len(targets) else tuple(sorted(types))

    def differs(target: str) -> Tree:
        return any_of([negated(RelationHolds(name, target)), RelationPresent(name, beyond=1)])

    return LinkedAttribute(
        name,
        targets,
        lambda target, types: RelationHolds(name, target, types_to_find(types)),
        lambda types: RelationPresent(name, types=types_to_find(types)),
        differs,
        has_type=ref.attribute.sub(_TYPE) is not None,
    )


def _back_link(ref: AttributeRef) -> LinkedAttribute:
    def holds(source: str, types: _Types) -> Tree:
        direct = BackLinkHolds(ref, source, is_direct=True)
        if types == {_DIRECT}:
            return direct
        anyhow = BackLinkHolds(ref, source)
        return all_of([anyhow, negated(direct)]) if types == {_INDIRECT} else anyhow

    def present(types: _Types) -> Tree:
        if _DIRECT not in types:
            raise _CannotTell
        # A resource without a direct back link has no indirect one either.
        return Assigned(ref)

    return LinkedAttribute(
        str(ref),
        (_DIRECT, _INDIRECT),
        holds,
        present,
        lambda source: negated(BackLinkOnly(ref, source)),
        has_type=ref.attribute.sub(_TYPE) is not None,
    )


def _any_of(terms: Collection[_IdsByTypes]) -> _IdsByTypes:
    ids_by_types: dict[_Types, _Ids] = {}
    for term in terms:
        for types, ids in term.items():
            known_ids = ids_by_types.get(types, frozenset())
            ids_by_types[types] = None if ids is None or known_ids is None else ids | known_ids
    return ids_by_types


def _all_of(terms: Collection[_IdsByTypes], all_types: _Types) -> _IdsByTypes:
    ids_by_types: _IdsByTypes = {all_types: None}
    for term in terms:
        ids_by_types = _any_of(
            [
                {types & other_types: _common(ids, other_ids)}
                for types, ids in ids_by_types.items()
                for other_types, other_ids in term.items()
                if types & other_types and _common(ids, other_ids) != frozenset()
            ]
        )
    return ids_by_types


def _common(ids: _Ids, other_ids: _Ids) -> _Ids:
    if ids is None or other_ids is None:
        return other_ids if ids is None else ids
    return ids & other_ids


def _is(path: AttributePath, name: str) -> bool:
    return path.uri is None and path.sub is None and path.name.lower() == name
