"""Lines of a file about the same resource: they add values to it, or repeat it and are reported."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import NamedTuple

from scim.service.bulk.request import BulkOperation, Method
from scim.service.transfer.operations import added_values
from scim.service.transfer.port import Reader


class RepeatedLine(NamedTuple):
    """How an operation relates to those before it.

    `addition` adds its values to the resource of that `name`; `twin` is the line of an earlier
    operation that creates the same resource, 0 for none.
    """

    addition: BulkOperation | None = None
    name: str = ""
    twin: int = 0


class _First(NamedTuple):
    name: str
    scalars: int


@dataclass(slots=True)
class Repeats:
    """The resources that the operations so far create; most are kept as a hash and a line only."""

    reader: Reader
    is_update: bool
    lines: dict[int, int] = field(default_factory=dict)
    """The line that creates a resource, by the hash of its identity."""
    firsts: dict[int, _First] = field(default_factory=dict)
    """The resources with values of relations, by the hashes of their identity and of their name."""
    last: dict[str, str] = field(default_factory=dict)
    """The name of the last resource of each type."""

    def of(self, operation: BulkOperation) -> RepeatedLine:
        """Return how the operation relates to earlier ones, and remember it."""
        if operation.method is not Method.POST or operation.fault is not None:
            return RepeatedLine()
        name = str(operation.makes)
        identity = self.reader.identity(operation)
        scalars = self.reader.scalars(operation)
        if self.reader.addition(operation, name) is not None:
            first = self._first(operation, identity, scalars)
            if first:
                return RepeatedLine(self.reader.addition(operation, first), first)
            self._remember(operation, identity, scalars)
        else:
            self.last[operation.segment] = name
        if not self.is_update or identity is None:
            return RepeatedLine()
        line = self.lines.setdefault(hashed(identity), operation.line or 0)
        return RepeatedLine(twin=0 if line == operation.line else line)

    def _first(self, operation: BulkOperation, identity: str | None, scalars: str) -> str:
        """Return the name of the resource the operation adds to, empty where it creates one itself."""
        if scalars == "{}" and self.reader.continues:
            return self.last.get(operation.segment, "")
        for key in (_named(operation), identity):
            first = None if key is None else self.firsts.get(hashed(key))
            if first is not None and first.scalars == hashed(scalars):
                return first.name
        return ""

    def _remember(self, operation: BulkOperation, identity: str | None, scalars: str) -> None:
        name = str(operation.makes)
        first = _First(name, hashed(scalars))
        self.last[operation.segment] = name
        for key in (_named(operation), identity):
            if key is not None:
                self.firsts.setdefault(hashed(key), first)


def joined(operation: BulkOperation, additions: Iterable[BulkOperation]) -> BulkOperation:
    """Return the operation that creates a resource with the values that other operations add to it."""
    names = {name.lower(): name for name in operation.data}
    added: defaultdict[str, list[object]] = defaultdict(list)
    for addition in additions:
        for path, value in added_values(addition):
            added[names.get(path.lower(), path)] += value if isinstance(value, list) else [value]
    data = dict(operation.data)
    for name, values in added.items():
        own = data.get(name, [])
        data[name] = [*(own if isinstance(own, list) else [own]), *values]
    return replace(operation, data=data)


def hashed(name: str) -> int:
    """Return the hash kept in place of a name."""
    # Eight bytes: two of a million names collide in one of 37 million files.
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")


def _named(operation: BulkOperation) -> str:
    return f"{operation.segment} {operation.makes}"
