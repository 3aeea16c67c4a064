"""If-Match and If-None-Match against a resource's version (RFC 7644 section 3.14)."""

from dataclasses import dataclass

from scim.errors import PreconditionFailed
from scim.resource.etag import etag_of, names_version


@dataclass(frozen=True, slots=True)
class Precondition:
    """The header values a client sent, None where it sent none."""

    if_match: str | None = None
    if_none_match: str | None = None

    @property
    def asks_for_version(self) -> bool:
        """Tell whether a write must find the version that was read."""
        return self.if_match is not None and self.if_match.strip() != "*"

    def require(self, version: int) -> None:
        """Raise PreconditionFailed unless a write to this version is wanted."""
        present = etag_of(version)
        if self.if_match is not None and not names_version(self.if_match, version):
            raise PreconditionFailed(
                f"If-Match names another version; the resource is at {present}."
            )
        if self.if_none_match is not None and names_version(self.if_none_match, version):
            raise PreconditionFailed(f"If-None-Match names the present version {present}.")

    def is_unmodified(self, version: int) -> bool:
        """Tell whether a reader already has this version."""
        return self.if_none_match is not None and names_version(self.if_none_match, version)
