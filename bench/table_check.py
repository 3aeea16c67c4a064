"""Time and memory of checking a whole table: `python -m bench.table_check [USERS [EDGES]] [--write]`.

With --write it updates the last measurement in docs/fault-tests.md. The table is a stream of items in the
form of DynamoDB's client, generated while they are read. So this measures the check on one core, not DynamoDB
or the network.
"""

import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from local.tools.marked import write_marked
from scim.fsck.mending import checked
from scim.store.dynamodb.values import packed

TENANT = "acme"
MOMENT = "2026-03-01T10:00:00.000Z"
MEMBERS = 1_000
"""Members of each group."""
TURNS = 20
"""The number of different bodies; each item still has its own id and names."""

DOCUMENT = Path("docs/fault-tests.md")

Wire = dict[str, dict[str, Any]]


def table_of(users: int, edges: int) -> Iterator[Wire]:
    """Yield the items of a consistent table with `users` users and `edges` memberships, in groups of a thousand."""
    groups = max(1, edges // MEMBERS)
    each = min(users, edges // groups)
    links: dict[int, list[bytes]] = {}
    for group in range(groups):
        for number in range(each):
            user = (group * 31 + number * (users // each)) % users
            links.setdefault(user, []).append(_uuid("b", group).bytes)
            yield _edge(group, user)
        body = {"displayName": f"Group {group}"}
        yield _resource("Group", _uuid("b", group), body, **{"n.members": {"N": str(each)}})
        yield _entry("Group", "displayName", f"group {group}\x00{_uuid('b', group)}", "b", group)
    for user in range(users):
        yield from _user(user, links.pop(user, []))
    for type_name, number in (("User", users), ("Group", groups)):
        yield {**_keys(f"T#{TENANT}#count", f"{type_name}#00", "count"), "n": {"N": str(number)}}


def _user(user: int, links: Sequence[bytes]) -> Iterator[Wire]:
    name = f"user{user}@example.com"
    body = {
        "userName": name,
        "externalId": f"E{user}",
        "name": {"givenName": f"Given {user % TURNS}", "familyName": f"Family {user}"},
        "emails": [{"value": name, "type": "work", "primary": True}],
        "active": True,
    }
    held = {}
    if links:
        ids = [b"\x01" + link for link in links]
        held = {"g.Group.members": {"BS": ids}, "l": {"N": str(len(ids))}}
    yield _resource("User", _uuid("a", user), body, **held)
    yield _entry("User", "userName", name, "a", user)
    yield _entry("User", "externalId", f"e{user}\x00{_uuid('a', user)}", "a", user)


def _uuid(kind: str, number: int) -> UUID:
    return UUID(f"{kind * 8}-0000-4000-8000-{number:012d}")


def _keys(pk: str, sk: str, kind: str) -> Wire:
    return {"pk": {"S": pk}, "sk": {"S": sk}, "k": {"S": kind}, "s": {"N": "1"}}


def _resource(type_name: str, id_: UUID, body: object, **held: Any) -> Wire:
    pk = f"T#{TENANT}#{type_name}"
    times = {"c": {"S": MOMENT}, "m": {"S": MOMENT}, "v": {"N": "1"}, "z": {"B": packed(body)}}
    placed = {"gp": {"S": pk}, "gs": {"S": f"{MOMENT[:13]}#{id_}"}}
    return {**_keys(pk, str(id_), "resource"), **times, **placed, **held}


def _entry(type_name: str, attribute: str, value: str, kind: str, number: int) -> Wire:
    pk = f"T#{TENANT}#{type_name}#{attribute}"
    return {**_keys(pk, value, "entry"), "i": {"S": str(_uuid(kind, number))}}


def _edge(group: int, user: int) -> Wire:
    pk = f"T#{TENANT}#Group#{_uuid('b', group)}#members"
    held = {"t": {"S": "User"}, "c": {"S": MOMENT}}
    return {**_keys(pk, str(_uuid("a", user)), "edge"), **held}


def main(arguments: Sequence[str]) -> int:
    """Return 0 if the check finds the generated table consistent."""
    numbers = [each for each in arguments if each.isdecimal()]
    users, edges = (int(each) for each in (*numbers, "100000", "1000000")[:2])
    began, wall = time.process_time(), time.monotonic()
    made = sum(1 for _ in table_of(users, edges))
    making = time.process_time() - began
    before = _megabytes()
    began = time.process_time()
    report = checked(table_of(users, edges))
    seconds = time.process_time() - began - making
    said = (
        f"{users:,} users, {edges:,} edges: {report.items:,} of {made:,} items in {seconds:.0f} s of CPU"
        f" on one core ({time.monotonic() - wall:.0f} s of elapsed time, which includes generating the items twice),"
        f" at most {_megabytes():.0f} MB, of which {before:.0f} MB before the check:"
        f" {len(report.wrong)} violations"
    )
    print(said)
    if "--write" in arguments:
        write_marked(DOCUMENT, "table check", f"{said}.\n")
    for line in report.wrong[:5]:
        print(line)
    return int(bool(report.wrong))


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
