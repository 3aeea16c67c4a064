"""Resources as JSON text, put together around the stored body without taking that apart."""

import json
from collections.abc import Iterator, Mapping

from scim.resource.place import attributes_of
from scim.resource.record import Record
from scim.resource.schemas import schemas_of
from scim.resource.version import etag_of
from scim.schema.attribute import Returned
from scim.schema.resource_type import ResourceType
from scim.service.endpoint import Endpoint


class Spliced(Mapping[str, object]):
    """A resource as text; taken apart only for who looks into it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._parsed: dict[str, object] | None = None

    def __getitem__(self, name: str) -> object:
        return self._whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    @property
    def _whole(self) -> dict[str, object]:
        if self._parsed is None:
            self._parsed = json.loads(self.text)
        return self._parsed


class Splicer:
    """Splices the resources of one endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._hidden = tuple(_hidden(endpoint.resource_type))
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def spliced(self, record: Record) -> Spliced | None:
        """Return the whole resource as a client sees it, None where its body is not all there is.

        Nothing may point at it or be related to it, and the body must hold nothing that is
        shown on request only, or never.
        """
        text = record.text
        if not text or record.links or record.counts:
            return None
        if any(name in text for name in self._hidden):
            return None
        head = {
            "schemas": schemas_of(self._endpoint.resource_type, record.body),
            "id": record.key.id,
        }
        meta = {
            "resourceType": record.key.type,
            "created": record.created,
            "lastModified": record.last_modified,
            "location": self._endpoint.location_of(*record.key),
            "version": etag_of(record.version),
        }
        body = f",{text[1:-1]}" if len(text) > len("{}") else ""
        return Spliced(f'{self._encode(head)[:-1]}{body},"meta":{self._encode(meta)}}}')


def _hidden(resource_type: ResourceType) -> Iterator[str]:
    """Yield how the names begin, in a body, of what is not shown unasked."""
    for _, attribute in attributes_of(resource_type):
        for each in (attribute, *attribute.sub_attributes):
            if each.returned in (Returned.NEVER, Returned.REQUEST):
                yield f'"{each.name}":'
