"""The whole API against a simple model, in every profile: people with names, groups with members."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from scim.fsck import open_work, violations
from scim.profile.shipped import names, shipped
from tests.fakes.client import event
from tests.simulation.choices import Choices
from tests.simulation.history import POOL
from tests.simulation.operations import BULK, GROUP, PATCH, USER
from tests.simulation.world import World, simulated

NAMES = ("ann", "ANN", "bob", "ﬁona", "fiona", "cy@example.com")
WORDS = ("red", "Blue", "grün")
NOBODY = "00000000-0000-4000-9000-000000000000"

EXPANDED = "urn:ietf:params:scim:schemas:expanded:2.0:User"


@dataclass(frozen=True)
class Dialect:
    """What a profile does otherwise: `lacks` are methods and endpoints that it does not serve.

    With `makes_names` the server makes other names of those that are taken; `second` is the attribute
    beside the name, `more` what users cannot be without.
    """

    lacks: frozenset[str] = frozenset()
    created: int = 201
    deleted: int = 204
    list_key: str = "Resources"
    makes_names: bool = False
    second: tuple[str, ...] = ("title",)
    more: Mapping[str, Any] = field(default_factory=dict)

    def user(self, name: str, title: str | None = None) -> dict[str, Any]:
        """Return the body of a user."""
        body = {"schemas": [USER, *self.more], "userName": name, **self.more}
        if title is not None:
            *outside, inside = self.second
            body |= {outside[0]: {inside: title}} if outside else {inside: title}
        return body

    def shown(self, body: Mapping[str, Any]) -> dict[str, str]:
        """Return name and second attribute of an answer, as far as they are there."""
        held: Any = body
        for part in self.second:
            held = held.get(part, {}) if isinstance(held, Mapping) else {}
        return {"userName": body["userName"], **({"title": held} if held else {})}


DIALECTS = {
    "nevisidm": Dialect(lacks=frozenset({"PUT", "Groups", "Bulk"})),
    "ownidp": Dialect(lacks=frozenset({"PUT"})),
    "forsta": Dialect(
        lacks=frozenset({"Groups", "Bulk"}),
        created=200,
        deleted=200,
        list_key="resources",
        makes_names=True,
        second=("name", "familyName"),
        more={EXPANDED: {"LanguageId": 9}},
    ),
}


def served(*what: str) -> Any:
    """Leave a rule out in a profile that lacks one of these."""
    return precondition(lambda machine: machine.dialect.lacks.isdisjoint(what))


def folded(name: str) -> str:
    """Return what of a name is unique: the two of a kind in NAMES are one."""
    return {"ann": "ann", "ANN": "ann", "ﬁona": "fiona"}.get(name, name)


class Machine(RuleBasedStateMachine):
    """One tenant of a profile: `people` by id have name and title, `groups` name and members."""

    profile = "default"

    @property
    def dialect(self) -> Dialect:
        return DIALECTS.get(self.profile, Dialect())

    def __init__(self) -> None:
        super().__init__()
        self.world = World(Choices())
        self._block = simulated(self.world)
        self._block.__enter__()
        self.process = POOL.of("model", self.world)
        self.people: dict[str, dict[str, str]] = {}
        self.groups: dict[str, tuple[str, set[str]]] = {}
        self.gone: list[str] = []

    def teardown(self) -> None:
        self._block.__exit__(None, None, None)

    # ---- Asking

    def ask(self, method: str, target: str, body: Any = None) -> tuple[int, Any]:
        """Return status and body of an answer."""
        sent = event(method, target, body)
        sent["requestContext"]["authorizer"]["profile"] = self.profile
        answer = self.process.serve(sent)
        return answer["statusCode"], json.loads(answer["body"]) if answer["body"] else {}

    def patch(self, path: str, op: str, name: str, value: Any = None) -> tuple[int, Any]:
        operation = {"op": op, "path": name, **({} if value is None else {"value": value})}
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": [operation]})

    def someone(self, data: st.DataObject, among: Any) -> str:
        """Return an id: mostly one that is there, now and then that of nobody, or of the gone."""
        return str(data.draw(st.sampled_from([*among, *among, *self.gone[-1:], NOBODY])))

    def is_taken(self, name: str, by: str = "") -> bool:
        taken = {folded(each["userName"]) for id_, each in self.people.items() if id_ != by}
        return folded(name) in taken

    def is_called(self, name: str) -> bool:
        return name in {called for called, _ in self.groups.values()}

    # ---- People

    @rule(name=st.sampled_from(NAMES), title=st.sampled_from(WORDS))
    def create(self, name: str, title: str) -> None:
        status, answer = self.ask("POST", "/Users", self.dialect.user(name, title))
        if self.is_taken(name) and not self.dialect.makes_names:
            assert (status, answer["scimType"]) == (409, "uniqueness")
        else:
            assert status == self.dialect.created, answer
            assert str(answer["id"]) not in {*self.people, *self.gone}
            assert not self.is_taken(answer["userName"])
            assert answer["userName"] == name or self.is_taken(name)
            self.people[str(answer["id"])] = {"userName": answer["userName"], "title": title}

    @rule(data=st.data(), title=st.sampled_from(WORDS))
    def retitle(self, data: st.DataObject, title: str) -> None:
        id_ = self.someone(data, self.people)
        status, answer = self.patch(
            f"/Users/{id_}", "replace", ".".join(self.dialect.second), title
        )
        if id_ in self.people:
            assert status in {200, 204}, answer
            self.people[id_]["title"] = title
        else:
            assert status == 404

    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def rename(self, data: st.DataObject, name: str) -> None:
        id_ = self.someone(data, self.people)
        status, answer = self.patch(f"/Users/{id_}", "replace", "userName", name)
        if id_ not in self.people:
            assert status == 404
        elif self.dialect.makes_names:
            assert (status, answer["scimType"]) == (400, "mutability")
        elif self.is_taken(name, id_):
            assert (status, answer["scimType"]) == (409, "uniqueness")
        else:
            assert status in {200, 204}, answer
            self.people[id_]["userName"] = name

    @served("PUT")
    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def replace(self, data: st.DataObject, name: str) -> None:
        id_ = self.someone(data, self.people)
        status, answer = self.ask("PUT", f"/Users/{id_}", self.dialect.user(name))
        if id_ not in self.people:
            assert status == 404
        elif self.dialect.makes_names:
            assert status == 200, answer
            self.people[id_] = {"userName": self.people[id_]["userName"]}
        elif self.is_taken(name, id_):
            assert (status, answer["scimType"]) == (409, "uniqueness")
        else:
            assert status == 200, answer
            kept = self.people[id_] if shipped(self.profile).put.mode == "merge" else {}
            self.people[id_] = {**kept, "userName": name}

    @rule(data=st.data())
    def untitle(self, data: st.DataObject) -> None:
        id_ = self.someone(data, self.people)
        status, _ = self.patch(f"/Users/{id_}", "remove", ".".join(self.dialect.second))
        assert status in ({200, 204} if id_ in self.people else {404})
        self.people.get(id_, {}).pop("title", None)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        id_ = self.someone(data, [*self.people, *self.groups])
        kind = "Groups" if id_ in self.groups else "Users"
        status, _ = self.ask("DELETE", f"/{kind}/{id_}")
        if id_ not in self.people and id_ not in self.groups:
            assert status == 404
            return
        assert status == (204 if id_ in self.groups else self.dialect.deleted)
        self.people.pop(id_, None)
        self.groups.pop(id_, None)
        for _, members in self.groups.values():
            members.discard(id_)
        self.gone.append(id_)

    # ---- Groups

    @served("Groups")
    @rule(data=st.data(), name=st.sampled_from(WORDS))
    def gather(self, data: st.DataObject, name: str) -> None:
        members = self._some(data)
        values = [{"value": id_} for id_ in members]
        body = {"schemas": [GROUP], "displayName": name, "members": values}
        status, answer = self.ask("POST", "/Groups", body)
        if self.is_called(name):
            assert (status, answer["scimType"]) == (409, "uniqueness")
        else:
            assert status == 201, answer
            self.groups[answer["id"]] = name, set(members)

    @served("Groups")
    @rule(data=st.data())
    def join(self, data: st.DataObject) -> None:
        id_, members = self.someone(data, self.groups), self._some(data)
        values = [{"value": each} for each in members]
        if values:
            status, answer = self.patch(f"/Groups/{id_}", "add", "members", values)
            assert status in ({200, 204} if id_ in self.groups else {404}), answer
            self._members(id_).update(members)

    @served("Groups")
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        id_ = self.someone(data, self.groups)
        inside = sorted(self._members(id_)) or [NOBODY]
        member = data.draw(st.sampled_from(inside))
        path = f'members[value eq "{member}"]'
        status, answer = self.patch(f"/Groups/{id_}", "remove", path)
        is_there = id_ in self.groups
        # A member that is not in may be told or passed over, as the profile says.
        assert status in ({200, 204, 400} if is_there else {404}), answer
        assert status != 400 or member not in self._members(id_)
        self._members(id_).discard(member)

    @served("Groups", "PUT")
    @rule(data=st.data())
    def regroup(self, data: st.DataObject) -> None:
        id_, members = self.someone(data, self.groups), self._some(data)
        name = self.groups[id_][0] if id_ in self.groups else "x"
        values = [{"value": each} for each in members]
        body = {"schemas": [GROUP], "displayName": name, "members": values}
        status, answer = self.ask("PUT", f"/Groups/{id_}", body)
        assert status == (200 if id_ in self.groups else 404), answer
        if id_ in self.groups:
            self.groups[id_] = name, set(members)

    def _some(self, data: st.DataObject) -> list[str]:
        if not self.people:
            return []
        return sorted(data.draw(st.sets(st.sampled_from(sorted(self.people)), max_size=4)))

    def _members(self, id_: str) -> set[str]:
        return self.groups.get(id_, ("", set()))[1]

    # ---- What is seen

    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        id_ = self.someone(data, self.people)
        status, answer = self.ask("GET", f"/Users/{id_}")
        assert status == (200 if id_ in self.people else 404)
        if id_ in self.people:
            assert self.dialect.shown(answer) == self.people[id_]

    @served("Groups")
    @rule(data=st.data())
    def read_group(self, data: st.DataObject) -> None:
        id_ = self.someone(data, self.groups)
        status, answer = self.ask("GET", f"/Groups/{id_}")
        assert status == (200 if id_ in self.groups else 404)
        if id_ in self.groups:
            members = {each["value"] for each in answer.get("members", ())}
            assert (answer["displayName"], members) == self.groups[id_]

    @rule(name=st.sampled_from(NAMES), title=st.sampled_from(WORDS))
    def find(self, name: str, title: str) -> None:
        by_name = {i for i, each in self.people.items() if folded(each["userName"]) == folded(name)}
        assert set(self._found(f'userName eq "{name}"')) == by_name
        titled = {
            i for i, each in self.people.items() if each.get("title", "").lower() == title.lower()
        }
        second = ".".join(self.dialect.second)
        assert set(self._found(f'{second} eq "{title}" and userName pr')) == titled
        assert set(self._found(f'not ({second} eq "{title}")')) == self.people.keys() - titled

    @rule()
    def list_by_pages(self) -> None:
        # Of one size: where pages of another ended before, a walk may repeat somebody (docs/query.md).
        seen, size = list[str](), 2
        for start in range(1, len(self.people) + 1, size):
            _, answer = self.ask("GET", f"/Users?startIndex={start}&count={size}")
            assert answer["totalResults"] == len(self.people)
            seen += [str(each["id"]) for each in answer.get(self.dialect.list_key, ())]
        assert sorted(seen) == sorted(self.people)

    @served("Bulk", "Groups")
    @rule(name=st.sampled_from(NAMES))
    def bulk(self, name: str) -> None:
        """Make someone and a group with them at once."""
        made = self.dialect.user(name)
        crowd = {"schemas": [GROUP], "displayName": "bulk", "members": [{"value": "bulkId:1"}]}
        operations = [
            {"method": "POST", "path": "/Groups", "bulkId": "2", "data": crowd},
            {"method": "POST", "path": "/Users", "bulkId": "1", "data": made},
        ]
        status, answer = self.ask("POST", "/Bulk", {"schemas": [BULK], "Operations": operations})
        assert status == 200, answer
        group, user = answer["Operations"]
        if self.is_taken(name):
            assert (user["status"], group["status"]) == ("409", "409"), answer
            return
        made_group = "409" if self.is_called("bulk") else "201"
        assert (user["status"], group["status"]) == ("201", made_group), answer
        id_ = user["location"].rpartition("/")[2]
        self.people[id_] = {"userName": name}
        if made_group == "201":
            self.groups[group["location"].rpartition("/")[2]] = "bulk", {id_}

    def _found(self, text: str) -> Iterator[str]:
        status, answer = self.ask("GET", f"/Users?filter={quote(text)}&count=100")
        assert status == 200, answer
        return (str(each["id"]) for each in answer.get(self.dialect.list_key, ()))

    @invariant()
    def nothing_is_wrong_with_the_table(self) -> None:
        items = self.world.table.scan()
        assert violations(items) == []
        self.process.sweep()
        assert open_work(self.world.table.scan()) == []

    @initialize()
    def begin(self) -> None:
        assert self.ask("GET", "/Users")[0] == 200


@pytest.mark.parametrize(
    ("examples", "steps"), [(5, 15), pytest.param(15, 40, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("profile", names())
def test_the_api_answers_as_the_model_does(profile: str, examples: int, steps: int) -> None:
    machine = type(f"{profile}Machine", (Machine,), {"profile": profile})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
