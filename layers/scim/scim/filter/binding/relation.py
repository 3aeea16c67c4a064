"""What a filter asks about relations: the questions for the store, and the tree with their answers in it."""

from __future__ import annotations

from collections.abc import Mapping

from scim.filter.binding.bound import (
    AllOf,
    AnyOf,
    IdIn,
    Negated,
    RelationHolds,
    Tree,
    all_of,
    any_of,
    negated,
)


def questions(tree: Tree) -> frozenset[RelationHolds]:
    """Return the relations the tree asks about: for each, which resources have that edge?"""
    match tree:
        case RelationHolds():
            return frozenset({tree})
        case AllOf() | AnyOf():
            return frozenset().union(*map(questions, tree.terms))
        case Negated():
            return questions(tree.term)
        case _:
            return frozenset()


def resolved(tree: Tree, answers: Mapping[RelationHolds, frozenset[str]]) -> Tree:
    """Return the tree with each question replaced by the ids that answer it.

    A question without an answer stays: it can still be planned, but not evaluated.
    """
    match tree:
        case RelationHolds() if tree in answers:
            return IdIn(answers[tree])
        case AllOf():
            return all_of(resolved(term, answers) for term in tree.terms)
        case AnyOf():
            return any_of(resolved(term, answers) for term in tree.terms)
        case Negated():
            return negated(resolved(tree.term, answers))
        case _:
            return tree
