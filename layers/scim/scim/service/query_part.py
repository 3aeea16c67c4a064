"""What a client asks of a list (RFC 7644 section 3.4.2)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """Filter, order, page and projection, as the client wrote them; None = not given.

    An empty cursor asks for the first page of a walk by cursor. `walker` tells clients apart,
    so that one does not disturb another that walks the same list. `domain` is the only one
    wanted, where names say which domain they are of. What `is_exported` is answered as a
    request that makes it anew.
    """

    filter: str | None = None
    attributes: tuple[str, ...] = ()
    excluded_attributes: tuple[str, ...] = ()
    sort_by: str | None = None
    sort_order: str | None = None
    start_index: int | None = None
    count: int | None = None
    cursor: str | None = None
    is_explained: bool = False
    is_exported: bool = False
    walker: str = ""
    domain: str | None = None
