"""REQUEST authorizers: which one is called, how long its result is cached, and how the gateway uses it."""

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

from local.api_gateway.policy import Decision, MalformedPolicyError, decision_on
from local.api_gateway.refusal import Refusal
from local.api_gateway.routes import function_arn_in
from local.http import Request
from local.runtime import FunctionError

_FAILURE = Refusal("AUTHORIZER_FAILURE", None)
_UNAUTHORIZED = Refusal("UNAUTHORIZED", "Unauthorized")
_REFUSALS = {
    Decision.DENIED: "User is not authorized to access this resource with an explicit deny",
    Decision.NOT_MENTIONED: "User is not authorized to access this resource",
}

Invoke = Callable[[str, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Authorizer:
    """One authorizer of the API."""

    name: str
    function_arn: str
    identity_sources: tuple[str, ...]
    seconds_remembered: int


@dataclass(frozen=True, slots=True)
class Permit:
    """The content of requestContext.authorizer for the functions."""

    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Verdict:
    policy: Mapping[str, Any]
    context: Mapping[str, Any]
    expires: float


def authorizers_of(body: Mapping[str, Any]) -> Mapping[str, Authorizer]:
    """Return the Lambda authorizers that an API's OpenAPI body defines."""
    schemes = body.get("securityDefinitions") or body.get("components", {}).get(
        "securitySchemes", {}
    )
    definitions = {
        name: scheme.get("x-amazon-apigateway-authorizer", {}) for name, scheme in schemes.items()
    }
    return {
        name: _authorizer(name, definition)
        for name, definition in definitions.items()
        if definition.get("type") == "request"
    }


class Authorizers:
    """Calls authorizers and caches each result for the identity it was given for.

    A cached policy serves every method and path of the API; it is evaluated again for each request.
    """

    def __init__(
        self,
        authorizers: Mapping[str, Authorizer],
        invoke: Invoke,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._authorizers = authorizers
        self._invoke = invoke
        self._clock = clock
        self._verdicts: dict[tuple[str, ...], _Verdict] = {}
        self._times_forgotten = 0
        self._lock = Lock()

    def forget(self) -> None:
        """Forget all results, as flushing the stage's cache does."""
        with self._lock:
            self._verdicts = {}
            self._times_forgotten += 1

    def permit(self, name: str, request: Request, event: Mapping[str, Any]) -> Permit | Refusal:
        """Authorize one request; `event` is its authorizer event."""
        authorizer = self._authorizers[name]
        identity = tuple(_identity(source, request) or "" for source in authorizer.identity_sources)
        if not all(identity):
            return _UNAUTHORIZED
        started = self._clock()
        try:
            verdict = self._verdict(authorizer, identity, event)
            decision = decision_on(verdict.policy, event["methodArn"])
        except (FunctionError, MalformedPolicyError) as error:
            if isinstance(error, FunctionError) and error.message == "Unauthorized":
                return _UNAUTHORIZED
            traceback.print_exception(error)
            return _FAILURE
        if decision is not Decision.ALLOWED:
            return Refusal("ACCESS_DENIED", _REFUSALS[decision], verdict.context)
        return Permit(
            {**verdict.context, "integrationLatency": int((self._clock() - started) * 1000)}
        )

    def _verdict(
        self, authorizer: Authorizer, identity: tuple[str, ...], event: Mapping[str, Any]
    ) -> _Verdict:
        key = (authorizer.name, *identity)
        with self._lock:
            known, times_forgotten = self._verdicts.get(key), self._times_forgotten
        if known and known.expires > self._clock():
            return known
        verdict = _verdict(
            self._invoke(authorizer.function_arn, event),
            self._clock() + authorizer.seconds_remembered,
        )
        if authorizer.seconds_remembered:
            with self._lock:
                self._verdicts = {
                    one: other
                    for one, other in self._verdicts.items()
                    if other.expires > self._clock()
                }
                # A result requested before `forget` is as outdated as those it removed.
                if times_forgotten == self._times_forgotten:
                    self._verdicts[key] = verdict
        return verdict


def _authorizer(name: str, definition: Mapping[str, Any]) -> Authorizer:
    sources = tuple(
        source.strip()
        for source in definition.get("identitySource", "").split(",")
        if source.strip()
    )
    seconds = int(definition.get("authorizerResultTtlInSeconds", 300))
    return Authorizer(name, function_arn_in(definition["authorizerUri"]), sources, seconds)


def _identity(source: str, request: Request) -> str | None:
    kind, _, name = source.removeprefix("method.request.").partition(".")
    match kind:
        case "header":
            return request.header(name)
        case "querystring":
            return parse_qs(request.query).get(name, [""])[-1]
    raise ValueError(f"The local gateway knows no identity source {source}.")


def _verdict(answer: Any, expires: float) -> _Verdict:
    if not isinstance(answer, Mapping) or not isinstance(answer.get("principalId"), str):
        raise MalformedPolicyError("The authorizer's answer has no principalId.")
    policy = answer.get("policyDocument")
    context = answer.get("context") or {}
    if not isinstance(policy, Mapping) or not isinstance(context, Mapping):
        raise MalformedPolicyError("The authorizer's policyDocument or context is not an object.")
    values = {str(key): _text(value) for key, value in context.items()}
    return _Verdict(policy, {**values, "principalId": answer["principalId"]}, expires)


def _text(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
    raise MalformedPolicyError("A context value is neither text, number nor boolean.")
