"""Evaluates the IAM policy of an authorizer for one request."""

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

_INVOKE = "execute-api:Invoke"


class Decision(Enum):
    """What a policy says about a request; a request that is not mentioned is refused."""

    ALLOWED = "allowed"
    DENIED = "denied"
    NOT_MENTIONED = "not mentioned"


class MalformedPolicyError(ValueError):
    """The document is not a policy that the gateway can evaluate."""


def decision_on(document: Any, method_arn: str) -> Decision:
    """Evaluate a policy document; an explicit Deny wins over every Allow."""
    if not isinstance(document, Mapping) or "Statement" not in document:
        raise MalformedPolicyError("The policy has no Statement.")
    statements = document["Statement"]
    effects = {
        _effect(statement)
        for statement in (statements if isinstance(statements, list) else [statements])
        if _applies(statement, method_arn)
    }
    if "Deny" in effects:
        return Decision.DENIED
    return Decision.ALLOWED if "Allow" in effects else Decision.NOT_MENTIONED


def _effect(statement: Mapping[str, Any]) -> str:
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise MalformedPolicyError("A statement's Effect is neither Allow nor Deny.")
    return str(effect)


def _applies(statement: Any, method_arn: str) -> bool:
    if (
        not isinstance(statement, Mapping)
        or "Action" not in statement
        or "Resource" not in statement
    ):
        raise MalformedPolicyError("A statement lacks its Action or its Resource.")
    if statement.keys() & {"Condition", "NotAction", "NotResource"}:
        raise MalformedPolicyError("The local gateway evaluates Action and Resource only.")
    return any(
        _matches(action.lower(), _INVOKE.lower()) for action in _list(statement["Action"])
    ) and any(_matches(resource, method_arn) for resource in _list(statement["Resource"]))


def _list(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in values):
        raise MalformedPolicyError("An Action or a Resource is not text.")
    return values


def _matches(pattern: str, text: str) -> bool:
    return _expression(pattern).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
