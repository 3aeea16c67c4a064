"""Lists in the form of vendors: bare arrays, and values selected by type (`credentials[OTP]`)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from scim.errors import TooMany
from scim.service.endpoint import Endpoint
from scim.service.messages import Listing, Query


def wanting_all(endpoint: Endpoint, query: Query) -> Query:
    """Return the query, with the largest page size if the response is a bare array of all matches."""
    if not _is_whole(endpoint, query):
        return query
    return replace(query, count=endpoint.bounds.max_page_size)


def require_all(endpoint: Endpoint, query: Query, listing: Listing) -> None:
    """Raise TooMany when a bare array omits resources, because it cannot tell the client so."""
    if _is_whole(endpoint, query) and len(listing.resources) < listing.total:
        raise TooMany(
            f"There are {listing.total} resources, more than one array holds here;"
            " ask for some of them with startIndex and count."
        )


def _is_whole(endpoint: Endpoint, query: Query) -> bool:
    is_bare = endpoint.resource_type.endpoint in endpoint.profile.wire.bare_lists
    asks_for_a_part = (query.count, query.start_index, query.cursor) != (None, None, None)
    return is_bare and not asks_for_a_part


_PICK = re.compile(r"(?P<name>[^][]+)\[(?P<wanted>[^][]+)\]")
_Wanted = Mapping[str, frozenset[str]]
"""The selected types of each attribute, by its name; both in lower case."""


@dataclass(frozen=True, slots=True)
class ValueSelection:
    """Selects which values of a resource's attributes are returned; `by` is the sub-attribute compared."""

    by: str
    only: _Wanted = field(default_factory=dict)
    without: _Wanted = field(default_factory=dict)

    def shown(self, listing: Listing) -> Listing:
        """Return the listing with only the selected values."""
        if not self.only and not self.without:
            return listing
        return replace(listing, resources=tuple(map(self._picked, listing.resources)))

    def _picked(self, resource: Mapping[str, object]) -> Mapping[str, object]:
        kept: dict[str, object] = {}
        for name, value in resource.items():
            left = value
            if isinstance(value, list):
                left = [each for each in value if self._is_shown(name.lower(), each)]
            if left != []:
                kept[name] = left
        return kept

    def _is_shown(self, name: str, value: object) -> bool:
        kind = str(value.get(self.by, "")).lower() if isinstance(value, Mapping) else ""
        is_wanted = name not in self.only or kind in self.only[name]
        return is_wanted and kind not in self.without.get(name, ())


_EVERY_VALUE = ValueSelection("")


def selected(query: Query, by: str | None) -> tuple[Query, ValueSelection]:
    """Return the query with plain attribute names, and the selection that the names made.

    `excludedAttributes` selects values only if there are no `attributes`.
    """
    if by is None:
        return query, _EVERY_VALUE
    only = _picks(query.attributes)
    without = {} if query.attributes else _picks(query.excluded_attributes)
    names = tuple(dict.fromkeys(each.partition("[")[0] for each in query.attributes))
    excluded = tuple(each for each in query.excluded_attributes if _PICK.fullmatch(each) is None)
    plain = replace(query, attributes=names, excluded_attributes=excluded)
    return plain, ValueSelection(by, only, without)


def _picks(names: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for each in names:
        pick = _PICK.fullmatch(each.lower())
        if pick is not None:
            found[pick["name"]] = found.get(pick["name"], frozenset()) | {pick["wanted"].strip()}
    return found
