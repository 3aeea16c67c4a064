"""The permissions that requests need and scopes grant: one table for the authorizer and the functions.

The table is `definitions/permissions.json`: path and method to the name of a permission. A row with
`{type}` applies to every resource type; a path that is not in the table is granted to nobody. Scopes are
permissions or patterns of them: `users:view`, `users:*`, `*:view`, `*`. A profile may have its own names
for permissions, which are paths: a path also grants everything below it.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from scim.compiled import DEFINITIONS

EVERYTHING = "*"
EXPLAIN = "explain"
"""The permission to see how a query is answered; of the patterns only `*` includes it."""
SCOPE = re.compile(r"\*|[a-z]+|(?:[a-z][a-z0-9_.~-]*|\*):(?:[a-z]+|\*)")
_TYPE, _ID = "{type}", "{id}"
_NOTHING = "*:*"
"""A valid scope that grants nothing."""
_PARAMETER = re.compile(r"<[^/>]+>|\{[^/}]+\}")


class UndeclaredRoute(Exception):
    """The table of permissions has no row for a path, so the path must not be served."""

    def __init__(self, path: str) -> None:
        super().__init__(f"definitions/permissions.json has no row for {path}.")


class Grant(NamedTuple):
    """A method of a path and the permission it needs; the path's last segment may be `{id}`."""

    method: str
    path: str
    permission: str


@dataclass(frozen=True, slots=True)
class Permissions:
    """The table: the permissions that every caller has, and those that the methods of paths need.

    `others` are the permissions to reach, at a path, what other callers made there; `named` are scopes
    that stand for several others.
    """

    always: frozenset[str]
    rows: Mapping[str, Mapping[str, str]]
    others: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    @cache
    def shipped() -> "Permissions":
        """Return the table in the package, read once per process."""
        text = (DEFINITIONS / "permissions.json").read_text("utf-8")
        table = json.loads(text)
        return Permissions(
            frozenset(table["always"]),
            {row["path"]: row["methods"] for row in table["rows"]},
            {row["path"]: row["others"] for row in table["rows"] if "others" in row},
            {name: tuple(scopes) for name, scopes in table["scopes"].items()},
        )

    def needed(self, path: str) -> Mapping[str, str]:
        """Return the permission each method of a route needs, as in `/Users/<id_>`.

        Raises UndeclaredRoute.
        """
        route = _PARAMETER.sub(_ID, path)
        if route in self.rows:
            return self.rows[route]
        segment, slash, subpath = route.removeprefix("/").partition("/")
        general = self.rows.get(f"/{_TYPE}{slash}{subpath}")
        if general is None or _ID in segment:
            raise UndeclaredRoute(path)
        return {method: _named(name, segment) for method, name in general.items()}

    def is_granted(self, scopes: AbstractSet[str], permission: str) -> bool:
        kind, colon, action = permission.partition(":")
        enough = {EVERYTHING, permission, f"{kind}:*"} | ({f"*:{action}"} if colon else set())
        return permission in self.always or not enough.isdisjoint(scopes)

    def allows(self, scopes: AbstractSet[str], method: str, path: str) -> bool:
        """Tell whether the scopes grant a method that the route has. Raises UndeclaredRoute."""
        return self.is_granted(scopes, self.needed(path)[method])

    def reaches_others(self, scopes: AbstractSet[str], path: str) -> bool:
        """Tell whether the scopes also grant what other callers made at a path."""
        return path in self.others and self.is_granted(scopes, self.others[path])

    def grants(self, segments: Collection[str]) -> Iterator[Grant]:
        """Yield the whole table, with its general rows expanded for the endpoints of resource types."""
        for path, methods in self.rows.items():
            for segment in segments if _TYPE in path else ("",):
                written = path.replace(_TYPE, segment)
                # General rows do not apply to a type with rows of its own.
                if written == path or not {written, f"/{segment}"} & self.rows.keys():
                    for method, name in methods.items():
                        yield Grant(method, written, _named(name, segment))


def is_scope(text: str, names: Mapping[str, str]) -> bool:
    """Tell whether the text is a scope; `names` are the profile's own names, by our permissions."""
    return _grants(text) or any(_covers(text, name) for name in names.values())


def _grants(text: str) -> bool:
    """Tell whether a scope in our own words can grant anything, for any resource type."""
    if SCOPE.fullmatch(text) is None:
        return False
    table = Permissions.shipped()
    rows = {name for methods in table.rows.values() for name in methods.values()}
    permissions = {*rows, *table.always, *table.others.values(), EVERYTHING, EXPLAIN, *table.named}
    _, colon, action = text.partition(":")
    actions = {name.partition(":")[2] for name in permissions}
    return text in permissions if not colon else action in (actions - {""}) | {EVERYTHING}


def supported_scopes(segments: Collection[str]) -> list[str]:
    """Return the supported scopes for resource types at these endpoints, named scopes first."""
    table = Permissions.shipped()
    granted = {grant.permission for grant in table.grants(segments)} - table.always
    return [*sorted(table.named), EVERYTHING, *sorted(granted)]


def scopes_meant(scopes: AbstractSet[str], names: Mapping[str, str]) -> frozenset[str]:
    """Return the scopes in our own words; a profile's name that covers all its names grants everything."""
    named_scopes = Permissions.shipped().named
    plain_scopes = {scope for scope in scopes if SCOPE.fullmatch(scope) is not None}
    own_scopes = {inner for scope in plain_scopes for inner in named_scopes.get(scope, (scope,))}
    for scope in scopes - plain_scopes:
        covered = {ours for ours, name in names.items() if _covers(scope, name)}
        own_scopes |= {EVERYTHING} if names and len(covered) == len(names) else covered
    return frozenset(own_scopes)


def shared_scopes(scopes: AbstractSet[str], other_scopes: AbstractSet[str]) -> frozenset[str]:
    """Return the scopes, in our own words, that grant what both grant."""
    pairs = ((one, other) for one in scopes for other in other_scopes)
    return frozenset(shared for pair in pairs if (shared := _shared(*pair)) is not None)


def is_within(scopes: AbstractSet[str], wider: AbstractSet[str]) -> bool:
    """Tell whether the wider scopes grant everything that the scopes grant."""
    return all(shared_scopes({scope}, wider) >= {scope} for scope in scopes)


def _shared(one: str, other: str) -> str | None:
    """Return the scope that grants what both of two scopes grant, None if they share nothing."""
    if one == other:
        return one
    if one == EVERYTHING:
        return other
    if other == EVERYTHING:
        return one
    if _NOTHING in (one, other):
        return None
    kinds, actions = zip(_parts(one), _parts(other), strict=True)
    kind, action = _meeting(*kinds), _meeting(*actions)
    if kind is None or action is None:
        return None
    return f"{kind}:{action}" if action else kind


def _parts(scope: str) -> tuple[str, str]:
    kind, _, action = scope.partition(":")
    return kind, action


def _meeting(one: str, other: str) -> str | None:
    if EVERYTHING in (one, other):
        return other if one == EVERYTHING else one
    return one if one == other else None


def _covers(scope: str, name: str) -> bool:
    return scope.startswith("/") and f"{name}/".startswith(f"{scope.rstrip('/')}/")


def _named(permission: str, segment: str) -> str:
    return permission.replace(_TYPE, segment.lower())
