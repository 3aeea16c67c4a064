"""What a request needs and what a scope grants: one table for the authorizer and the functions.

The table is `definitions/permissions.json`: path and method to the name of a permission. A row
with `{type}` is about every resource type; what is not in the table is granted to nobody.
Scopes are permissions or patterns of them: `users:view`, `users:*`, `*:view`, `*`. A profile may
have names of its own for permissions, which are paths: one grants what is below it too.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

EVERYTHING = "*"
SCOPE = re.compile(r"\*|[a-z]+|(?:[a-z][a-z0-9_.~-]*|\*):(?:[a-z]+|\*)")
_TYPE, _ID = "{type}", "{id}"
_PARAMETER = re.compile(r"<[^/>]+>|\{[^/}]+\}")


class UndeclaredRoute(Exception):
    """A path that the table of permissions says nothing about must not be served."""

    def __init__(self, path: str) -> None:
        super().__init__(f"definitions/permissions.json has no row for {path}.")


class Grant(NamedTuple):
    """A method of a path and the permission it needs; the path's last segment may be `{id}`."""

    method: str
    path: str
    permission: str


@dataclass(frozen=True, slots=True)
class Permissions:
    """The table: the permissions every caller has, and those a path's methods need."""

    always: frozenset[str]
    rows: Mapping[str, Mapping[str, str]]

    @staticmethod
    @cache
    def shipped() -> "Permissions":
        """Return the table in the package, read once per process."""
        text = (files("scim") / "definitions" / "permissions.json").read_text("utf-8")
        table = json.loads(text)
        return Permissions(
            frozenset(table["always"]), {row["path"]: row["methods"] for row in table["rows"]}
        )

    def needed(self, path: str) -> Mapping[str, str]:
        """Return the permission each method of a route needs, as in `/Users/<id_>`.

        Raises UndeclaredRoute.
        """
        plain = _PARAMETER.sub(_ID, path)
        if plain in self.rows:
            return self.rows[plain]
        segment, slash, below = plain.removeprefix("/").partition("/")
        general = self.rows.get(f"/{_TYPE}{slash}{below}")
        if general is None or _ID in segment:
            raise UndeclaredRoute(path)
        return {method: _named(name, segment) for method, name in general.items()}

    def is_granted(self, scopes: AbstractSet[str], permission: str) -> bool:
        """Tell whether one of the scopes grants the permission."""
        kind, colon, action = permission.partition(":")
        enough = {EVERYTHING, permission, f"{kind}:*"} | ({f"*:{action}"} if colon else set())
        return permission in self.always or not enough.isdisjoint(scopes)

    def allows(self, scopes: AbstractSet[str], method: str, path: str) -> bool:
        """Tell whether the scopes grant a method of a route that has it; raises UndeclaredRoute."""
        return self.is_granted(scopes, self.needed(path)[method])

    def grants(self, segments: Collection[str]) -> Iterator[Grant]:
        """Yield the whole table, its general rows written out for resource types' endpoints."""
        for path, methods in self.rows.items():
            for segment in segments if _TYPE in path else ("",):
                written = path.replace(_TYPE, segment)
                # A type with rows of its own is none of the general ones' business.
                if written == path or written not in self.rows:
                    for method, name in methods.items():
                        yield Grant(method, written, _named(name, segment))


def is_scope(text: str, names: Mapping[str, str]) -> bool:
    """Tell whether the text is a scope, where permissions have these names beside ours."""
    return SCOPE.fullmatch(text) is not None or any(_covers(text, name) for name in names.values())


def scopes_meant(scopes: AbstractSet[str], names: Mapping[str, str]) -> frozenset[str]:
    """Return the scopes in our words; a name that covers all there are grants everything."""
    meant = {each for each in scopes if SCOPE.fullmatch(each) is not None}
    for scope in scopes - meant:
        covered = {ours for ours, name in names.items() if _covers(scope, name)}
        meant |= {EVERYTHING} if names and len(covered) == len(names) else covered
    return frozenset(meant)


def _covers(scope: str, name: str) -> bool:
    return scope.startswith("/") and f"{name}/".startswith(f"{scope.rstrip('/')}/")


def _named(permission: str, segment: str) -> str:
    return permission.replace(_TYPE, segment.lower())
