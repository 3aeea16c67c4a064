"""An export: a directory read from end to end, resumable at any mark."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scim.resource.access_path import Direction
from scim.resource.body import schemas_of
from scim.resource.record import Edge, Key, Record
from scim.resource.secret import without_hidden
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Endpoint
from scim.service.transfer.port import Writer
from scim.service.transfer.references import References

AT_ONCE: Final = 100
"""Resources read at once."""
MOST_VALUES: Final = 500
"""Values of a relation in one piece: an import adds them in one request."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an export is: up to a resource, or up to a value of one of its relations."""

    type: str = ""
    id: str = ""
    relation: int = 0
    target: str | None = None
    is_within: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the file, the mark to resume at after it, and how many resources begin in it."""

    content: bytes
    mark: Mark
    resources: int


@dataclass(frozen=True, slots=True)
class Export:
    """An export of the types of these endpoints, of what existed at `until` (RFC 3339).

    Resources created later and values added later are left out. So everything a resource refers
    to is in the file too, unless it was deleted meanwhile.
    """

    endpoints: Sequence[Endpoint]
    writer: Writer
    until: str
    most_values: int

    def pieces(self, mark: Mark) -> Iterator[Piece]:
        """Yield the pieces after the mark."""
        names = [endpoint.resource_type.name for endpoint in self.endpoints]
        first_type = names.index(mark.type) if mark.type else 0
        for endpoint in self.endpoints[first_type:]:
            last_id = None
            if endpoint.resource_type.name == mark.type:
                last_id = mark.id
                if mark.is_within:
                    yield from self._rest(endpoint, mark)
            yield from self._resources(endpoint, last_id)

    def _resources(self, endpoint: Endpoint, last_id: str | None) -> Iterator[Piece]:
        type_name = endpoint.resource_type.name
        related = endpoint.catalogue.relation_names_of(type_name)
        while True:
            page = endpoint.directory.records(
                endpoint.tenant, type_name, Direction.UP, last_id, AT_ONCE, related
            )
            records = [record for record in page.records if record.created <= self.until]
            names = self._names_referred_to(endpoint, records)
            first_values = self._first_values(endpoint, records)
            for record in records:
                yield from self._resource(endpoint, record, first_values, names)
            if not page.has_more:
                return
            last_id = page.records[-1].key.id

    def _resource(
        self,
        endpoint: Endpoint,
        record: Record,
        first_values: Mapping[tuple[Key, str], tuple[Sequence[Edge], str | None]],
        names: Mapping[str, str],
    ) -> Iterator[Piece]:
        resource_type, id_ = endpoint.resource_type, record.key.id
        resource: dict[str, object] = {
            "schemas": schemas_of(resource_type, record.body),
            **without_hidden(resource_type, record.body),
        }
        if self._has_numbers:
            resource = References.of(resource_type, endpoint.catalogue).renamed(resource, names.get)
        targets: set[str] = set()
        remaining: list[Mark] = []
        for index, relation in enumerate(resource_type.relations):
            edges, last_target = first_values.get((record.key, relation.attribute), ((), None))
            if edges:
                resource[relation.attribute] = [self._value(edge) for edge in edges]
                targets |= self._in_file(edges)
            if last_target is not None:
                remaining.append(Mark(resource_type.name, id_, index, last_target, is_within=True))
        known_names = targets.union(names.values())
        content = self.writer.first(resource_type, self._name(record.key), resource, known_names)
        end = Mark(resource_type.name, id_)
        yield Piece(content, remaining[0] if remaining else end, 1)
        for index_of_mark, mark in enumerate(remaining):
            following = remaining[index_of_mark + 1] if index_of_mark + 1 < len(remaining) else end
            yield from self._more(endpoint, mark, following)

    def _rest(self, endpoint: Endpoint, mark: Mark) -> Iterator[Piece]:
        """Yield the remaining values of one resource's relations after a mark."""
        relations = endpoint.resource_type.relations
        end = Mark(mark.type, mark.id)
        marks = [mark]
        for index, relation in enumerate(relations[mark.relation + 1 :], mark.relation + 1):
            key = Key(mark.type, mark.id)
            # The relation's first values were written with the resource.
            page = endpoint.directory.edges(
                endpoint.tenant, key, relation.attribute, Direction.UP, None, self.most_values
            )
            if page.beyond is not None:
                marks.append(Mark(mark.type, mark.id, index, page.beyond, is_within=True))
        for number, mark_of_relation in enumerate(marks):
            following = marks[number + 1] if number + 1 < len(marks) else end
            yield from self._more(endpoint, mark_of_relation, following)

    def _more(self, endpoint: Endpoint, mark: Mark, following: Mark) -> Iterator[Piece]:
        relation = endpoint.resource_type.relations[mark.relation]
        key, last_target = Key(mark.type, mark.id), mark.target
        while last_target is not None:
            page = endpoint.directory.edges(
                endpoint.tenant,
                key,
                relation.attribute,
                Direction.UP,
                last_target,
                self.most_values,
            )
            edges = [edge for edge in page.edges if edge.since <= self.until]
            last_target = page.beyond
            if edges:
                values = [self._value(edge) for edge in edges]
                content = self.writer.more(
                    endpoint.resource_type,
                    self._name(key),
                    relation.attribute,
                    values,
                    self._in_file(edges),
                )
                mark_after = Mark(mark.type, mark.id, mark.relation, last_target, is_within=True)
                yield Piece(content, following if last_target is None else mark_after, 0)

    def _first_values(
        self, endpoint: Endpoint, records: Sequence[Record]
    ) -> dict[tuple[Key, str], tuple[Sequence[Edge], str | None]]:
        first_values: dict[tuple[Key, str], tuple[Sequence[Edge], str | None]] = {}
        directory, tenant = endpoint.directory, endpoint.tenant
        for record in records:
            if record.is_unsettled:
                directory.settle(tenant, record.key, endpoint.clock.now())
        for relation in endpoint.resource_type.relations:
            name = relation.attribute
            keys = [
                record.key
                for record in records
                if record.counts.get(name, 0) or record.is_unsettled
            ]
            pages = directory.edges_of(tenant, keys, name, self.most_values) if keys else {}
            for key, page in pages.items():
                edges = [edge for edge in page.edges if edge.since <= self.until]
                first_values[key, name] = edges, page.beyond
        return first_values

    @property
    def _has_numbers(self) -> bool:
        """Whether two resources in the file can have the same id: each type counts its own numbers."""
        return len(self.endpoints) > 1 and bool(self.endpoints[0].profile.wire.ids)

    def _name(self, key: Key) -> str:
        """Return what the file has as the id of a resource."""
        return f"{key.type}:{key.id}" if self._has_numbers else key.id

    def _value(self, edge: Edge) -> dict[str, object]:
        id_ = self._name(edge.target) if self._has(edge) else edge.target.id
        return {"value": id_, **edge.sent, "type": edge.target.type}

    def _has(self, edge: Edge) -> bool:
        """Tell whether the target is in the file, as those of the exported types are."""
        return any(endpoint.resource_type.name == edge.target.type for endpoint in self.endpoints)

    def _in_file(self, edges: Sequence[Edge]) -> frozenset[str]:
        """Return the names of the targets that are in the file."""
        return frozenset(self._name(edge.target) for edge in edges if self._has(edge))

    def _names_referred_to(
        self, endpoint: Endpoint, records: Sequence[Record]
    ) -> Mapping[str, str]:
        """Return the names in the file of what the records' bodies refer to, by id."""
        references = References.of(endpoint.resource_type, endpoint.catalogue)
        ids = frozenset[str]().union(*(references.names_in(record.body) for record in records))
        keys = [
            Key(endpoint.resource_type.name, id_)
            for id_ in sorted(ids)
            for endpoint in self.endpoints
        ]
        referenced = endpoint.directory.read_many(endpoint.tenant, keys) if keys else {}
        return {
            key.id: self._name(key)
            for key, record in referenced.items()
            if record.created <= self.until
        }


def ordered(resource_types: Sequence[ResourceType]) -> list[ResourceType]:
    """Return the types whose resources are stored, the ones with fewest relations and references first."""
    stored = [resource_type for resource_type in resource_types if resource_type.edges_of is None]
    return sorted(
        stored,
        key=lambda resource_type: len(resource_type.relations) + len(resource_type.references),
    )
