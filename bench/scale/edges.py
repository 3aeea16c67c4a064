"""Requests whose cost grows with the size of their subject, and the limit that bounds each."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, zip_longest
from operator import itemgetter
from typing import Any, Final
from urllib.parse import quote

from bench.beside.large import GROUP
from bench.beside.requests import USER, Asked, Called, Request, checked, ids_made, of_people, person
from bench.caller import PATCH_URN
from bench.loader import Loader


@dataclass(slots=True)
class Place:
    """A directory, and the number of people with a title that it has."""

    call: Called
    loader: Loader
    turns: int
    looked_through: int = 0

    def titled(self, number: int) -> None:
        """Add people with a title until there are `number` of them."""
        bodies = [
            {"schemas": [USER], "userName": f"t{one}", "title": f"Title {one}"}
            for one in range(self.looked_through, number)
        ]
        self.loader.load_people(bodies)
        self.looked_through = max(number, self.looked_through)

    def people(self, number: int) -> list[str]:
        """Create `number` people and return their ids."""
        names = [next(_numbers) for _ in range(number)]
        found: list[str] = []
        for begin in range(0, number, 1000):
            some = of_people(names[begin : begin + 1000])
            found += ids_made(checked(self.call, "POST", "/Bulk", some)[1])
        return found

    def group(self, members: Sequence[str] = ()) -> str:
        """Create a group and return its id."""
        body: dict[str, object] = {"schemas": [GROUP], "displayName": f"Group {next(_numbers)}"}
        body["members"] = [{"value": each} for each in members]
        return str(checked(self.call, "POST", "/Groups", body)[1]["id"])


@dataclass(frozen=True, slots=True)
class Edge:
    """A request in several sizes; `bound` is the limit that refuses larger ones (docs/limits.md)."""

    sizes: Sequence[int]
    bound: str
    asked: Callable[[Place, int], Asked]
    people: Sequence[int] = ()
    """The number of people needed at each size, if that matters."""


_numbers: Final = count(1)


def _patch(path: str, operations: Sequence[Mapping[str, Any]]) -> Request:
    return "PATCH", path, {"schemas": [PATCH_URN], "Operations": list(operations)}


def _values(size: int) -> list[dict[str, str]]:
    return [{"value": f"+49 30 {number}", "type": "work"} for number in range(size)]


def _comparisons(attribute: str, prefix: str) -> Callable[[Place, int], Asked]:
    def asked(place: Place, size: int) -> Asked:
        place.titled(100)
        terms = " or ".join(f'{attribute} eq "{prefix}{number}"' for number in range(size))
        return lambda _: ("GET", f"/Users?filter={quote(terms)}&count=10", None)

    return asked


def _over_all(query: str) -> Callable[[Place, int], Asked]:
    def asked(place: Place, size: int) -> Asked:
        place.titled(size)
        return lambda _: ("GET", f"/Users?{query}&count=10", None)

    return asked


def _page(place: Place, size: int) -> Asked:
    place.titled(size)
    return lambda _: ("GET", f"/Users?count={size}", None)


def _each_person(
    request: Callable[[str, int], Request], prepared: Callable[[int], object] | None = None
) -> Callable[[Place, int], Asked]:
    """Return requests about a different person at each turn, prepared by `prepared` for the size."""

    def asked(place: Place, size: int) -> Asked:
        ids = place.people(place.turns + 1)
        if prepared is not None:
            for one in ids:
                body = {**person(f"of-{one}"), "phoneNumbers": prepared(size)}
                checked(place.call, "PUT", f"/Users/{one}", body)
        return lambda turn: request(f"/Users/{ids[turn]}", size)

    return asked


def _replacing(path: str, size: int) -> Request:
    titles = ({"op": "replace", "path": "title", "value": f"Title {n}"} for n in range(size))
    return _patch(path, list(titles))


def _adding_values(path: str, size: int) -> Request:
    added = ({"op": "add", "path": "phoneNumbers", "value": [one]} for one in _values(size))
    return _patch(path, list(added))


def _selecting_values(path: str, size: int) -> Request:
    where = (f'phoneNumbers[value eq "{one["value"]}"].type' for one in _values(size))
    return _patch(path, [{"op": "replace", "path": one, "value": "home"} for one in where])


def _body(path: str, size: int) -> Request:
    body = {**person(f"of-{path[-36:]}"), "phoneNumbers": _values(size)}
    return "PUT", path, body


def _group_read(place: Place, size: int) -> Asked:
    group = place.loader.load([size], f"shown{size}")[size]
    return lambda _: ("GET", f"/Groups/{group}", None)


def _members_added(place: Place, size: int) -> Asked:
    place.titled(size)
    query = f"/Users?attributes=id&count={size}"
    found = checked(place.call, "GET", query, None)[1]["Resources"]
    value = [{"value": each["id"]} for each in found]
    groups = [place.group() for _ in range(place.turns + 1)]
    operation = {"op": "add", "path": "members", "value": value}
    return lambda turn: _patch(f"/Groups/{groups[turn]}", [operation])


def _bulk(_: Place, size: int) -> Asked:
    def request(turn: int) -> Request:
        return "POST", "/Bulk", of_people(f"bulk-{turn}-{size}-{number}" for number in range(size))

    return request


def _nested(place: Place, size: int) -> Asked:
    (user,) = place.people(1)
    inside = user
    for _ in range(size):
        inside = place.group([inside])
    return lambda _: ("GET", f"/Users/{user}", None)


def _in_groups(place: Place, size: int) -> Asked:
    user, _ = place.loader.load_joiner(size, f"joiner{next(_numbers)}")
    return lambda _: ("GET", f"/Users/{user}", None)


def _deleted(place: Place, size: int) -> Asked:
    users = [
        place.loader.load_joiner(size, f"leaver{next(_numbers)}")[0] for _ in range(place.turns + 1)
    ]
    return lambda turn: ("DELETE", f"/Users/{users[turn]}", None)


_TO_THOUSAND: Final = (10, 100, 1_000)
_TO_TEN_THOUSAND: Final = (100, 1_000, 10_000)
EDGES: Final[Mapping[str, Edge]] = {
    "comparisons of a filter, over 100 users": Edge(
        (10, 30, 100), "MaxFilterTerms", _comparisons("title", "Title "), (100, 100, 100)
    ),
    "users a filter looks through": Edge(
        _TO_TEN_THOUSAND,
        "MaxScanned",
        _over_all("filter=title%20co%20%22none%22"),
        _TO_TEN_THOUSAND,
    ),
    "users that are sorted": Edge(
        _TO_TEN_THOUSAND, "MaxScanned", _over_all("sortBy=title"), _TO_TEN_THOUSAND
    ),
    "comparisons of a filter, each by an index": Edge(
        (10, 30, 100), "MaxFilterTerms", _comparisons("userName", "t")
    ),
    "users on a page": Edge(_TO_THOUSAND, "MaxPageSize", _page),
    "operations of a PATCH, on one attribute": Edge(
        _TO_THOUSAND, "MaxPatchOperations", _each_person(_replacing)
    ),
    "operations of a PATCH, each adds a value": Edge(
        _TO_THOUSAND, "MaxPatchOperations", _each_person(_adding_values)
    ),
    "operations of a PATCH, each finds one of as many values": Edge(
        (10, 100, 400), "MaxComparisons", _each_person(_selecting_values, _values)
    ),
    "values in a body": Edge(_TO_THOUSAND, "MaxValues", _each_person(_body)),
    "members added by a PATCH": Edge(_TO_THOUSAND, "MaxMembers", _members_added),
    "members of a group that is read": Edge(
        (10, *_TO_TEN_THOUSAND), "MaxInlineMembers", _group_read
    ),
    "creations of a Bulk request": Edge(_TO_THOUSAND, "MaxBulkOperations", _bulk),
    "levels of groups above a user who is read": Edge((5, 16, 50), "MaxNesting", _nested),
    "groups of a user who is read": Edge((10, *_TO_TEN_THOUSAND), "", _in_groups),
    "groups of a user who is deleted": Edge(_TO_THOUSAND, "", _deleted),
}


def in_order(edges: Mapping[str, Edge]) -> Sequence[tuple[str, int]]:
    """Return names and sizes in an order in which the directory has the people that each needs."""
    found = [
        (people, name, size)
        for name, edge in edges.items()
        for size, people in zip_longest(edge.sizes, edge.people, fillvalue=math.inf)
    ]
    return [(name, int(size)) for _, name, size in sorted(found, key=itemgetter(0))]
