"""A directory as one BulkRequest that can be posted back."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from scim.patch.operation import PATCH_OP_URN
from scim.schema.catalogue import Catalogue
from scim.schema.resource_type import ResourceType
from scim.service.bulk.bulk_ids import PREFIX
from scim.service.bulk.request import BULK_REQUEST_URN, Method
from scim.service.transfer.references import References, renamed_values


@dataclass(frozen=True, slots=True)
class BulkWriter:
    """Ids become bulkIds, so that the server that reads the file gives its own."""

    catalogue: Catalogue

    between = b","

    def beginning(self) -> bytes:
        """Return the envelope up to the operations."""
        schemas = json.dumps([BULK_REQUEST_URN])
        return f'{{"schemas":{schemas},"Operations":['.encode()

    def first(
        self,
        resource_type: ResourceType,
        id_: str,
        resource: Mapping[str, object],
        known: AbstractSet[str],
    ) -> bytes:
        """Return the operation that makes the resource."""
        data = References.of(resource_type, self.catalogue).linked(resource, known)
        return _line(
            {
                "method": Method.POST,
                "path": resource_type.endpoint,
                "bulkId": id_,
                "data": data,
            }
        )

    def more(
        self, resource_type: ResourceType, id_: str, attribute: str, values: list[dict[str, object]]
    ) -> bytes:
        """Return the operation that adds the values."""
        linked = renamed_values(values, lambda name: PREFIX + name)
        return _line(
            {
                "method": Method.PATCH,
                "path": f"{resource_type.endpoint}/{PREFIX}{id_}",
                "data": {
                    "schemas": [PATCH_OP_URN],
                    "Operations": [{"op": "add", "path": attribute, "value": linked}],
                },
            }
        )

    def end(self) -> bytes:
        """Return the rest of the envelope."""
        return b"\n]}\n"


def _line(operation: Mapping[str, object]) -> bytes:
    return b"\n" + json.dumps(operation, ensure_ascii=False, separators=(",", ":")).encode()
