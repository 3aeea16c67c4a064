"""Clients of several servers, who do everything at once to three groups and a few users.

Groups go into each other in every direction, are renamed and replaced; users are replaced while
others change one attribute; single requests and bulk requests mix. What each was told is noted.
"""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Barrier
from typing import Any

from local.seed import TOKEN
from tests.concurrency.history import Event, History, Register, perhaps_written, read, written

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
UNKNOWN = frozenset({0, 429, 500, 502, 503, 504})
"""After these nobody knows whether it was done; 0 is no answer at all."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, and between which moments the request was served."""

    status: int
    body: Body
    began: float
    ended: float

    @property
    def is_done(self) -> bool:
        return 200 <= self.status < 300


@dataclass
class Client:
    """Asks one server after the other; one that takes no connection has been killed, and is left alone."""

    ports: Sequence[int]
    name: str
    dice: random.Random
    history: History
    _open: dict[int, HTTPConnection] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def close(self) -> None:
        """Hang up."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def word(self) -> str:
        """Return a text nobody has written before."""
        return f"{self.name}-{next(self._numbers)}"

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Told:
        """Send a request once, never again: what was lost may have been done."""
        port = self.dice.choice(self.ports)
        connection = self._open.pop(port, None) or HTTPConnection("127.0.0.1", port, timeout=30)
        content = None if body is None else json.dumps(body).encode()
        known = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
        began = time.monotonic()
        try:
            connection.request(method, f"/scim/v2{path}", content, {**known, **headers})
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException) as error:
            connection.close()
            if isinstance(error, ConnectionRefusedError):
                self.ports = [each for each in self.ports if each != port]
            self.history.note_answer("none")
            return Told(0, {}, began, time.monotonic())
        self._open[port] = connection
        shown: Body = json.loads(text) if text else {}
        told = Told(answer.status, shown, began, time.monotonic())
        self.history.note_answer(_kind_of(told))
        return told


def _kind_of(told: Told) -> str:
    return f"{told.status} {told.body['scimType']}" if "scimType" in told.body else str(told.status)


@dataclass(frozen=True)
class Town:
    """The groups and users everybody is busy with; names of users begin with the town's own."""

    name: str
    groups: Sequence[str]
    users: Sequence[str]

    @property
    def members(self) -> tuple[str, ...]:
        return (*self.groups, *self.users)

    def user_name(self, number: int) -> str:
        """Return the userName of the user with that number."""
        return f"{self.name}-user-{number}"


class NotBuiltError(Exception):
    """The groups and users could not be made, each at the first attempt."""


def built(client: Client, name: str) -> Town:
    """Make the groups and users of a town with that name, each once. Raises NotBuiltError."""
    began, town = time.monotonic(), Town(name, [], [])
    groups = [
        _made(client.send("POST", "/Groups", {"schemas": [GROUP], "displayName": each}))
        for each in ("a", "b", "c")
    ]
    users = [
        _made(client.send("POST", "/Users", {"schemas": [USER], "userName": town.user_name(n)}))
        for n in range(5)
    ]
    town, ended = Town(name, groups, users), time.monotonic()
    for group, shown in zip(groups, ("a", "b", "c"), strict=True):
        client.history.note(written(("name", group), shown, began, ended))
        for member in town.members:
            client.history.note(written(("member", group, member), False, began, ended))
    for user in users:
        for attribute in ("title", "nickName"):
            client.history.note(written((attribute, user), None, began, ended))
    return town


def _made(told: Told) -> str:
    if not told.is_done:
        raise NotBuiltError(f"{told.status} {told.body.get('detail', '')}")
    return str(told.body["id"])


def note_writes(client: Client, told: Told, *writes: tuple[Register, object]) -> None:
    """Note what a request wrote, as far as its answer tells."""
    if told.is_done:
        client.history.note(*(written(*each, told.began, told.ended) for each in writes))
    elif told.status in UNKNOWN:
        client.history.note(*(perhaps_written(*each, told.began) for each in writes))


def note_version(client: Client, resource: str, told: Told) -> None:
    """Note which version an acknowledged change has made."""
    if told.is_done and "meta" in told.body:
        client.history.note_version(resource, told.body["meta"]["version"])


def adding(member: str) -> Body:
    return {"schemas": [PATCH], "Operations": [_add(member)]}


def removing(member: str) -> Body:
    return {"schemas": [PATCH], "Operations": [_remove(member)]}


