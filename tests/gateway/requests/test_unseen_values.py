"""What a token with filters does not see changes no response to it.

Two tenants have the same users and groups inside the filters and different ones outside. Every question
must get the same response from both, but for times: also one that guesses a value outside.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from local.gateway import Gateway
from scim.service.system import RandomIds
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ENTERPRISE, USER, Client

FILTERS = json.dumps({"User": 'userType eq "in"', "Group": 'displayName sw "g"'})
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
DELTA = "urn:ietf:params:scim:api:messages:2.0:delta:request"
MANAGER = f"{ENTERPRISE}:manager"
_OWN = re.compile(r'"(?:created|lastModified|expiry)": "[^"]*"|"[A-Za-z0-9_-]{80,}"')
"""What differs between tenants: times, cursors and delta tokens."""


@dataclass(frozen=True)
class World:
    """A tenant, its token with filters, and the ids of its resources by name, which are those of the other tenant."""

    narrow: Client
    ids: Mapping[str, str]
    delta_token: str

    def response(self, method: str, path: str, body: Any = None) -> str:
        """Return the response as a text without what differs between tenants."""
        sent = None if body is None else json.loads(self._with_ids(json.dumps(body)))
        answer = self.narrow.send(method, quote(self._with_ids(path), safe="/?&=%"), sent)
        text = json.dumps([answer.status, dict(answer.headers), answer.body], sort_keys=True)
        return _OWN.sub("", text)

    def _with_ids(self, text: str) -> str:
        named = {**self.ids, "delta": self.delta_token}
        return re.sub(r"<(\w+)>", lambda match: named[match[1]], text)


def _world(gateway: Gateway, tenant: str, word: str, others: int) -> World:
    make_tenant(gateway, tenant, profile="default+groupMembers")
    whole = Client(gateway, secret_of(gateway, tenant, "*"))
    narrow = Client(gateway, secret_of(gateway, tenant, "*", filters=FILTERS))
    ids = {"no": "2819c223-7f76-453a-919d-413861904646"}

    def user(user_name: str, kind: str, manager: str = "", **more: Any) -> str:
        extension = {ENTERPRISE: {"manager": {"value": manager}}} if manager else {}
        schemas = [USER, *extension]
        made = whole.user(user_name, schemas=schemas, userType=kind, **extension, **more)
        return str(made["id"])

    mail = [{"value": f"{word}@hooli.example", "type": "work"}]
    hidden = {"externalId": f"E-{word}", "title": f"T-{word}", "emails": mail}
    ids["out"] = user(f"out-{word}", "out", name={"familyName": word}, **hidden)
    ids["other"] = user("other", "out")
    ids["ann"] = user("ann", "in", ids["out" if others else "other"], title="A")
    ids["bob"] = user("bob", "in", ids["ann"], title="B")
    ids["staff"] = whole.group("g-staff", ids["ann"], ids["bob"], ids["other"])["id"]
    ids["unseen"] = whole.group(f"unseen-{word}", *[ids["ann"], ids["out"]][:others])["id"]
    for number in range(others):
        user(f"report{number}", "out", ids["bob"], title=f"R{number}")
    gateway.event_sources.pump()
    token = narrow.send("GET", "/.deltaToken").body["value"]
    for number in range(others):
        whole.patch(f"/Users/{ids['out']}", {"op": "add", "path": "title", "value": f"N{number}"})
    whole.patch(f"/Users/{ids['bob']}", {"op": "add", "path": "nickName", "value": "b"})
    gateway.event_sources.pump()
    return World(narrow, ids, token)


@pytest.fixture(name="worlds", scope="module")
def _worlds() -> Iterator[list[World]]:
    worlds = []
    with Gateway.start(overrides={"LogLevel": "ERROR", "Meter": "1"}) as gateway:
        for tenant, word, others in (("one", "alpha", 2), ("two", "beta", 0)):
            numbers = count(1)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(RandomIds, "new", lambda _, ids=numbers: str(UUID(int=next(ids))))
                worlds.append(_world(gateway, tenant, word, others))
        yield worlds


OF_USERS = (
    'userName eq "out-alpha"',
    'userName sw "out"',
    'externalId eq "E-alpha"',
    'title gt "S"',
    'title co "N1"',
    'not (title eq "B")',
    'emails[type eq "work" and value eq "alpha@hooli.example"]',
    'name.familyName eq "alpha"',
    'userType eq "out"',
    'meta.lastModified gt "2020-01-01T00:00:00Z"',
    'groups.display sw "unseen"',
    'groups.value eq "<unseen>"',
    f'{MANAGER}.value eq "<out>"',
    f'{MANAGER}.value ne "<out>"',
    f"{MANAGER} pr",
    f"not ({MANAGER} pr)",
)
OF_GROUPS = (
    'displayName eq "unseen-alpha"',
    'members.value eq "<out>"',
    'members.value eq "<other>"',
    'members[display sw "out"]',
    'not (members.value eq "<out>")',
)
PAGES = ("", "&count=0", "&startIndex=2&count=1", "&sortBy=title", "&cursor=&count=50")
ORDERS = ("title", "userName", f"{MANAGER}.displayName", "groups.display", "meta.created")
PATHS = (
    *(f"/{path}" for path in ("Users", "Groups", "GroupMembers", "", "Me", "Audit", "Jobs")),
    *(f"/Users/<{name}>" for name in ("ann", "bob", "out", "no")),
    *("/Groups/<staff>", "/Groups/<staff>?attributes=members", "/Groups/<unseen>"),
    *("/GroupMembers/<staff>~<ann>", "/GroupMembers/<staff>~<other>"),
    *('/GroupMembers?filter=member.value eq "<out>"', "/Users?explain=true"),
)
ASKED: list[tuple[str, str, Any]] = [
    *(("GET", f"/Users?filter={text}{page}", None) for text in OF_USERS for page in PAGES),
    *(("GET", f"/Groups?filter={text}{page}", None) for text in OF_GROUPS for page in PAGES[:3]),
    *(
        ("POST", "/.search", {"schemas": [SEARCH], "filter": text})
        for text in OF_USERS + OF_GROUPS[:2]
    ),
    *(("GET", f"/Users?sortBy={name}&sortOrder=descending", None) for name in ORDERS),
    *(("GET", path, None) for path in PATHS),
    *(
        ("POST", f"{path}/.delta", {"schemas": [DELTA], "deltaToken": "<delta>"})
        for path in ("", "/Users", "/Groups")
    ),
]


@pytest.mark.parametrize(("method", "path", "body"), ASKED)
@pytest.mark.sampled(3)
def test_values_outside_the_filters_change_no_response(
    worlds: list[World], method: str, path: str, body: Any
) -> None:
    one, two = worlds
    assert one.response(method, path, body) == two.response(method, path, body)


def test_values_inside_the_filters_are_in_the_responses(worlds: list[World]) -> None:
    for world in worlds:
        listed = world.response("GET", '/Users?filter=title eq "A"')
        assert '"totalResults": 1' in listed
        assert world.ids["ann"] in listed
        reports = world.response("GET", f'/Users?filter={MANAGER}.value eq "<ann>"')
        assert world.ids["bob"] in reports
        delta = {"schemas": [DELTA], "deltaToken": "<delta>"}
        assert world.ids["bob"] in world.response("POST", "/.delta", delta)
