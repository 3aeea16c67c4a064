"""What IAM answers to a call: the statements of a role, their actions, resources and conditions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Statement = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """An action on a resource, and the values of the condition keys that the request has."""

    action: str
    resource: str
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def is_granted(statements: Sequence[Statement], call: Call) -> bool:
    """Tell whether a statement allows the call and none denies it."""
    effects = {each["Effect"] for each in statements if _is_about(each, call)}
    return effects == {"Allow"}


def listed(value: str | Sequence[str]) -> Sequence[str]:
    """Return a policy's values; SAM writes a single one as a string."""
    return [value] if isinstance(value, str) else value


def has_action(statement: Statement, action: str) -> bool:
    """Tell whether a statement is about the action, on whatever resource."""
    return _is_like_one(action, listed(statement["Action"]))


def _is_about(statement: Statement, call: Call) -> bool:
    return (
        has_action(statement, call.action)
        and _is_like_one(call.resource, listed(statement["Resource"]))
        and all(
            _holds(operator, call.keys.get(key), listed(values))
            for operator, conditions in statement.get("Condition", {}).items()
            for key, values in conditions.items()
        )
    )


def _holds(operator: str, actual: tuple[str, ...] | None, expected: Sequence[str]) -> bool:
    match operator:
        case "Null":
            return [str(actual is None).lower()] == list(expected)
        case "ForAllValues:StringLike":
            # As in IAM, it holds where the request has no such key: hence the Null beside it.
            return all(_is_like_one(value, expected) for value in actual or ())
        case "ForAllValues:StringEquals":
            return set(actual or ()) <= set(expected)
        case "StringEquals":
            return actual is not None and set(actual) <= set(expected)
    raise ValueError(f"no test knows the condition {operator}")


def _is_like_one(text: str, patterns: Iterable[str]) -> bool:
    return any(_pattern(each).fullmatch(text) for each in patterns)


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
