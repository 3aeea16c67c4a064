"""Requests that mean the same have the same result: the service compared with itself."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest

from tests.simulation.choices import Choices
from tests.simulation.history import POOL
from tests.simulation.operations import BULK, ENTERPRISE, PATCH, USER
from tests.simulation.world import Process, World, simulated

TEXTS = (
    "a",
    "B",
    " a",
    "b ",
    "straße",
    "STRASSE",
    "é",
    "e\u0301",
    "ﬁ",
    "İ",
    "x\u200by",
    '"',
    "\\",
    "\U0010ffff",
)
Operation = dict[str, Any]

CHANGES: tuple[tuple[str, Any], ...] = (
    ("title", "Dr"),
    ("active", False),
    ("name.givenName", "Kim"),
    ("name", {"familyName": "Li", "middleName": "X"}),
    ("emails", [{"value": "n@x", "type": "work", "primary": True}]),
    ('emails[type eq "work"].value', "w@x"),
    ('emails[type eq "home" and value pr].display', "Home"),
    ('emails[not (type eq "work")]', {"value": "o@x", "type": "other"}),
    (f"{ENTERPRISE}:department", "Sales"),
    (ENTERPRISE, {"costCenter": "7"}),
)
BODY = {
    "schemas": [USER, ENTERPRISE],
    "userName": "kim",
    "title": "Ms",
    "name": {"familyName": "Kim", "formatted": "Ms Kim"},
    "emails": [{"value": "h@x", "type": "home", "primary": True}, {"value": "v@x", "type": "work"}],
    ENTERPRISE: {"department": "IT", "employeeNumber": "1"},
}


@contextmanager
def served() -> Iterator[Process]:
    world = World(Choices())
    with simulated(world):
        yield POOL.of("equivalence", world)


def drawn(chance: random.Random) -> list[Operation]:
    return [
        {"op": op, "path": path} | ({} if op == "remove" else {"value": value})
        for path, value in chance.sample(CHANGES, 3)
        for op in [chance.choice(["add", "replace", "remove"])]
    ]


def in_other_case(operations: Sequence[Operation]) -> list[Operation]:
    """Return them with names in another case; what is in quotation marks stays."""

    def swapped(path: str) -> str:
        parts = path.split('"')
        return '"'.join(part if index % 2 else part.swapcase() for index, part in enumerate(parts))

    return [each | {"op": each["op"].title(), "path": swapped(each["path"])} for each in operations]


def with_urn(operations: Sequence[Operation]) -> list[Operation]:
    return [
        each if each["path"].startswith("urn:") else each | {"path": f"{USER}:{each['path']}"}
        for each in operations
    ]


def without_path(operations: Sequence[Operation]) -> list[Operation]:
    """Return them with the path as a key of the value, where it is the name of an attribute."""
    return [
        each
        if each["op"] == "remove" or "[" in each["path"]
        else {"op": each["op"], "value": {each["path"]: each["value"]}}
        for each in operations
    ]


def once(process: Process, path: str, operations: Sequence[Operation]) -> int:
    body = {"schemas": [PATCH], "Operations": operations}
    return int(process.request("PATCH", path, body)[0])


def one_by_one(process: Process, path: str, operations: Sequence[Operation]) -> int:
    statuses = (once(process, path, [each]) for each in operations)
    return next((status for status in statuses if status != 200), 200)


def in_bulk(process: Process, path: str, operations: Sequence[Operation]) -> int:
    data = {"schemas": [PATCH], "Operations": operations}
    bulk = {"schemas": [BULK], "Operations": [{"method": "PATCH", "path": path, "data": data}]}
    (entry,) = process.request("POST", "/Bulk", bulk)[1]["Operations"]
    return int(entry["status"])


Way = tuple[Callable[[Sequence[Operation]], list[Operation]], Callable[..., int]]
WAYS: Mapping[str, Way] = {
    "other case": (in_other_case, once),
    "URN": (with_urn, once),
    "no path": (without_path, once),
    "one by one": (list, one_by_one),
    "bulk": (list, in_bulk),
}


def patched(process: Process, operations: Sequence[Operation], way: Way) -> tuple[int, Any]:
    """Return the status of the change, and what a new user is afterwards."""
    write, send = way
    status, made, _ = process.request("POST", "/Users", BODY)
    assert status == 201, made
    path = f"/Users/{made['id']}"
    status = send(process, path, write(operations))
    user = process.request("GET", path)[1]
    assert process.request("PUT", path, user)[1] == user
    assert process.request("DELETE", path)[0] == 204
    return status, {name: value for name, value in user.items() if name not in ("id", "meta")}


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 4))])
def test_a_patch_has_the_same_result_in_every_spelling(seed: int) -> None:
    chance = random.Random(seed)
    with served() as process:
        for operations in (drawn(chance) for _ in range(12)):
            plain_status, user = patched(process, operations, (list, once))
            for name, way in WAYS.items():
                status, same = patched(process, operations, way)
                assert status == plain_status, (name, operations)
                assert plain_status != 200 or same == user, (name, operations)


def found(process: Process, **query: str) -> list[str]:
    asked = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    status, answer, _ = process.request("GET", f"/Users?count=100&{asked}")
    assert status == 200, answer
    return [user["id"] for user in answer.get("Resources", ())]


@pytest.mark.parametrize("operator", ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"])
def test_filters_that_mean_the_same_find_the_same_users(operator: str) -> None:
    with served() as process:
        for number, text in enumerate(TEXTS):
            same = {"title": text, "displayName": text, "emails": [{"value": text}]}
            body = {"schemas": [USER], "userName": f"u{number}", **same}
            assert process.request("POST", "/Users", body)[0] == 201
        everyone = sorted(found(process))
        for text in TEXTS:
            comparison = f"{operator} {json.dumps(text)}"
            users = sorted(found(process, filter=f"title {comparison}"))
            for other in (
                f"displayName {comparison}",
                f"EMAILS[Value {comparison}]",
                f"{USER}:displayname {comparison} and title pr",
                f"not (not (displayName {comparison}))",
                f"not (not (title {comparison}) and not (emails.value {comparison}))",
            ):
                assert sorted(found(process, filter=other)) == users, other
            rest = found(process, filter=f"not (displayName {comparison})")
            assert sorted([*rest, *users]) == everyone
            for wider in ("ge", "le", "co", "sw", "ew") if operator == "eq" else ():
                same_text = [id_ for id_ in users if _title(process, id_) == text]
                wide = found(process, filter=f"displayName {wider} {json.dumps(text)}")
                assert set(same_text) <= set(wide), (wider, text)


def _title(process: Process, id_: str) -> str:
    return str(process.request("GET", f"/Users/{id_}")[1]["title"])
