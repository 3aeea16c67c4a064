"""What lies above resources by a relation: what has them as values, and what has that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scim.resource.record import Key, Link, Record
from scim.service.endpoint import Endpoint

Read = Callable[[str, Iterable[Key]], Mapping[Key, Record]]
"""A way of the directory's to read records of a tenant: as of now, or a moment old."""


@dataclass(frozen=True, slots=True)
class Ancestry:
    """The live resources above some records by one relation."""

    link: Link
    known: Mapping[Key, Record]

    def parents_of(self, record: Record) -> list[Key]:
        """Return the resources that have the record as a value, in id order."""
        return [key for key in parents(record, self.link) if key in self.known]

    def above(self, record: Record) -> list[Key]:
        """Return the resources above the record that do not have it as a value themselves."""
        level = self.parents_of(record)
        seen = {record.key, *level}
        found: list[Key] = []
        while level:
            level = [
                key
                for key in dict.fromkeys(
                    up for each in level for up in self.parents_of(self.known[each])
                )
                if key not in seen
            ]
            seen.update(level)
            found += level
        return sorted(found)


def parents(record: Record, link: Link) -> list[Key]:
    """Return the keys the record's back link names, in id order, alive or not."""
    return [Key(link.type, id_) for id_ in sorted(record.links.get(link, ()))]


def ancestry(endpoint: Endpoint, records: Sequence[Record], link: Link, read: Read) -> Ancestry:
    """Climb from the records to all that lies above them, one batch a level.

    Beyond the first level nothing is read unless the relation's source type is one of its own
    targets, and something up there is nested.
    """
    source = endpoint.catalogue.resource_type(link.type)
    climbs = source is not None and source.nests_by(link.attribute)
    known: dict[Key, Record] = {}
    asked: set[Key] = set()
    level = sorted({key for record in records for key in parents(record, link)})
    while level:
        asked.update(level)
        found = read(endpoint.tenant, level)
        known.update(found)
        above = {key for record in found.values() for key in parents(record, link)}
        level = sorted(above - asked) if climbs else []
    return Ancestry(link, known)
