"""Filters as clients write them, made by chance: any letters' case, blanks, brackets, kinds of values."""

from __future__ import annotations

from random import Random

ATTRIBUTES = [
    *("userName", "externalId", "title", "id", "active", "$ref", "x-y_z", "Emails"),
    *("name.familyName", "meta.lastModified", "emails.value", "members.$ref"),
    "urn:ietf:params:scim:schemas:core:2.0:User:userName",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
]
SUB_ATTRIBUTES = ["type", "value", "display", "primary", "$ref"]
OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]
VALUES = [
    *(
        '""',
        '"bjensen"',
        '"O\'Malley"',
        '"a (b) [c]"',
        '"x and y or not"',
        '"\\"quoted\\""',
        '"é\\u00e9"',
    ),
    *(
        '"2011-05-13T04:42:34Z"',
        "true",
        "FALSE",
        "null",
        "0",
        "-17",
        "3.50",
        "1e3",
        '"pr"',
        '"\\\\"',
    ),
]


def filter_text(dice: Random, depth: int = 4) -> str:
    """Return a filter with so many brackets in each other at most."""
    return _disjunction(dice, depth, values=False)


def _disjunction(dice: Random, depth: int, *, values: bool) -> str:
    terms = [_term(dice, depth, values=values) for _ in range(dice.choice((1, 1, 1, 2, 2, 3)))]
    text = terms[0]
    for term in terms[1:]:
        text += f"{_blank(dice)}{_spelt(dice, dice.choice(('and', 'or')))}{_blank(dice)}{term}"
    return text


def _term(dice: Random, depth: int, *, values: bool) -> str:
    kind = dice.random() if depth else 1.0
    if kind < 0.15:
        return f"({_gap(dice)}{_disjunction(dice, depth - 1, values=values)}{_gap(dice)})"
    if kind < 0.25:
        inner = _disjunction(dice, depth - 1, values=values)
        return f"{_spelt(dice, 'not')}{_gap(dice)}({inner})"
    if kind < 0.4 and not values:
        path = dice.choice(ATTRIBUTES)
        tail = f".value{_condition(dice)}" if dice.random() < 0.4 else ""
        return f"{path}[{_disjunction(dice, depth - 1, values=True)}]{tail}"
    return f"{dice.choice(SUB_ATTRIBUTES if values else ATTRIBUTES)}{_condition(dice)}"


def _condition(dice: Random) -> str:
    if dice.random() < 0.15:
        return f"{_blank(dice)}{_spelt(dice, 'pr')}"
    operator = _spelt(dice, dice.choice(OPERATORS))
    return f"{_blank(dice)}{operator}{_blank(dice)}{dice.choice(VALUES)}"


def _spelt(dice: Random, word: str) -> str:
    return dice.choice((word, word, word.upper(), word.title()))


def _blank(dice: Random) -> str:
    return dice.choice((" ", " ", " ", "  ", "\t"))


def _gap(dice: Random) -> str:
    return dice.choice(("", "", " "))
