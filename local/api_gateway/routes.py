"""The routes of the template's REST API, and how API Gateway chooses among them."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_ANY = "x-amazon-apigateway-any-method"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", _ANY}
_FUNCTION_ARN = re.compile(r"/functions/(arn:[^/]+)/invocations")


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one resource; `function_arn` is None if its integration is not a Lambda proxy."""

    function_arn: str | None
    authorizer: str | None
    is_signed: bool = False
    """Whether requests need AWS's own signature (AWS_IAM)."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One path of the API with its methods."""

    resource_id: str
    path: str
    methods: Mapping[str, Route]

    def route_for(self, method: str) -> Route | None:
        return self.methods.get(method) or self.methods.get("ANY")

    @property
    def rank(self) -> tuple[tuple[int, str], ...]:
        """Sort key: segment by segment, literal before {parameter} before {greedy+}."""
        return tuple((_kind(segment), segment) for segment in _segments(self.path)) or ((-1, ""),)


@dataclass(frozen=True, slots=True)
class Match:
    """A resource and the values of its path parameters, as the client wrote them."""

    resource: Resource
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Routes:
    """All resources, most specific first."""

    resources: tuple[tuple[re.Pattern[str], Resource], ...]

    def match(self, path: str) -> Match | None:
        """Return the most specific resource for a raw path; methods play no part in the choice."""
        for pattern, resource in self.resources:
            if found := pattern.fullmatch(path):
                names = _names(resource.path)
                return Match(resource, dict(zip(names, found.groups(), strict=True)))
        return None


def routes_of(body: Mapping[str, Any]) -> Routes:
    """Return the routes of a REST API's OpenAPI body."""
    default = _authorizer(body.get("security", ()))
    schemes = body.get("components", {}).get("securitySchemes", {})
    signed = {
        name
        for name, each in schemes.items()
        if each.get("x-amazon-apigateway-authtype") == "awsSigv4"
    }
    resources = [
        Resource(
            f"r{number:05d}",
            path,
            {
                "ANY" if method == _ANY else method.upper(): _route(operation, default, signed)
                for method, operation in operations.items()
                if method in _METHODS
            },
        )
        for number, (path, operations) in enumerate(sorted(body["paths"].items()))
    ]
    ordered = sorted(resources, key=lambda resource: resource.rank)
    return Routes(tuple((_pattern(resource.path), resource) for resource in ordered))


def function_arn_in(uri: str) -> str:
    """Return the function's ARN from an integration's or an authorizer's URI."""
    found = _FUNCTION_ARN.search(uri)
    if found is None:
        raise ValueError(f"No function in {uri}.")
    return found[1]


def _route(operation: Mapping[str, Any], default: str | None, signed: Container[str]) -> Route:
    integration = operation.get("x-amazon-apigateway-integration", {})
    arn = function_arn_in(integration["uri"]) if integration.get("type") == "aws_proxy" else None
    scheme = _authorizer(operation["security"]) if "security" in operation else default
    return Route(arn, None, is_signed=True) if scheme in signed else Route(arn, scheme)


def _authorizer(security: Iterable[Mapping[str, Any]]) -> str | None:
    names = [name for requirement in security for name in requirement]
    return next((name for name in names if name not in {"NONE", "api_key"}), None)


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _kind(segment: str) -> int:
    if not segment.startswith("{"):
        return 0
    return 2 if segment.endswith("+}") else 1


def _names(path: str) -> list[str]:
    return [segment.strip("{+}") for segment in _segments(path) if _kind(segment)]


def _pattern(path: str) -> re.Pattern[str]:
    kinds = ("{}", "([^/]+)", "(.+)")
    parts = [kinds[_kind(segment)].format(re.escape(segment)) for segment in _segments(path)]
    return re.compile("/" + "/".join(parts), re.DOTALL)
