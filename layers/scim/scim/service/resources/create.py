"""POST: a new resource (RFC 7644 section 3.3)."""

from collections.abc import Mapping
from functools import partial

from scim.errors import Unavailable, Uniqueness
from scim.profile import Tolerance
from scim.resource.access_path import Direction, IndexValue
from scim.resource.body import with_text
from scim.resource.change import Creation, EdgeDelta, counts_after
from scim.resource.derived_values import with_derived, with_value_names
from scim.resource.index_entries import entries_of, pointers_in
from scim.resource.intake import intake_of
from scim.resource.mapped.attributes import mapped
from scim.resource.projection import Projection
from scim.resource.record import Key, Record, Stale
from scim.resource.relations import separated
from scim.resource.required import require_complete
from scim.resource.secret import secrets_in, without_secrets
from scim.service.attempt import Reading, attempts
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer
from scim.service.recent import UniqueValue
from scim.service.relations.changes import Values, edges_of, resolved, sent_by_id
from scim.service.relations.nesting import guards_of_new
from scim.service.relations.references import with_live_targets
from scim.service.resources.commit import as_stored
from scim.service.resources.json_text import spliced_alone
from scim.service.resources.view import etag_shown, full_views, view_at_once
from scim.service.visibility.restrict import unrestricted


def fresh_id(endpoint: Endpoint) -> str:
    """Return an id that no resource of the endpoint ever had."""
    id_kind = endpoint.profile.wire.ids.get(endpoint.resource_type.endpoint, "uuid")
    if id_kind == "uuid":
        return endpoint.ids.new()
    return str(endpoint.directory.next_number(endpoint.tenant, endpoint.resource_type.name))


def create(endpoint: Endpoint, body: Mapping[str, object], projection: Projection) -> Answer:
    """Store a new resource under a new id.

    Raises InvalidSyntax and InvalidValue when the body does not fit the schema, Uniqueness when
    a unique value is taken, Unavailable when the targets of its relations keep disappearing.
    """
    return NewResource(endpoint, body, projection).stored()


class NewResource:
    """The resource that a POST describes: read once, prepared again for each attempt to store it."""

    def __init__(
        self, endpoint: Endpoint, body: Mapping[str, object], projection: Projection
    ) -> None:
        """Raise InvalidSyntax or InvalidValue when the body does not fit the schema."""
        intake = intake_of(endpoint.resource_type, body, endpoint.profile)
        mapping = endpoint.mapping
        content = intake.body if mapping is None else mapped(mapping, intake.body)
        require_complete(endpoint.resource_type, content)
        separate_parts = separated(endpoint.resource_type, content)
        endpoint.budget.require_few_values(endpoint.resource_type, separate_parts.scalars)
        body_with_names = with_value_names(
            endpoint.resource_type, separate_parts.scalars, endpoint.ids.new
        )
        self._endpoint, self._projection = endpoint, projection.with_sent(intake.body)
        self._relations = separate_parts.relations
        self._tolerated = self._all_tolerated = intake.tolerated | projection.tolerated
        self._make_body = partial(_body_to_store, endpoint, body_with_names, intake.ignored)
        self._content = self._make_body()
        self._secrets = secrets_in(endpoint.resource_type, body_with_names)
        self._key: Key | None = None
        self._reading = Reading(endpoint)

    def stored(self, creation: Creation | None = None) -> Answer:
        """Store it and return the answer; `creation`, if given, is used for the first attempt.

        Raises Uniqueness when a unique value is taken, Unavailable when targets keep disappearing.
        """
        endpoint = self._endpoint
        for _ in attempts(endpoint.clock):
            try:
                creation = creation or self.creation()
                version = endpoint.writes.create(endpoint.tenant, creation)
            except (Stale, Uniqueness) as refusal:
                self.prepare_retry(refusal)
                creation = None
            else:
                return self.answer(creation, version)
        raise Unavailable("The resources referred to keep changing; try again.")

    def creation(self) -> Creation:
        """Return the creation to store, as of now. Raises InvalidValue when a reference has no target."""
        endpoint = self._endpoint
        body = with_live_targets(endpoint, self._content, None, Reading(endpoint))
        self._reading = Reading(endpoint)
        deltas, tolerated = _edges(endpoint, self._relations, self._reading)
        self._all_tolerated = self._tolerated | tolerated
        # A request that is refused before this uses no number.
        self._key = key = self._key or Key(endpoint.resource_type.name, fresh_id(endpoint))
        return Creation(
            key,
            with_text(body),
            entries_of(endpoint.resource_type, body),
            endpoint.clock.now(),
            deltas,
            guards_of_new(endpoint, deltas),
            pointers=pointers_in(endpoint.resource_type.references, body),
            secrets=self._secrets,
        )

    def prepare_retry(self, refusal: Exception) -> None:
        """Prepare another attempt; raise the refusal itself when another attempt cannot help."""
        if isinstance(refusal, Stale):
            return
        if not isinstance(refusal, Uniqueness):
            raise refusal
        # Another resource may have taken the name that was derived for this one.
        before, self._content = self._content, self._make_body()
        if self._content == before:
            raise refusal

    def answer(self, creation: Creation, version: int) -> Answer:
        """Return the answer once the creation has been stored at that version."""
        endpoint, projection = self._endpoint, self._projection
        key, deltas = creation.key, creation.edges
        new_record = Record(
            key=key,
            version=version,
            created=creation.now,
            last_modified=creation.now,
            body=creation.body,
            counts=counts_after({}, deltas),
            text=with_text(creation.body).text,
        )
        for entry in creation.entries:
            if entry.is_unique:
                unique_value = UniqueValue(endpoint.tenant, key.type, entry.attribute, entry.value)
                endpoint.value_holders.keep(unique_value, key.id)
        record = as_stored(endpoint, new_record, 1)
        resource: Mapping[str, object] | None = spliced_alone(endpoint, record, projection)
        if resource is None and record.version == version:
            targets = self._reading.of(edge.target for delta in deltas for edge in delta.added)
            resource = view_at_once(endpoint, record, projection, deltas, targets)
        if resource is None:
            resource = full_views(endpoint, [record], projection)[0]
        etag = etag_shown(endpoint, record, resource)
        return Answer(resource, etag, endpoint.location_of(*key), self._all_tolerated)


def _body_to_store(
    endpoint: Endpoint, body: Mapping[str, object], ignored: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the body to store: what was sent, without secrets, with the values that the server derives."""

    def is_taken(attribute: str, value: str) -> bool:
        directory, type_name = unrestricted(endpoint.directory), endpoint.resource_type.name
        path = IndexValue(type_name, attribute, value)
        return bool(directory.ids(endpoint.tenant, path, Direction.UP, None, 1).ids)

    resource_type = endpoint.resource_type
    return without_secrets(resource_type, with_derived(resource_type, body, ignored, is_taken))


def _edges(
    endpoint: Endpoint, values: Mapping[str, Values], reading: Reading
) -> tuple[tuple[EdgeDelta, ...], frozenset[Tolerance]]:
    deltas: list[EdgeDelta] = []
    tolerated: frozenset[Tolerance] = frozenset()
    for relation in endpoint.resource_type.relations:
        values_by_id = sent_by_id(endpoint, relation, values.get(relation.attribute, ()))
        if values_by_id:
            resolution = resolved(endpoint, relation, values_by_id, reading)
            tolerated |= resolution.tolerated
            if edges := edges_of(relation, values_by_id, resolution.targets):
                deltas.append(EdgeDelta(relation.attribute, edges))
    return tuple(deltas), tolerated
