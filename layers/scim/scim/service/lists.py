"""What lists need from a store beyond single resources: ordered reading, both ways, and marks."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from scim.resource.key_range import Span, Way
from scim.resource.record import Key, Record


class RecordStretch(Protocol):
    """Some records in the order of the walk; `has_more` tells whether the list goes on."""

    @property
    def records(self) -> Sequence[Record]: ...
    @property
    def has_more(self) -> bool: ...


class IdStretch(Protocol):
    """Some places of an ordered list, each a sort key and the id found there."""

    @property
    def places(self) -> Sequence[tuple[str, str]]: ...
    @property
    def has_more(self) -> bool: ...


class Spending(Protocol):
    """What has been asked of the database, in AWS's units."""

    @property
    def round_trips(self) -> int: ...
    @property
    def rcu(self) -> float: ...


class Lists(Protocol):
    """Lists of one tenant in key order.

    Each is read in stretches of up to `limit`: `beyond` is the sort key or id that the stretch
    before ended with, None at the beginning. What is read is as of now unless said otherwise.
    """

    def records(
        self, tenant: str, type_name: str, way: Way, beyond: str | None, limit: int
    ) -> RecordStretch:
        """Return live records of a type in id order."""

    def skipped(
        self, tenant: str, type_name: str, after: str | None, number: int
    ) -> tuple[str | None, int]:
        """Return the key of the last of up to `number` live records, and how many they are.

        Nothing of them is read but that they are there.
        """

    def entries(
        self,
        tenant: str,
        type_name: str,
        attribute: str,
        span: Span,
        way: Way,
        beyond: str | None,
        limit: int,
    ) -> IdStretch:
        """Return the places of an index within a span of its values, in the values' order.

        Values that begin with the same 640 bytes are in any order, but always the same.
        """

    def holders(
        self,
        tenant: str,
        type_name: str,
        attribute: str,
        value: str,
        way: Way,
        start: str | None,
        limit: int,
    ) -> IdStretch:
        """Return who has that folded value, in id order, from the id `start` on, included."""

    def targets(
        self,
        tenant: str,
        source: Key,
        attribute: str,
        type_name: str,
        way: Way,
        start: str | None,
        limit: int,
    ) -> IdStretch:
        """Return the live targets of a relation that are of a type, in id order from `start` on."""

    def changed(
        self,
        tenant: str,
        type_name: str,
        since: str,
        until: str | None,
        way: Way,
        beyond: str | None,
        limit: int,
    ) -> IdStretch:
        """Return what was last modified in the hours from `since` to `until`, hour by hour.

        The latest changes may be missing for a moment, and the deleted still be there.
        """

    def mark(
        self, tenant: str, walk: str, index: int, content: Mapping[str, object], end: int
    ) -> None:
        """Remember where a walk is at an index, until `end` in seconds since 1970."""

    def marked(self, tenant: str, walk: str, index: int) -> Mapping[str, object] | None:
        """Return what was remembered of a walk at just that index."""

    def marked_before(
        self, tenant: str, walk: str, index: int
    ) -> tuple[int, Mapping[str, object]] | None:
        """Return the largest index up to that one at which a walk was remembered, and what."""

    def is_built(self, tenant: str, type_name: str, attribute: str) -> bool:
        """Tell whether an index that was declared late holds all it should."""

    def sealing_key(self, tenant: str) -> bytes:
        """Return the tenant's secret of 64 bytes for sealing cursors, always the same."""

    def spent(self) -> Spending:
        """Return what all calls together have cost so far."""
