"""The expressions of DynamoDB as far as the store writes them, on items as the client sends them.

What is not known here is an error, never a guess.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Wire = Mapping[str, Mapping[str, Any]]
"""An item: each attribute with its DynamoDB type."""

Condition = Callable[[Wire, Mapping[str, str], Wire], bool]
"""Takes the item (empty for none), the names and the values of placeholders."""

_TOKEN = re.compile(r"\s*(<>|<=|>=|[()=<>,+]|[#:]?\w+)")
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class InvalidExpression(ValueError):
    """What DynamoDB calls a ValidationException, or this model does not know."""


def comparable(typed: Mapping[str, Any]) -> tuple[str, Any]:
    """Return a value by which those of one type compare."""
    ((kind, value),) = typed.items()
    match kind:
        case "N":
            return kind, int(value)
        case "BS" | "SS":
            return kind, frozenset(value)
        case _:
            return kind, value


@cache
def condition(text: str) -> Condition:
    """Return what a condition expression says."""
    tokens = _tokens(text)
    found = _either(tokens)
    if tokens:
        raise InvalidExpression(f"what does {tokens[0]} mean in {text}?")
    return found


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise InvalidExpression(text)
        found.append(match[1])
        position = match.end()
    return found


def _either(tokens: list[str]) -> Condition:
    some = [_both(tokens)]
    while tokens and tokens[0].upper() == "OR":
        tokens.pop(0)
        some.append(_both(tokens))
    return some[0] if len(some) == 1 else lambda *given: any(each(*given) for each in some)


def _both(tokens: list[str]) -> Condition:
    all_ = [_one(tokens)]
    while tokens and tokens[0].upper() == "AND":
        tokens.pop(0)
        all_.append(_one(tokens))
    return all_[0] if len(all_) == 1 else lambda *given: all(each(*given) for each in all_)


def _one(tokens: list[str]) -> Condition:
    first = tokens.pop(0)
    if first == "(":
        inside = _either(tokens)
        _expect(tokens, ")")
        return inside
    if first in {"attribute_exists", "attribute_not_exists"}:
        _expect(tokens, "(")
        name = tokens.pop(0)
        _expect(tokens, ")")
        is_wanted = first == "attribute_exists"
        return lambda item, names, _: (_name(name, names) in item) is is_wanted
    verb = tokens.pop(0)
    if verb.upper() == "BETWEEN":
        low = tokens.pop(0)
        _expect(tokens, "AND")
        high = tokens.pop(0)
        return _between(first, low, high)
    compare = _COMPARED.get(verb)
    value = tokens.pop(0)
    if compare is None or not value.startswith(":"):
        raise InvalidExpression(f"{first} {verb} {value}")
    return _comparison(first, compare, value)


def _comparison(name: str, compare: Callable[[Any, Any], bool], value: str) -> Condition:
    def holds(item: Wire, names: Mapping[str, str], values: Wire) -> bool:
        held = item.get(_name(name, names))
        if held is None:
            return False
        (kind, mine), (other_kind, other) = comparable(held), comparable(values[value])
        return kind == other_kind and compare(mine, other)

    return holds


def _between(name: str, low: str, high: str) -> Condition:
    above, below = _comparison(name, _COMPARED[">="], low), _comparison(name, _COMPARED["<="], high)
    return lambda *given: above(*given) and below(*given)


def _expect(tokens: list[str], token: str) -> None:
    if not tokens or tokens.pop(0).upper() != token:
        raise InvalidExpression(f"{token} is missing")


def _name(name: str, names: Mapping[str, str]) -> str:
    return names[name] if name.startswith("#") else name


@cache
def _clauses(text: str) -> list[tuple[str, str, str]]:
    """Return verb, name and value of each action of an update expression."""
    found, verb = [], ""
    tokens = _tokens(text)
    while tokens:
        if tokens[0] in {"SET", "ADD", "DELETE", "REMOVE"}:
            verb = tokens.pop(0)
        name = tokens.pop(0)
        value = ""
        if verb == "SET":
            _expect(tokens, "=")
        if verb != "REMOVE":
            value = tokens.pop(0)
            if not value.startswith(":"):
                raise InvalidExpression(f"{verb} {name} {value}")
        found.append((verb, name, value))
        if tokens and tokens[0] == ",":
            tokens.pop(0)
    return found


def touched(text: str, names: Mapping[str, str]) -> list[str]:
    """Return the attributes that an update expression names for a change."""
    return [_name(name, names) for _, name, _ in _clauses(text)]


def updated(
    item: Wire, text: str, names: Mapping[str, str], values: Wire
) -> dict[str, Mapping[str, Any]]:
    """Return the item after an update; all is computed from the item as it was."""
    clauses = [(verb, _name(name, names), value) for verb, name, value in _clauses(text)]
    if len({name for _, name, _ in clauses}) != len(clauses):
        raise InvalidExpression("two document paths overlap with each other")
    after = dict(item)
    for verb, name, value in clauses:
        given = values[value] if value else {}
        if verb == "SET":
            after[name] = given
        elif verb == "REMOVE":
            after.pop(name, None)
        elif verb == "ADD":
            after[name] = _added(item.get(name), given)
        else:
            left = _dropped(item.get(name), given)
            after.pop(name, None)
            if left is not None:
                after[name] = left
    return after


def _added(held: Mapping[str, Any] | None, given: Mapping[str, Any]) -> Mapping[str, Any]:
    ((kind, more),) = given.items()
    if held is not None and kind not in held:
        raise InvalidExpression("an operand in the update expression has an incorrect data type")
    if kind == "N":
        return {"N": str(int(held["N"] if held else 0) + int(more))}
    if kind not in {"BS", "SS"}:
        raise InvalidExpression(f"ADD of {kind}")
    return {kind: sorted({*(held[kind] if held else ()), *more})}


def _dropped(held: Mapping[str, Any] | None, given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    ((kind, less),) = given.items()
    if kind not in {"BS", "SS"}:
        raise InvalidExpression(f"DELETE of {kind}")
    if held is None:
        return None
    if kind not in held:
        raise InvalidExpression("an operand in the update expression has an incorrect data type")
    left = sorted(set(held[kind]) - set(less))
    return {kind: left} if left else None
