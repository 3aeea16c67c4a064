"""The path of an operation, as clients write it (RFC 7644 section 3.7)."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from scim.profile import Profile
from scim.schema.catalogue import Catalogue
from scim.service.bulk.bulk_ids import PREFIX


@dataclass(frozen=True, slots=True)
class Paths:
    """The base URL that paths may begin with, and the endpoints that may also be in lower case.

    In the RFC paths are relative to the root of the service; clients that keep `meta.location`
    send the whole URL, or its path.
    """

    base_url: str = ""
    endpoints: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(base_url: str, catalogue: Catalogue, profile: Profile) -> "Paths":
        """Return the paths below a base URL to the endpoints of resources, spelt as the profile allows."""
        endpoints = (resource_type.endpoint for resource_type in catalogue.resource_types)
        is_any = profile.routing.lower_case or profile.routing.any_case
        names = [endpoint.removeprefix("/") for endpoint in endpoints] if is_any else []
        return Paths(base_url, {name.lower(): name for name in names})

    def segment_and_id(self, path: str) -> tuple[str, str | None]:
        """Return the endpoint in a path, and the id; None as the id of a collection."""
        segment, _, id_ = self._below(path.strip()).strip("/").partition("/")
        segment = self.endpoints.get(segment, segment)
        if not id_:
            return segment, None
        # A bulkId is the client's own text; any other id is part of a URL.
        return segment, id_ if id_.startswith(PREFIX) else unquote(id_)

    def _below(self, path: str) -> str:
        if not self.base_url:
            return path
        for base in (self.base_url, urlsplit(self.base_url).path):
            if base and path.startswith(f"{base}/"):
                return path[len(base) :]
        return path


RELATIVE: Final = Paths()
"""Paths as in the RFC, with endpoints spelt as declared."""
