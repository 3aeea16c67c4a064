"""Bound filters: names are resolved to attributes, literals are folded, and relations become questions.

`ne` of a single value is bound as the negation of `eq`, and `eq null` as the negation of `pr`. The
store's answers to questions about relations are put into the tree before it is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from scim.filter.parsing.tree import Operator
from scim.immutable import immutable
from scim.profile import Tolerance
from scim.schema.resource_type import AttributeRef


@immutable
class Constant:
    """True or false for every resource of the type."""

    holds: bool


@immutable
class Compared:
    """True if any value of `ref` satisfies the comparison with the operand, which is folded as values are.

    Inside AnyValue, the attribute of `ref` is that of the AnyValue, and only the one value counts.
    """

    ref: AttributeRef
    operator: Operator
    operand: str


@immutable
class Assigned:
    """True if `ref` has a value that is not empty."""

    ref: AttributeRef


@immutable
class AnyValue:
    """True if a single value of `ref` satisfies the whole filter."""

    ref: AttributeRef
    filter: Tree


@immutable
class RelationHolds:
    """True if the resource's relation has an edge to the target; only the store knows.

    `types` are the types that the target can have; empty means all types of the relation.
    """

    attribute: str
    target_id: str
    types: tuple[str, ...] = ()


@immutable
class RelationPresent:
    """True if the resource's relation has more edges than `beyond`, or any to a target of these `types`.

    With types, only the store knows.
    """

    attribute: str
    beyond: int = 0
    types: tuple[str, ...] = ()


@immutable
class BackLinkHolds:
    """True if the source's relation has an edge to the resource, or to one that contains the resource.

    If `is_direct`, only edges to the resource itself count.
    """

    ref: AttributeRef
    source_id: str
    is_direct: bool = False

    @property
    def attribute(self) -> str:
        return str(self.ref)


@immutable
class BackLinkOnly:
    """True if the source is the only resource that contains this one, directly or not."""

    ref: AttributeRef
    source_id: str

    @property
    def attribute(self) -> str:
        return str(self.ref)


@immutable
class IdIn:
    """True if the resource's id is one of these; replaces a RelationHolds that the store has answered."""

    ids: frozenset[str]


@immutable
class AllOf:
    terms: tuple[Tree, ...]


@immutable
class AnyOf:
    terms: tuple[Tree, ...]


@immutable
class Negated:
    term: Tree


Tree = (
    Constant
    | Compared
    | Assigned
    | AnyValue
    | RelationHolds
    | RelationPresent
    | BackLinkHolds
    | BackLinkOnly
    | IdIn
    | AllOf
    | AnyOf
    | Negated
)

ALWAYS = Constant(holds=True)
NEVER = Constant(holds=False)


@immutable
class Bound:
    """A bound filter, and the tolerances that binding it needed."""

    tree: Tree
    tolerated: frozenset[Tolerance] = frozenset()


def all_of(terms: Iterable[Tree]) -> Tree:
    """Return the conjunction, flattened and simplified by its constants."""
    return _joined(terms, AllOf, ALWAYS)


def any_of(terms: Iterable[Tree]) -> Tree:
    """Return the disjunction, flattened and simplified by its constants."""
    return _joined(terms, AnyOf, NEVER)


def negated(term: Tree) -> Tree:
    """Return the negation; a double negation cancels out."""
    match term:
        case Constant():
            return NEVER if term.holds else ALWAYS
        case Negated():
            return term.term
        case _:
            return Negated(term)


def _joined(terms: Iterable[Tree], kind: type[AllOf | AnyOf], of_none: Constant) -> Tree:
    """Return the terms joined; `of_none` changes nothing in them, and the other constant decides alone."""
    flat: list[Tree] = []
    for term in terms:
        if isinstance(term, Constant):
            if term != of_none:
                return term
        elif isinstance(term, kind):
            flat.extend(term.terms)
        else:
            flat.append(term)
    if not flat:
        return of_none
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def leaves(tree: Tree) -> Iterator[Tree]:
    """Yield the terms below `and`, `or` and `not`."""
    match tree:
        case AllOf() | AnyOf():
            for term in tree.terms:
                yield from leaves(term)
        case Negated():
            yield from leaves(tree.term)
        case _:
            yield tree


def with_leaves(tree: Tree, leaf: Callable[[Tree], Tree]) -> Tree:
    """Return the tree with each leaf replaced, under the same `and`, `or` and `not`."""
    match tree:
        case AllOf():
            return all_of(with_leaves(term, leaf) for term in tree.terms)
        case AnyOf():
            return any_of(with_leaves(term, leaf) for term in tree.terms)
        case Negated():
            return negated(with_leaves(tree.term, leaf))
        case _:
            return leaf(tree)


def comparisons_in_tree(tree: Tree) -> int:
    """Return the number of comparisons with one resource, if each of its attributes has one value."""
    return sum(
        comparisons_in_tree(leaf.filter) if isinstance(leaf, AnyValue) else 1
        for leaf in leaves(tree)
    )


def asks_for_types(tree: Tree) -> bool:
    """Return whether the tree asks for relations with a value of certain types."""
    return any(isinstance(leaf, RelationPresent) and leaf.types for leaf in leaves(tree))


def tests_back_links(tree: Tree, back_links: Collection[str]) -> bool:
    """Return whether the tree tests any of these attributes, which are back links."""
    return any(
        isinstance(leaf, BackLinkHolds | BackLinkOnly)
        or (isinstance(leaf, Assigned) and str(leaf.ref) in back_links)
        for leaf in leaves(tree)
    )


def questions(tree: Tree) -> frozenset[RelationHolds]:
    """Return the tree's questions about relations; the answer to each is the resources with that edge."""
    return frozenset(leaf for leaf in leaves(tree) if isinstance(leaf, RelationHolds))


def with_answers(tree: Tree, answers: Mapping[RelationHolds, frozenset[str]]) -> Tree:
    """Return the tree with each question replaced by the ids in its answer.

    A question without an answer stays; it can be planned but not evaluated.
    """

    def answered(leaf: Tree) -> Tree:
        match leaf:
            case RelationHolds() if leaf in answers:
                return IdIn(answers[leaf])
            case _:
                return leaf

    return with_leaves(tree, answered)
