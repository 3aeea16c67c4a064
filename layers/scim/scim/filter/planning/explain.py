"""Bound filters as text for an operator: attributes and operators, never the operands."""

from scim.filter.binding.bound_tree import (
    AllOf,
    AnyOf,
    AnyValue,
    Assigned,
    BackLinkHolds,
    BackLinkOnly,
    Compared,
    Constant,
    IdIn,
    Negated,
    RelationHolds,
    RelationPresent,
    Tree,
)


def described(tree: Tree) -> str:
    """Return the filter as text with a question mark for each operand."""
    match tree:
        case Constant():
            return "true" if tree.holds else "false"
        case AllOf(terms):
            return " and ".join(_part(term) for term in terms)
        case AnyOf(terms):
            return " or ".join(_part(term) for term in terms)
        case Negated(term):
            return f"not ({described(term)})"
        case AnyValue(ref, inner):
            return f"{ref}[{described(inner)}]"
        case _:
            return _leaf(tree)


def _part(tree: Tree) -> str:
    return f"({described(tree)})" if isinstance(tree, AllOf | AnyOf) else described(tree)


def _leaf(
    tree: Compared
    | Assigned
    | IdIn
    | RelationHolds
    | RelationPresent
    | BackLinkHolds
    | BackLinkOnly,
) -> str:
    match tree:
        case Compared(ref, operator):
            return f"{ref} {operator} ?"
        case Assigned(ref):
            return f"{ref} pr"
        case IdIn():
            return "id eq ?"
        case RelationHolds(attribute) | BackLinkHolds(attribute):
            return f"{attribute} eq ?"
        case BackLinkOnly(attribute):
            return f"{attribute} eq ? alone"
        case RelationPresent(attribute, _, types) if types:
            return f"{attribute}.type eq ?"
        case RelationPresent(attribute):
            return f"{attribute} pr"