def setting(attribute: str, value: str) -> Body:
    operation = {"op": "replace", "path": attribute, "value": value}
    return {"schemas": [PATCH], "Operations": [operation]}


def _add(member: str) -> Body:
    return {"op": "add", "path": "members", "value": [{"value": member}]}


def _remove(member: str) -> Body:
    return {"op": "remove", "path": f'members[value eq "{member}"]'}


def nest(client: Client, town: Town) -> None:
    """Put a group into another."""
    outer, inner = client.dice.sample(town.groups, 2)
    told = client.send("PATCH", f"/Groups/{outer}", adding(inner))
    note_writes(client, told, (("member", outer, inner), True))


def unnest(client: Client, town: Town) -> None:
    """Take a group out of another."""
    outer, inner = client.dice.sample(town.groups, 2)
    told = client.send("PATCH", f"/Groups/{outer}", removing(inner))
    note_writes(client, told, (("member", outer, inner), False))


def join(client: Client, town: Town) -> None:
    group, user = client.dice.choice(town.groups), client.dice.choice(town.users)
    told = client.send("PATCH", f"/Groups/{group}", adding(user))
    note_writes(client, told, (("member", group, user), True))


def leave(client: Client, town: Town) -> None:
    group, user = client.dice.choice(town.groups), client.dice.choice(town.users)
    told = client.send("PATCH", f"/Groups/{group}", removing(user))
    note_writes(client, told, (("member", group, user), False))


def rename(client: Client, town: Town) -> None:
    group, name = client.dice.choice(town.groups), client.word()
    told = client.send("PATCH", f"/Groups/{group}", setting("displayName", name))
    note_writes(client, told, (("name", group), name))
    note_version(client, group, told)


def replace_group(client: Client, town: Town) -> None:
    """PUT a group with some users, and no groups: the answer tells all that was written."""
    group, name = client.dice.choice(town.groups), client.word()
    inside = set(client.dice.sample(town.users, 2))
    body = {
        "schemas": [GROUP],
        "displayName": name,
        "members": [{"value": each} for each in sorted(inside)],
    }
    told = client.send("PUT", f"/Groups/{group}", body)
    membership = [(("member", group, each), each in inside) for each in town.members]
    note_writes(client, told, (("name", group), name), *membership)
    note_version(client, group, told)


def replace_user(client: Client, town: Town) -> None:
    put_user(client, town, client.dice.randrange(len(town.users)))


def put_user(client: Client, town: Town, number: int) -> None:
    """PUT the user with that number."""
    user, title, nick = town.users[number], client.word(), client.word()
    body = {"schemas": [USER], "userName": town.user_name(number), "title": title, "nickName": nick}
    told = client.send("PUT", f"/Users/{user}", body)
    note_writes(client, told, (("title", user), title), (("nickName", user), nick))
    note_version(client, user, told)


def modify_user(client: Client, town: Town) -> None:
    """Change one attribute: the other stays whatever somebody makes of it meanwhile."""
    user, word = client.dice.choice(town.users), client.word()
    attribute = client.dice.choice(("title", "nickName"))
    told = client.send("PATCH", f"/Users/{user}", setting(attribute, word))
    note_writes(client, told, ((attribute, user), word))
    note_version(client, user, told)


def bulk(client: Client, town: Town) -> None:
    """Rename a group, change a user, and put the user into the group, in one request."""
    group, user, word = (
        client.dice.choice(town.groups),
        client.dice.choice(town.users),
        client.word(),
    )
    wanted: list[tuple[str, Body, tuple[Register, object]]] = [
        (f"/Groups/{group}", setting("displayName", word), (("name", group), word)),
        (f"/Users/{user}", setting("title", word), (("title", user), word)),
        (f"/Groups/{group}", adding(user), (("member", group, user), True)),
    ]
    operations = [{"method": "PATCH", "path": path, "data": data} for path, data, _ in wanted]
    told = client.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    entries = told.body.get("Operations") or [{"status": str(told.status)} for _ in wanted]
    for entry, (_, _, write) in zip(entries, wanted, strict=False):
        status = int(entry["status"])
        note_writes(client, Told(status, {}, told.began, told.ended), write)


def enrol(client: Client, town: Town) -> None:
    """Make a user whose name others want too."""
    name = f"{town.name}-wanted-{client.dice.randrange(40)}"
    told = client.send("POST", "/Users", {"schemas": [USER], "userName": name})
    if told.is_done:
        client.history.note_made(name)


