"""Requests that name something, wherever a name can be, sent by one caller about its own resources."""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.gateway.client import ENTERPRISE, GROUP, PATCH, USER, Answered, Client

MEMBER = "urn:ietf:params:scim:schemas:core:2.0:GroupMember"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
_DIGEST = re.compile(r"(?<=\d)-[0-9a-f]{16}(?=\\*\")")
"""What a tag says of what is shown of others: ids and names are part of it."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


@dataclass(frozen=True)
class Names:
    """What one run of a case names: of the other tenant, or of nobody."""

    user: str
    group: str
    membership: str
    user_name: str
    external_id: str
    email: str
    group_name: str
    tenant: str


@dataclass(frozen=True)
class Own:
    """The caller's own user and group, new for each run."""

    user: str
    group: str
    name: str


Requests = list[tuple[str, str, Any]]
Case = Callable[[Names, Own], Requests]


def changes(*operations: dict[str, Any]) -> dict[str, Any]:
    """Return a PATCH request."""
    return {"schemas": [PATCH], "Operations": list(operations)}


def _member(op: str, id_: str) -> dict[str, Any]:
    return {"op": op, "path": "members", "value": [{"value": id_}]}


def _user(own: Own, **more: Any) -> dict[str, Any]:
    return {"schemas": [USER], "userName": f"u-{own.name}", **more}


def _group(own: Own, **more: Any) -> dict[str, Any]:
    return {"schemas": [GROUP], "displayName": f"g-{own.name}", **more}


def _titled(n: Names, o: Own) -> dict[str, Any]:
    return _user(o, id=n.user, title="x")


