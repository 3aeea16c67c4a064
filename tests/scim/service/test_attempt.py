"""One attempt reads every resource once, and as it is now."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from scim.errors import NotFound
from scim.resource.record import Key, Record
from scim.service.attempt import Reading, attempts, not_found
from tests.fakes.endpoint import FakeDeployment, SetClock, id_
from tests.fakes.observed import ObservedDirectory


def test_a_resource_is_read_once() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    anna, bert = (Key("User", deployment.user(name)) for name in ("anna", "bert"))
    directory.asked.clear()
    reading = Reading(deployment.endpoint("Group"))
    assert set(reading.of([anna, bert, anna])) == {anna, bert}
    assert set(reading.of([bert])) == {bert}
    assert reading.one(anna).body["userName"] == "anna"
    assert directory.asked == ["read_latest"]


def test_a_missing_resource_is_asked_for_once() -> None:
    directory = ObservedDirectory()
    reading = Reading(FakeDeployment(directory).endpoint("User"))
    nobody = Key("User", id_(9))
    assert reading.of([nobody]) == {}
    with pytest.raises(NotFound):
        reading.one(nobody)
    assert directory.asked == ["read_latest"]


def test_reading_no_keys_reads_nothing() -> None:
    directory = ObservedDirectory()
    assert Reading(FakeDeployment(directory).endpoint("User")).of([]) == {}
    assert directory.asked == []


def test_the_refusal_does_not_repeat_the_id() -> None:
    assert not_found("User").detail == "There is no User with this id."


class Unsettled(ObservedDirectory):
    """Somebody died in the middle of a large change; whoever settles it completes it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_open = False

    def read_latest(self, tenant: str, keys: Iterable[Key]) -> dict[Key, Record]:
        self.asked.append("read_latest")
        found = self._inner.read_latest(tenant, keys)
        return {key: replace(each, is_unsettled=self.is_open) for key, each in found.items()}

    def read(self, tenant: str, key: Key) -> Record | None:
        return self.read_latest(tenant, [key]).get(key)

    def settle(self, tenant: str, key: Key, now: str) -> None:
        self.asked.append(f"settle {key.type}")
        self.is_open = False


def test_a_change_that_is_under_way_is_completed_before_anything_is_decided() -> None:
    directory = Unsettled()
    deployment = FakeDeployment(directory)
    group = Key("Group", deployment.group("All"))
    anna = Key("User", deployment.user("anna"))
    directory.is_open = True
    directory.asked.clear()
    reading = Reading(deployment.endpoint("Group"))
    reading.of([group, anna])
    assert not reading.one(group).is_unsettled
    assert not reading.of([anna])[anna].is_unsettled
    assert directory.asked == ["read_latest", "settle Group", "read_latest", "read_latest"]


@pytest.mark.parametrize("act", ["read", "patch", "put", "delete"])
def test_a_request_by_id_completes_an_unfinished_change(act: str) -> None:
    directory = Unsettled()
    deployment = FakeDeployment(directory)
    group = deployment.group("All")
    directory.is_open = True
    match act:
        case "read":
            deployment.shown("Group", group)
        case "patch":
            deployment.add(group, deployment.user("anna"))
        case "put":
            deployment.replace("Group", group, {"displayName": "Everybody"})
        case _:
            deployment.delete("Group", group)
    assert "settle Group" in directory.asked


def test_each_attempt_but_the_first_waits_twice_as_long_up_to_a_limit() -> None:
    clock = SetClock()
    assert list(attempts(clock)) == list(range(10))
    assert clock.pauses == [0.04, 0.08, 0.16, 0.32, *[0.4] * 5]


def test_an_attempt_that_succeeds_does_not_wait() -> None:
    clock = SetClock()
    assert next(iter(attempts(clock))) == 0
    assert clock.pauses == []
