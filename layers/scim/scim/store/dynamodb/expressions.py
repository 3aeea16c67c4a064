"""What a step says in expressions: made once for the names it touches, since most steps touch the same."""

from functools import lru_cache
from typing import NamedTuple

from scim.errors import PayloadTooLarge

MAX_BYTES = 4096
"""Of one expression, as DynamoDB takes it."""
KNOWN = 256
"""For how many sets of names the expressions are kept."""

Names = tuple[str, ...]
Clauses = tuple[tuple[str, str, bool], ...]
"""Of each condition the clause, the attribute, and whether it has a value."""


class Expressions(NamedTuple):
    """The expressions, the names that they abbreviate, and the placeholders of their values in order.

    Values are those of `sets`, `adds` and `drops`, then those of the conditions.
    """

    update: str
    condition: str
    names: dict[str, str]
    placeholders: Names


@lru_cache(maxsize=KNOWN)
def expressions(
    sets: Names, adds: Names, drops: Names, removes: Names, conditions: Clauses
) -> Expressions:
    """Return what says that attributes are set, added to, taken from and removed on conditions.

    Raises PayloadTooLarge for what DynamoDB would refuse: an emulator may not.
    """
    short: dict[str, str] = {}
    placeholders: list[str] = []

    def name(attribute: str) -> str:
        return short.setdefault(attribute, f"#{len(short)}")

    def value() -> str:
        placeholders.append(f":{len(placeholders)}")
        return placeholders[-1]

    clauses = (
        ("SET", [f"{name(each)} = {value()}" for each in sets]),
        ("ADD", [f"{name(each)} {value()}" for each in adds]),
        ("DELETE", [f"{name(each)} {value()}" for each in drops]),
        ("REMOVE", [name(each) for each in removes]),
    )
    update = " ".join(f"{verb} {', '.join(told)}" for verb, told in clauses if told)
    condition = " AND ".join(
        clause.format(n=name(attribute), v=value() if has_value else "")
        for clause, attribute, has_value in conditions
    )
    if max(len(update), len(condition)) > MAX_BYTES:
        raise too_much()
    names = {abbreviation: attribute for attribute, abbreviation in short.items()}
    return Expressions(update, condition, names, tuple(placeholders))


@lru_cache(maxsize=KNOWN)
def projected(attributes: Names) -> dict[str, object]:
    """Return what says in a request that nothing but these attributes of an item is to be returned.

    Where they are too many for an expression nothing says so, and all are returned.
    """
    names = {f"#{number}": attribute for number, attribute in enumerate(attributes)}
    expression = ",".join(names)
    if len(expression) > MAX_BYTES:
        return {}
    return {"ProjectionExpression": expression, "ExpressionAttributeNames": names}


def too_much() -> PayloadTooLarge:
    """Return what the client is told of a change that no transaction holds."""
    return PayloadTooLarge("This changes too much at once; make several smaller requests.")