TITLE = changes({"op": "replace", "path": "displayName", "value": "changed"})
PATHS: dict[str, Callable[[Names], str]] = {
    "Users": lambda n: f"/Users/{n.user}",
    "Groups": lambda n: f"/Groups/{n.group}",
    "GroupMembers": lambda n: f"/GroupMembers/{n.membership}",
    "Users of a group": lambda n: f"/Users/{n.group}",
    "Groups of a user": lambda n: f"/Groups/{n.user}",
    "Users by userName": lambda n: f"/Users/{n.user_name}",
    "Users by externalId": lambda n: f"/Users/{n.external_id}",
}
BODIES: dict[str, Callable[[Own], Any]] = {
    "GET": lambda _: None,
    "PUT": _user,
    "PATCH": lambda _: TITLE,
    "DELETE": lambda _: None,
}
FILTERS: dict[str, tuple[str, Callable[[Names], str]]] = {
    "user id": ("/Users", lambda n: f'id eq "{n.user}"'),
    "userName": ("/Users", lambda n: f'userName eq "{n.user_name}"'),
    "userName sw": ("/Users", lambda n: f'userName sw "{n.user_name[:-1]}"'),
    "userName co": ("/Users", lambda n: f'userName co "{n.user_name[2:-1]}"'),
    "externalId": ("/Users", lambda n: f'externalId eq "{n.external_id}"'),
    "email": ("/Users", lambda n: f'emails.value eq "{n.email}"'),
    "email path": ("/Users", lambda n: f'emails[value eq "{n.email}"]'),
    "groups": ("/Users", lambda n: f'groups.value eq "{n.group}"'),
    "location": ("/Users", lambda n: f'meta.location ew "{n.user}"'),
    "manager": ("/Users", lambda n: f'{ENTERPRISE}:manager.value eq "{n.user}"'),
    "not": ("/Users", lambda n: f'not (id eq "{n.user}") and userName eq "{n.user_name}"'),
    "group id": ("/Groups", lambda n: f'id eq "{n.group}"'),
    "displayName": ("/Groups", lambda n: f'displayName eq "{n.group_name}"'),
    "members": ("/Groups", lambda n: f'members.value eq "{n.user}"'),
    "members path": ("/Groups", lambda n: f'members[value eq "{n.user}"]'),
    "group of a membership": ("/GroupMembers", lambda n: f'group.value eq "{n.group}"'),
    "member of a membership": ("/GroupMembers", lambda n: f'member.value eq "{n.user}"'),
    "root": ("", lambda n: f'id eq "{n.user}" or id eq "{n.group}"'),
}
WRITES: dict[str, Case] = {
    "id in a new user": lambda n, o: [
        ("POST", "/Users", {**_titled(n, o), "userName": "p" + o.name})
    ],
    "id in a new group": lambda n, o: [
        ("POST", "/Groups", _group(o, id=n.group, displayName="p" + o.name))
    ],
    "id in a replaced user": lambda n, o: [("PUT", f"/Users/{o.user}", _titled(n, o))],
    "id in a replaced group": lambda n, o: [("PUT", f"/Groups/{o.group}", _group(o, id=n.group))],
    "id in a modified user": lambda n, o: [
        ("PATCH", f"/Users/{o.user}", changes({"op": "replace", "path": "id", "value": n.user})),
        ("PATCH", f"/Users/{o.user}", changes({"op": "replace", "value": {"id": n.user}})),
    ],
    "userName of another's user": lambda n, o: [
        ("POST", "/Users", {"schemas": [USER], "userName": n.user_name}),
        ("GET", f'/Users?filter=userName eq "{n.user_name}"', None),
    ],
    "externalId of another's user": lambda n, o: [
        ("POST", "/Users", _user(o, userName="p" + o.name, externalId=n.external_id)),
        ("GET", f'/Users?filter=externalId eq "{n.external_id}"', None),
    ],
    "externalId that is another's id": lambda n, o: [
        ("POST", "/Users", _user(o, userName="p" + o.name, externalId=n.user)),
        ("GET", f"/Users/{n.user}", None),
    ],
    "userName that is another's id": lambda n, o: [
        ("POST", "/Users", {"schemas": [USER], "userName": n.user}),
        ("GET", f"/Users/{n.user}", None),
    ],
    "displayName of another's group": lambda n, o: [
        ("POST", "/Groups", {"schemas": [GROUP], "displayName": n.group_name})
    ],
    "email of another's user": lambda n, o: [
        ("PUT", f"/Users/{o.user}", _user(o, emails=[{"value": n.email}])),
        ("GET", f'/Users?filter=emails.value eq "{n.email}"', None),
    ],
    "manager": lambda n, o: [
        (
            "PATCH",
            f"/Users/{o.user}",
            changes({"op": "add", "path": f"{ENTERPRISE}:manager", "value": {"value": n.user}}),
        ),
        ("GET", f"/Users/{o.user}", None),
    ],
    "groups of one's own user": lambda n, o: [
        (
            "PATCH",
            f"/Users/{o.user}",
            changes({"op": "add", "path": "groups", "value": [{"value": n.group}]}),
        ),
        ("PUT", f"/Users/{o.user}", _user(o, groups=[{"value": n.group}])),
    ],
    "member of a new group": lambda n, o: [
        ("POST", "/Groups", _group(o, displayName="p" + o.name, members=[{"value": n.user}]))
    ],
    "group as member of a new group": lambda n, o: [
        (
            "POST",
            "/Groups",
            _group(o, displayName="p" + o.name, members=[{"value": n.group, "type": "Group"}]),
        )
    ],
    "member of a replaced group": lambda n, o: [
        ("PUT", f"/Groups/{o.group}", _group(o, members=[{"value": n.user}])),
        ("GET", f"/Groups/{o.group}", None),
    ],
    "member by $ref": lambda n, o: [
        (
            "PATCH",
            f"/Groups/{o.group}",
            changes({"op": "add", "path": "members", "value": [{"$ref": f"../Users/{n.user}"}]}),
        )
    ],
    **{
        f"member to {op}": lambda n, o, op=op: [  # type: ignore[misc]
            ("PATCH", f"/Groups/{o.group}", changes(_member(op, n.user))),
            ("PATCH", f"/Groups/{o.group}", changes(_member(op, n.group))),
            ("GET", f"/Groups/{o.group}", None),
        ]
        for op in ("add", "replace", "remove")
    },
    "member in a path": lambda n, o: [
        (
            "PATCH",
            f"/Groups/{o.group}",
            changes({"op": "remove", "path": f'members[value eq "{n.user}"]'}),
        ),
        (
            "PATCH",
            f"/Groups/{o.group}",
            changes(
                {"op": "replace", "path": f'members[value eq "{n.user}"].display', "value": "x"}
            ),
        ),
    ],
    "email in a path": lambda n, o: [
        (
            "PATCH",
            f"/Users/{o.user}",
            changes({"op": "remove", "path": f'emails[value eq "{n.email}"]'}),
        )
    ],
    "new membership of a group": lambda n, o: [
        (
            "POST",
            "/GroupMembers",
            {"schemas": [MEMBER], "group": {"value": n.group}, "member": {"value": o.user}},
        )
    ],
    "new membership of a user": lambda n, o: [
        (
            "POST",
            "/GroupMembers",
            {"schemas": [MEMBER], "group": {"value": o.group}, "member": {"value": n.user}},
        )
    ],
    "paths in a bulk": lambda n, o: [
        (
            "POST",
            "/Bulk",
            {
                "schemas": [BULK],
                "Operations": [
                    {"method": "PATCH", "path": f"/Users/{n.user}", "data": TITLE},
                    {"method": "DELETE", "path": f"/Users/{n.user}"},
                    {"method": "DELETE", "path": f"/Groups/{n.group}"},
                ],
            },
        )
    ],
    "members in a bulk": lambda n, o: [
        (
            "POST",
            "/Bulk",
            {
                "schemas": [BULK],
                "Operations": [
                    {
                        "method": "POST",
                        "path": "/Groups",
                        "bulkId": "q",
                        "data": _group(o, displayName="p" + o.name, members=[{"value": n.user}]),
                    },
                    {
                        "method": "PATCH",
                        "path": f"/Groups/{o.group}",
                        "data": changes(_member("add", n.group)),
                    },
                ],
            },
        )
    ],
}
CASES: dict[str, Case] = {
    **{
        f"{method} {name}": lambda n, o, m=method, p=path: [(m, p(n), BODIES[m](o))]  # type: ignore[misc]
        for name, path in PATHS.items()
        for method in BODIES
    },
    **{
        f"filter {name}": lambda n, o, p=path, f=text: [("GET", f"{p}?filter={f(n)}", None)]  # type: ignore[misc]
        for name, (path, text) in FILTERS.items()
    },
    **{
        f"search {name}": lambda n, o, p=path, f=text: [  # type: ignore[misc]
            ("POST", f"{p}/.search", {"schemas": [SEARCH], "filter": f(n)})
        ]
        for name, (path, text) in FILTERS.items()
    },
    **WRITES,
}


