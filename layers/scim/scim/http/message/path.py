"""The path of a request in the form of the routes, whatever form a profile's clients use."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from scim.mount import MOUNT, as_spelt, split_at_mount, tenant_in
from scim.profile.parts import Routing

_MOUNTS = (MOUNT,)
_SLASHES = re.compile("/{2,}")
_PARAMETER = re.compile(r"<[^/>]+>")
_VALUE = re.compile(r"[-._~()'!*:@,;=+&$%<> \[\]{}|^\w]+")
"""The value of a path parameter, percent-encoded or not."""


class RoutedPath(NamedTuple):
    """The tenant that a path names, None if it names none, and the path below the mount.

    `deprecated` is the time since which the path is deprecated, None if it is not.
    """

    tenant: str | None
    api_path: str
    deprecated: str | None = None


class PathRules:
    """Finds the rule that matches a path.

    It tries rules without parameters first, because they are more specific, then rules whose only
    parameter is the last segment, because most requests use those, then all others.
    """

    def __init__(self, rules: Iterable[str]) -> None:
        segments_and_rules = [(rule.rstrip("/").split("/"), rule) for rule in rules]
        self._fixed = {
            "/".join(segments): rule for segments, rule in segments_and_rules if "<" not in rule
        }
        self._others = [(segments, rule) for segments, rule in segments_and_rules if "<" in rule]
        self._items: dict[str, tuple[str, str]] = {}
        for (*start, end), rule in self._others:
            if end[:1] == "<" and "<" not in "".join(start):
                self._items.setdefault("/".join(start), (rule, end[1:-1]))

    def match(self, api_path: str) -> tuple[str, dict[str, str]] | None:
        """Return the rule and the parameters by name, None if no rule matches.

        Trailing slashes are ignored.
        """
        path = api_path.rstrip("/")
        fixed_rule = self._fixed.get(path)
        if fixed_rule is not None:
            return fixed_rule, {}
        start, _, value = path.rpartition("/")
        item = self._items.get(start)
        if item is not None and _VALUE.fullmatch(value):
            return item[0], {item[1]: value}
        path_segments = path.split("/")
        for rule_segments, rule in self._others:
            if len(rule_segments) == len(path_segments):
                parameters = _values(rule_segments, path_segments)
                if parameters is not None:
                    return rule, parameters
        return None


def _values(rule_segments: list[str], path_segments: list[str]) -> dict[str, str] | None:
    parameters: dict[str, str] = {}
    for expected, segment in zip(rule_segments, path_segments, strict=True):
        if expected[:1] != "<":
            if expected != segment:
                return None
        elif _VALUE.fullmatch(segment):
            parameters[expected[1:-1]] = segment
        else:
            return None
    return parameters


def routed_path(event: Mapping[str, Any], routing: Routing, rules: Iterable[str]) -> RoutedPath:
    """Return the tenant and path of a request; a path outside every mount is returned unchanged."""
    mounts = (MOUNT, *routing.mounts) if routing.mounts else _MOUNTS
    path = str(event.get("path") or "/")
    if routing.any_case:
        mounts = as_spelt(path, mounts)
    parts = split_at_mount(path, mounts)
    if parts is None:
        return RoutedPath(None, path)
    tenant, api_path = tenant_in(event, mounts), parts[2] or "/"
    if "//" in api_path:
        # The client joined a base URL that ends in a slash with a path that begins with one.
        api_path = _SLASHES.sub("/", api_path)
    if routing.tenant_after_mount and tenant is None:
        tenant, api_path = _named_below(api_path, rules)
    deprecated = routing.deprecated.get(api_path.rstrip("/")) if routing.deprecated else None
    if routing.aliases:
        api_path = _aliased(api_path, routing)
    if routing.any_case:
        api_path = _respelt(api_path, rules)
    elif routing.lower_case and api_path[1:2].islower():
        api_path = _with_capitals(api_path, rules)
    return RoutedPath(tenant, api_path, deprecated)


def _named_below(api_path: str, rules: Iterable[str]) -> tuple[str | None, str]:
    """Return the first segment as the tenant, unless it is an endpoint or the only segment."""
    segment, _, remainder = api_path.removeprefix("/").partition("/")
    endpoints = {rule.removeprefix("/").partition("/")[0].lower() for rule in rules}
    if not segment or segment.lower() in endpoints or not remainder:
        return None, api_path
    return segment, f"/{remainder}"


def _aliased(api_path: str, routing: Routing) -> str:
    flags = re.IGNORECASE if routing.any_case else 0
    for alias, path in routing.aliases.items():
        match = re.match(rf"{re.escape(alias)}(?=/|$)", api_path, flags)
        if match is not None:
            return path + api_path[match.end() :]
    return api_path


def _with_capitals(api_path: str, rules: Iterable[str]) -> str:
    """Return the path with an all-lower-case endpoint replaced by the spelling of its rule."""
    segment, slash, remainder = api_path.removeprefix("/").partition("/")
    if not segment.islower():
        return api_path
    endpoints = (rule.removeprefix("/").partition("/")[0] for rule in rules)
    capitalised = (endpoint for endpoint in endpoints if endpoint[:1].isupper())
    spelling = next((endpoint for endpoint in capitalised if endpoint.lower() == segment), segment)
    return f"/{spelling}{slash}{remainder}"


def _respelt(api_path: str, rules: Iterable[str]) -> str:
    """Return the path with the spelling of its rule, parameters excepted."""
    path_segments = api_path.rstrip("/").split("/")
    for rule in sorted(rules, key=lambda rule: rule.count("<")):
        rule_segments = rule.rstrip("/").split("/")
        if len(rule_segments) == len(path_segments) and all(
            _PARAMETER.fullmatch(expected) or expected.lower() == segment.lower()
            for expected, segment in zip(rule_segments, path_segments, strict=True)
        ):
            return "/".join(
                segment if _PARAMETER.fullmatch(expected) else expected
                for expected, segment in zip(rule_segments, path_segments, strict=True)
            )
    return api_path
