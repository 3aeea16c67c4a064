"""The responses of a delta query: the changed resources as the client sees them now, as many as fit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scim.compact import element_bytes
from scim.filter.binding.bound_tree import ALWAYS, comparisons_in_tree
from scim.filter.binding.predicate import predicate
from scim.immutable import immutable
from scim.resource.budget import cost_of_testing, values_in
from scim.resource.history.log_entry import LogEntry
from scim.resource.history.origin import Action
from scim.resource.projection import Projection
from scim.resource.record import Key, Record
from scim.schema.message_uri import DELTA_RESPONSE_URN
from scim.service.attempt import settled
from scim.service.endpoint import Endpoint
from scim.service.feed.positions import DeltaToken
from scim.service.messages import Query
from scim.service.query.filtering import TypeQuery, type_queries_of
from scim.service.query.matches import BATCH_SIZE, FULL, without_links_from
from scim.service.query.read_budget import ReadBudget, require_room
from scim.service.resources.view import full_views, plain_view
from scim.service.visibility.directory import FilteredDirectory
from scim.service.visibility.references import without_unseen

Response = Mapping[str, object]
"""One changed resource as the client sees it."""


@dataclass(frozen=True, slots=True)
class ChangedResource:
    """A resource and the entries read of it; a walk that begins in its lane at `start` comes upon it."""

    key: Key
    entries: tuple[LogEntry, ...]
    lane: int
    start: int


def fitting_responses(
    endpoints: Sequence[Endpoint],
    changed: Sequence[ChangedResource],
    since: DeltaToken,
    query: Query,
) -> tuple[tuple[Response, ...], ChangedResource | None]:
    """Return the responses that fit the answer, and the first resource whose response does not.

    Raises InvalidFilter, and TooMany when testing the filter would take too long.
    """
    types = {resource.key.type for resource in changed}
    shown_types = [
        _Shown.of(endpoint, since, query)
        for endpoint in endpoints
        if endpoint.resource_type.name in types
    ]
    by_type = {shown_type.endpoint.resource_type.name: shown_type for shown_type in shown_types}
    responses: list[Response] = []
    room = endpoints[0].bounds.content_bytes
    for resource, response in _responses(by_type, changed):
        room -= element_bytes(response)
        if room < 0 and responses:
            return tuple(responses), resource
        responses.append(response)
    return tuple(responses), None


def _responses(
    by_type: Mapping[str, "_Shown"], changed: Sequence[ChangedResource]
) -> Iterator[tuple[ChangedResource, Response]]:
    """Yield the responses in order. Few resources are in memory at once: a page may have too many."""
    for start in range(0, len(changed), BATCH_SIZE):
        batch = changed[start : start + BATCH_SIZE]
        records: dict[Key, Record | None] = {}
        for shown_type in by_type.values():
            records |= shown_type.records(
                [resource for resource in batch if by_type[resource.key.type] is shown_type]
            )
        for group in _light_groups(batch, records):
            responses: dict[Key, Response] = {}
            for shown_type in by_type.values():
                resources = [
                    resource for resource in group if by_type[resource.key.type] is shown_type
                ]
                responses |= shown_type.responses(resources, records)
            yield from (
                (resource, responses[resource.key])
                for resource in group
                if resource.key in responses
            )


def _light_groups(
    changed: Sequence[ChangedResource], records: Mapping[Key, Record | None]
) -> Iterator[list[ChangedResource]]:
    group: list[ChangedResource] = []
    weight = 0
    for resource in changed:
        record = records.get(resource.key)
        weight += 0 if record is None else record.weight
        if group and weight > FULL:
            yield group
            group, weight = [], 0 if record is None else record.weight
        group.append(resource)
    if group:
        yield group


@immutable
class _Shown:
    """The changed resources of one type, as one client sees them."""

    endpoint: Endpoint
    since: DeltaToken
    type_query: TypeQuery
    projection: Projection

    @staticmethod
    def of(endpoint: Endpoint, since: DeltaToken, query: Query) -> "_Shown":
        budget = ReadBudget(endpoint.bounds.scanned, endpoint.budget)
        (type_query,), _ = type_queries_of([endpoint], query.filter, budget, query.domain)
        projection = Projection.of(
            endpoint.resource_type, query.attributes, query.excluded_attributes, endpoint.profile
        )
        return _Shown(endpoint, since, type_query, projection)

    def records(self, changed: Sequence[ChangedResource]) -> dict[Key, Record | None]:
        """Return the resources that match, and None for those that the client no longer sees."""
        # Before the records: a resource that is missing afterwards has no more links.
        deleted_keys = self._linked_after_deletion()
        live = _live(self.endpoint, [resource.key for resource in changed])
        gone = (
            resource
            for resource in changed
            if resource.key not in live and _has_left(self.endpoint, resource)
        )
        return {**{resource.key: None for resource in gone}, **self._matching(live, deleted_keys)}

    def responses(
        self, changed: Sequence[ChangedResource], records: Mapping[Key, Record | None]
    ) -> dict[Key, Response]:
        """Return the responses of those that are among the records."""
        existing = [
            record for resource in changed if (record := records.get(resource.key)) is not None
        ]
        created_keys = {
            resource.key
            for resource in changed
            if any(entry.action == Action.CREATE for entry in resource.entries)
        }
        responses: dict[Key, Response] = {
            resource.key: _response(resource.key, "Delete")
            for resource in changed
            if resource.key in records and records[resource.key] is None
        }
        views = full_views(self.endpoint, existing, self.projection)
        for record, view in zip(existing, views, strict=True):
            # The entry of its creation may be on an earlier page. The time alone does not tell: clocks differ.
            is_new = record.key in created_keys or record.created >= self.since.at
            kind = "Create" if is_new else "Update"
            responses[record.key] = {**_response(record.key, kind), "data": view}
        return responses

    def _linked_after_deletion(self) -> frozenset[Key]:
        if not self.type_query.tests_links:
            return frozenset()
        return self.endpoint.directory.linked_after_deletion(self.endpoint.tenant)

    def _matching(
        self, live: Mapping[Key, Record], deleted_keys: frozenset[Key]
    ) -> Mapping[Key, Record]:
        """Return the resources that match; what the client does not see of them is not tested."""
        type_query, endpoint = self.type_query, self.endpoint
        if type_query.tree is ALWAYS:
            return live
        test, terms = predicate(type_query.tree), comparisons_in_tree(type_query.tree)
        records = list(live.values())
        visible = without_unseen(endpoint, records) if type_query.hides else records
        matching: dict[Key, Record] = {}
        for record, part in zip(records, visible, strict=True):
            linked = without_links_from(part, deleted_keys) if deleted_keys else part
            view = {**plain_view(endpoint, linked), **part.counts}
            cost = cost_of_testing(record) + terms * values_in(view)
            require_room(endpoint.budget, cost, type_query.name, "send a smaller count.")
            if test(view):
                matching[record.key] = record
        return matching


def _live(endpoint: Endpoint, keys: Sequence[Key]) -> dict[Key, Record]:
    latest = endpoint.directory.read_latest(endpoint.tenant, dict.fromkeys(keys))
    records = (settled(endpoint, record) for record in latest.values())
    return {record.key: record for record in records if record is not None}


def _has_left(endpoint: Endpoint, changed: ChangedResource) -> bool:
    """Tell whether the caller saw the resource before one of the changes but no longer does."""
    directory = endpoint.directory
    if not isinstance(directory, FilteredDirectory):
        # A deletion is not always the last entry: the log may hold an earlier version after it.
        return True
    whole_record = directory.behind.read_latest(endpoint.tenant, [changed.key]).get(changed.key)
    body: dict[str, object] = {} if whole_record is None else dict(whole_record.body)
    for entry in reversed(changed.entries):
        unchanged = {name: value for name, value in body.items() if name not in entry.after}
        body = {**unchanged, **entry.before}
        before = Record(changed.key, entry.since, entry.at, entry.at, body)
        if entry.since and directory.filters.holds(before):
            return True
    return False


def _response(key: Key, kind: str) -> dict[str, object]:
    return {
        "schemas": [DELTA_RESPONSE_URN],
        "resourceType": key.type,
        "changeType": kind,
        "changedResourceId": key.id,
    }