def played(client: Client, names: Names, case: Case) -> list[Any]:
    """Return the answers to a case without what differs from run to run; nothing is left behind."""
    name = uuid.uuid4().hex[:8]
    user = client.user(f"u-{name}")["id"]
    own = Own(user, client.group(f"g-{name}", user)["id"], name)
    answers = [client.send(*each) for each in case(names, own)]
    for path in {f"/Users/{own.user}", f"/Groups/{own.group}", *_made(answers)}:
        client.send("DELETE", path)
    return [
        (
            each.status,
            _plain(each.headers.get("location", ""), names, own),
            _plain(each.body, names, own),
        )
        for each in answers
    ]


def _made(answers: list[Answered]) -> set[str]:
    """Return the paths of what was created, below the mount."""
    text = json.dumps([[each.headers.get("location"), each.body] for each in answers])
    return {found[1] for found in re.finditer(r"/scim/v2(/\w+/[^\"/]+)", text)}


def _plain(shown: Any, names: Names, own: Own) -> Any:
    """Return what was answered without the names, ids and times that differ between runs."""
    text = json.dumps(shown, sort_keys=True)
    for part in ("membership", "user", "group", "user_name", "external_id", "email", "group_name"):
        text = text.replace(getattr(names, part), f"<{part}>")
    text = text.replace(own.user, "<own user>").replace(own.group, "<own group>")
    text = text.replace(own.name, "<name>")
    text = _DIGEST.sub("-<digest>", text)
    return _MOMENT.sub("<time>", _UUID.sub("<id>", text))
