"""POST: a new resource (RFC 7644 section 3.3)."""

from collections.abc import Mapping
from functools import partial

from scim.errors import Unavailable, Uniqueness
from scim.profile import Tolerance
from scim.resource.access_path import Direction, IndexValue
from scim.resource.body import with_text
from scim.resource.change import Creation, EdgeDelta
from scim.resource.derived_values import with_derived, with_value_names
from scim.resource.index_entries import entries_of, pointers_in
from scim.resource.intake import intake_of
from scim.resource.mapped.attributes import mapped
from scim.resource.projection import Projection
from scim.resource.record import Key, Record, Stale
from scim.resource.relations import separated
from scim.resource.required import require_complete
from scim.resource.secret import without_secrets
from scim.service.attempt import Reading, attempts
from scim.service.endpoint import Endpoint
from scim.service.messages import Answer
from scim.service.recent import Held
from scim.service.relations.changes import Values, edges_of, resolved, sent_by_id
from scim.service.relations.nesting import guards_of_new
from scim.service.relations.references import with_live_targets
from scim.service.resources.commit import as_stored
from scim.service.resources.json_text import spliced_alone
from scim.service.resources.view import etag_shown, full_views, view_at_once
from scim.service.visibility.restrict import unrestricted


def fresh_id(endpoint: Endpoint) -> str:
    """Return an id that no resource of the endpoint ever had."""
    kind = endpoint.profile.wire.ids.get(endpoint.resource_type.endpoint, "uuid")
    if kind == "uuid":
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
        taken = intake_of(endpoint.resource_type, body, endpoint.profile)
        mapping = endpoint.mapping
        content = taken.body if mapping is None else mapped(mapping, taken.body)
        require_complete(endpoint.resource_type, content)
        apart = separated(endpoint.resource_type, content)
        endpoint.budget.require_few_values(endpoint.resource_type, apart.scalars)
        named = with_value_names(endpoint.resource_type, apart.scalars, endpoint.ids.new)
        self._endpoint, self._projection = endpoint, projection.with_sent(taken.body)
        self._relations = apart.relations
        self._tolerated = self._all_tolerated = taken.tolerated | projection.tolerated
        self._made = partial(_made, endpoint, named, taken.ignored)
        self._content = self._made()
        self._key: Key | None = None
        self._reading = Reading(endpoint)

    def stored(self, creation: Creation | None = None) -> Answer:
        """Store it and return the answer; `creation`, if given, is used for the first attempt.

        Raises Uniqueness when a unique value is taken, Unavailable when targets keep disappearing.
        """
        endpoint = self._endpoint
        for _ in attempts():
            try:
                creation = creation or self.creation()
                version = endpoint.writes.create(endpoint.tenant, creation)
            except (Stale, Uniqueness) as refusal:
                self.heed(refusal)
                creation = None
            else:
                return self.answer(creation, version)
        raise Unavailable("The resources referred to keep changing; try again.")

    def creation(self) -> Creation:
        """Return the creation to store, as of now. Raises InvalidValue when a reference has no target."""
        endpoint = self._endpoint
        kept = with_live_targets(endpoint, self._content, None, Reading(endpoint))
        self._reading = Reading(endpoint)
        deltas, tolerated = _edges(endpoint, self._relations, self._reading)
        self._all_tolerated = self._tolerated | tolerated
        # A request that is refused before this uses no number.
        self._key = key = self._key or Key(endpoint.resource_type.name, fresh_id(endpoint))
        return Creation(
            key,
            with_text(kept),
            entries_of(endpoint.resource_type, kept),
            endpoint.clock.now(),
            deltas,
            guards_of_new(endpoint, deltas),
            pointers=pointers_in(endpoint.resource_type.references, kept),
        )

    def heed(self, refusal: Exception) -> None:
        """Prepare another attempt; raise the refusal itself when another attempt cannot help."""
        if isinstance(refusal, Stale):
            return
        if not isinstance(refusal, Uniqueness):
            raise refusal
        # Another resource may have taken the name that was derived for this one.
        before, self._content = self._content, self._made()
        if self._content == before:
            raise refusal

    def answer(self, creation: Creation, version: int) -> Answer:
        """Return the answer once the creation has been stored at that version."""
        endpoint, projection = self._endpoint, self._projection
        key, deltas = creation.key, creation.edges
        new = Record(
            key=key,
            version=version,
            created=creation.now,
            last_modified=creation.now,
            body=creation.body,
            counts={delta.attribute: len(delta.added) for delta in deltas},
            text=with_text(creation.body).text,
        )
        for entry in creation.entries:
            if entry.is_unique:
                held = Held(endpoint.tenant, key.type, entry.attribute, entry.value)
                endpoint.holders.keep(held, key.id)
        record = as_stored(endpoint, new, 1)
        shown: Mapping[str, object] | None = spliced_alone(endpoint, record, projection)
        if shown is None and record.version == version:
            targets = self._reading.of(edge.target for delta in deltas for edge in delta.added)
            shown = view_at_once(endpoint, record, projection, deltas, targets)
        if shown is None:
            shown = full_views(endpoint, [record], projection)[0]
        etag = etag_shown(endpoint, record, shown)
        return Answer(shown, etag, endpoint.location_of(*key), self._all_tolerated)


def _made(
    endpoint: Endpoint, sent: Mapping[str, object], ignored: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the body to store: what was sent, without secrets, with the values that the server derives."""

    def is_taken(attribute: str, value: str) -> bool:
        directory, type_name = unrestricted(endpoint.directory), endpoint.resource_type.name
        path = IndexValue(type_name, attribute, value)
        return bool(directory.ids(endpoint.tenant, path, Direction.UP, None, 1).ids)

    resource_type = endpoint.resource_type
    return without_secrets(resource_type, with_derived(resource_type, sent, ignored, is_taken))


def _edges(
    endpoint: Endpoint, values: Mapping[str, Values], reading: Reading
) -> tuple[tuple[EdgeDelta, ...], frozenset[Tolerance]]:
    deltas: list[EdgeDelta] = []
    tolerated: frozenset[Tolerance] = frozenset()
    for relation in endpoint.resource_type.relations:
        sent = sent_by_id(endpoint, relation, values.get(relation.attribute, ()))
        if sent:
            found = resolved(endpoint, relation, sent, reading)
            tolerated |= found.tolerated
            deltas.append(EdgeDelta(relation.attribute, edges_of(relation, sent, found.targets)))
    return tuple(deltas), tolerated