def enrol_many(client: Client, town: Town) -> None:
    """Make some users at once, each with a name that others want too."""
    numbers = client.dice.sample(range(40), client.dice.choice((2, 5, 9)))
    names = [f"{town.name}-wanted-{number}" for number in numbers]
    operations = [
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": name,
            "data": {"schemas": [USER], "userName": name},
        }
        for name in names
    ]
    told = client.send("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
    for entry in told.body.get("Operations", ()):
        if entry["status"] == "201":
            client.history.note_made(entry["bulkId"])


def look(client: Client, town: Town) -> None:
    """Read a group and a user, by id and by filter."""
    group, user = client.dice.choice(town.groups), client.dice.choice(town.users)
    look_at_group(client, town, client.send("GET", f"/Groups/{group}"))
    look_at_user(client, client.send("GET", f"/Users/{user}"))
    name = town.user_name(town.users.index(user))
    listed = client.send("GET", f"/Users?filter=userName%20eq%20%22{name}%22")
    for found in listed.body.get("Resources", ()):
        look_at_user(client, Told(200, found, listed.began, listed.ended))


def look_at_group(client: Client, town: Town, told: Told) -> None:
    if not told.is_done:
        return
    group, inside = told.body["id"], {each["value"] for each in told.body.get("members", ())}
    client.history.note(
        _seen(("name", group), told.body["displayName"], told),
        *(_seen(("member", group, each), each in inside, told) for each in town.members),
    )


def look_at_user(client: Client, told: Told) -> None:
    if told.is_done:
        client.history.note(
            *(
                _seen((attribute, told.body["id"]), told.body.get(attribute), told)
                for attribute in ("title", "nickName")
            )
        )


def _seen(register: Register, value: object, told: Told) -> Event:
    return read(register, value, told.began, told.ended)


DEEDS: Mapping[Callable[[Client, Town], None], int] = {
    nest: 26,
    unnest: 10,
    join: 10,
    leave: 6,
    rename: 10,
    replace_group: 4,
    replace_user: 8,
    modify_user: 14,
    bulk: 5,
    enrol: 5,
    enrol_many: 4,
    look: 12,
}
"""What is done how often."""


def round_of(clients: Sequence[Client], town: Town, deeds: int) -> None:
    """Let every client do so many things, all clients at once."""

    def busy(client: Client) -> None:
        for deed in client.dice.choices(list(DEEDS), list(DEEDS.values()), k=deeds):
            deed(client, town)

    _side_by_side(busy, clients)


def crossing(clients: Sequence[Client], town: Town) -> None:
    """Take the groups apart, then close rings of them in both directions, all clients at once."""
    for outer in town.groups:
        inside = [(inner, removing(inner)) for inner in town.groups if inner != outer]
        for inner, body in inside:
            told = clients[0].send("PATCH", f"/Groups/{outer}", body)
            note_writes(clients[0], told, (("member", outer, inner), False))
    start, groups = Barrier(len(clients)), len(town.groups)

    def close(client: Client) -> None:
        number = clients.index(client)
        step = 1 if number % 2 else -1
        outer, inner = (
            town.groups[number // 2 % groups],
            town.groups[(number // 2 + step) % groups],
        )
        start.wait()
        told = client.send("PATCH", f"/Groups/{outer}", adding(inner))
        note_writes(client, told, (("member", outer, inner), True))

    _side_by_side(close, clients)


def pressing(clients: Sequence[Client], town: Town) -> None:
    """Let all clients change one user at the same moment, one as a whole, the others in part."""
    start, number = Barrier(len(clients)), clients[0].dice.randrange(len(town.users))
    only = Town(town.name, town.groups, [town.users[number]])

    def press(client: Client) -> None:
        start.wait()
        if client is clients[0]:
            put_user(client, town, number)
        else:
            modify_user(client, only)

    _side_by_side(press, clients)


def _side_by_side(busy: Callable[[Client], None], clients: Sequence[Client]) -> None:
    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(busy, clients))


def looked(client: Client, town: Town) -> None:
    """Read everything once more."""
    for group in town.groups:
        look_at_group(client, town, client.send("GET", f"/Groups/{group}"))
    for user in town.users:
        look_at_user(client, client.send("GET", f"/Users/{user}"))
