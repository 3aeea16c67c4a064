"""The expressions of a step. They are cached by attribute names, since most steps use the same names."""

from functools import lru_cache
from typing import NamedTuple

from scim.errors import PayloadTooLarge

MAX_BYTES = 4096
"""DynamoDB's limit for one expression."""
KNOWN = 256
"""For how many sets of names the expressions are cached."""

Names = tuple[str, ...]
Clauses = tuple[tuple[str, str, bool], ...]
"""For each condition: its clause, its attribute, and whether it has a value."""


class Expressions(NamedTuple):
    """The expressions, the attribute names behind their abbreviations, and the placeholders of their values.

    The placeholders are in the order of the values: those of `sets`, `adds` and `drops`, then the
    conditions'.
    """

    update: str
    condition: str
    names: dict[str, str]
    placeholders: Names


@lru_cache(maxsize=KNOWN)
def expressions(
    sets: Names, adds: Names, drops: Names, removes: Names, conditions: Clauses
) -> Expressions:
    """Return the expressions that set, add to, delete from and remove attributes on conditions.

    Raises PayloadTooLarge when an expression exceeds DynamoDB's limit, which an emulator may not enforce.
    """
    abbreviations: dict[str, str] = {}
    placeholders: list[str] = []

    def name(attribute: str) -> str:
        return abbreviations.setdefault(attribute, f"#{len(abbreviations)}")

    def value() -> str:
        placeholders.append(f":{len(placeholders)}")
        return placeholders[-1]

    clauses = (
        ("SET", [f"{name(attribute_name)} = {value()}" for attribute_name in sets]),
        ("ADD", [f"{name(attribute_name)} {value()}" for attribute_name in adds]),
        ("DELETE", [f"{name(attribute_name)} {value()}" for attribute_name in drops]),
        ("REMOVE", [name(attribute_name) for attribute_name in removes]),
    )
    update = " ".join(f"{verb} {', '.join(terms)}" for verb, terms in clauses if terms)
    condition = " AND ".join(
        clause.format(n=name(attribute), v=value() if has_value else "")
        for clause, attribute, has_value in conditions
    )
    if max(len(update), len(condition)) > MAX_BYTES:
        raise too_much()
    names = {abbreviation: attribute for attribute, abbreviation in abbreviations.items()}
    return Expressions(update, condition, names, tuple(placeholders))


@lru_cache(maxsize=KNOWN)
def projected(attributes: Names) -> dict[str, object]:
    """Return the request parameters for a projection to these attributes.

    Return {} if they exceed the limit of an expression; all attributes are returned then.
    """
    names = {f"#{number}": attribute for number, attribute in enumerate(attributes)}
    expression = ",".join(names)
    if len(expression) > MAX_BYTES:
        return {}
    return {"ProjectionExpression": expression, "ExpressionAttributeNames": names}


def too_much() -> PayloadTooLarge:
    """Return the error for a change that does not fit in one transaction."""
    return PayloadTooLarge("This changes too much at once; make several smaller requests.")
