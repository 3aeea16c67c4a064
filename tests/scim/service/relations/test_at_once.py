"""Two simultaneous changes of a group's members have the result of some serial order."""

from collections.abc import Callable
from itertools import product

import pytest

from tests.fakes.busy import BusyDirectory
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import FakeDeployment

NAMES = ("ann", "ben", "cid", "dan")
Members = frozenset[str]
Change = Callable[[FakeDeployment, str, dict[str, str]], object]


def put(*names: str) -> Change:
    def act(deployment: FakeDeployment, group: str, ids: dict[str, str]) -> object:
        members = [{"value": ids[name]} for name in names]
        return deployment.replace("Group", group, {"displayName": "All", "members": members})

    return act


def patch(op: str, *names: str, path: str = "members") -> Change:
    def act(deployment: FakeDeployment, group: str, ids: dict[str, str]) -> object:
        value = {"value": [{"value": ids[name]} for name in names]} if names else {}
        operation = {"op": op, "path": path.format(**ids), **value}
        return deployment.modify("Group", group, operation)

    return act


CHANGES: dict[str, Change] = {
    "put all but dan": put("ann", "ben", "cid"),
    "put all but cid": put("ann", "ben", "dan"),
    "put cid": put("cid"),
    "put nobody": put(),
    "replace by ann": patch("replace", "ann"),
    "replace by all but cid": patch("replace", "ann", "ben", "dan"),
    "remove all": patch("remove"),
    "remove ben": patch("remove", path='members[value eq "{ben}"]'),
    "remove ann by name": patch("remove", path='members[display eq "ann"]'),
    "add cid": patch("add", "cid"),
}
"""The group has ann and ben before."""


def _left(*changes: str, at_once: bool) -> Members:
    directory = BusyDirectory() if at_once else FakeDirectory()
    deployment = FakeDeployment(directory)
    ids = {name: deployment.user(name, displayName=name) for name in NAMES}
    group = deployment.group("All", ids["ann"], ids["ben"])
    first, *others = (lambda act=CHANGES[name]: act(deployment, group, ids) for name in changes)
    if isinstance(directory, BusyDirectory):
        directory.meanwhile = others.pop()
    first()
    for other in others:
        other()
    left = deployment.member_ids(group)
    return frozenset(name for name, id_ in ids.items() if id_ in left)


@pytest.mark.parametrize(("first", "second"), [*product(CHANGES, CHANGES)])
def test_simultaneous_changes_have_the_result_of_some_serial_order(first: str, second: str) -> None:
    serial = {_left(first, second, at_once=False), _left(second, first, at_once=False)}
    assert _left(first, second, at_once=True) in serial
