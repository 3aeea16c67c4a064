"""An attribute's name as clients write it: `userName`, `name.givenName`, `urn:…:User:department`."""

from typing import NamedTuple


class Name(NamedTuple):
    """The parts of a written attribute name (RFC 7644 section 3.10)."""

    uri: str | None
    attribute: str
    sub: str | None = None


def split_name(text: str) -> Name:
    """Return the parts of the name; what is before the last colon is the schema's URI."""
    uri, _, rest = text.rpartition(":")
    attribute, _, sub = rest.partition(".")
    return Name(uri or None, attribute, sub or None)
