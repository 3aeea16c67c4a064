"""Names of groups may be some seconds old where configured, but never older than the process's own writes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from scim.resource.record import Key, Record
from scim.service.visibility.remembered_names import LARGEST, MOST, RememberedNames
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import FakeDeployment, id_

SECONDS = 5


@dataclass
class Watch:
    """Shows the seconds it was set to."""

    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


class Counting(FakeDirectory):
    """Counts the resources that are read together."""

    def __init__(self) -> None:
        super().__init__()
        self.read_keys: list[Key] = []

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        wanted = list(keys)
        self.read_keys += wanted
        return super().read_many(tenant, wanted)


@pytest.fixture(name="stored")
def _stored() -> Counting:
    return Counting()


@pytest.fixture(name="watch")
def _watch() -> Watch:
    return Watch()


@pytest.fixture(name="here")
def _here(stored: Counting, watch: Watch) -> FakeDeployment:
    """Return a process with a user, 1, in a group, 2."""
    here = FakeDeployment(directory=RememberedNames(stored, SECONDS, watch))
    here.group("Staff", here.user("anna"))
    watch.seconds += 1
    return here


@pytest.fixture(name="there")
def _there(stored: Counting, here: FakeDeployment) -> FakeDeployment:
    """Return another process on the same table."""
    return replace(here, directory=stored)


def _groups(deployment: FakeDeployment) -> list[object]:
    shown: list[Mapping[str, Any]] = deployment.shown("User", id_(1), "acme").get("groups", [])
    return [each["display"] for each in shown]


def _rename(deployment: FakeDeployment, name: str) -> None:
    deployment.modify("Group", id_(2), {"op": "replace", "path": "displayName", "value": name})


def test_a_name_is_read_once_in_some_seconds(
    here: FakeDeployment, stored: Counting, watch: Watch
) -> None:
    for _ in range(3):
        assert _groups(here) == ["Staff"]
        watch.seconds += 1
    assert stored.read_keys == [Key("Group", id_(2))]
    watch.seconds += SECONDS
    assert _groups(here) == ["Staff"]
    assert len(stored.read_keys) == 2


def test_a_name_that_others_gave_shows_after_the_seconds(
    here: FakeDeployment, there: FakeDeployment, watch: Watch
) -> None:
    assert _groups(here) == ["Staff"]
    _rename(there, "Crew")
    assert (_groups(here), _groups(there)) == (["Staff"], ["Crew"])
    watch.seconds += SECONDS
    assert _groups(here) == ["Crew"]


@pytest.mark.parametrize(
    ("write", "names"),
    [
        (lambda here: _rename(here, "Crew"), ["Crew"]),
        (lambda here: here.replace("Group", id_(2), {"displayName": "Crew"}), []),
        (lambda here: here.delete("Group", id_(2)), []),
        (lambda here: here.group("Outer", id_(2)), ["Staff", "Outer"]),
    ],
    ids=["PATCH", "PUT", "DELETE", "nested"],
)
def test_a_name_written_in_this_process_shows_at_once(
    here: FakeDeployment, write: Callable[[FakeDeployment], object], names: list[str]
) -> None:
    assert _groups(here) == ["Staff"]
    write(here)
    assert _groups(here) == names


def test_a_write_of_another_type_forgets_no_names(here: FakeDeployment, stored: Counting) -> None:
    assert _groups(here) == ["Staff"]
    here.user("bert")
    assert _groups(here) == ["Staff"]
    assert len(stored.read_keys) == 1


def test_a_name_read_during_a_write_is_not_remembered(
    here: FakeDeployment, stored: Counting, watch: Watch
) -> None:
    """A read that began before a write of another thread's ended tells what was before."""
    read_many, renamed = stored.read_many, []

    def slowly(tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        found = read_many(tenant, keys)
        if not renamed:
            renamed.append(True)
            watch.seconds += 1
            _rename(here, "Crew")
        return found

    stored.read_many = slowly  # type: ignore[method-assign]
    assert _groups(here) == ["Staff"]
    assert _groups(here) == ["Crew"]


def test_a_token_with_filters_is_shown_the_stored_names(
    here: FakeDeployment, there: FakeDeployment
) -> None:
    narrow = replace(here, filters='{"User": "userName pr", "Group": "displayName eq \\"Staff\\""}')
    assert _groups(here) == _groups(narrow) == ["Staff"]
    _rename(there, "Crew")
    assert _groups(narrow) == []


def test_a_name_of_one_tenant_is_none_of_another(here: FakeDeployment, stored: Counting) -> None:
    keys = [Key("Group", id_(2))]
    here.directory.read_named("acme", keys)
    assert here.directory.read_named("other", keys) == {}
    assert set(here.directory.read_named("acme", keys)) == set(keys)
    assert stored.read_keys == keys * 2


def test_memory_is_bounded(watch: Watch) -> None:
    class Everything(FakeDirectory):
        def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
            return {key: Record(key, 1, "", "", {}, text="x" * int(key.id)) for key in keys}

    remembering = RememberedNames(Everything(), SECONDS, watch)
    wanted = [Key("Group", str(number)) for number in range(LARGEST - 2 * MOST, LARGEST + 2)]
    remembering.read_named("acme", wanted)
    known = remembering._known
    assert known.get(("acme", Key("Group", str(LARGEST)))) is not None
    assert known.get(("acme", Key("Group", str(LARGEST + 1)))) is None
    assert known.get(("acme", wanted[0])) is None


def test_old_writes_are_forgotten(watch: Watch) -> None:
    remembering = RememberedNames(FakeDirectory(), SECONDS, watch)
    deployment = FakeDeployment(directory=remembering)
    for number in range(MOST + 1):
        watch.seconds += 1
        deployment.user("anna", tenant=f"t{number}")
    assert len(remembering._written) < MOST
    assert set(remembering._written.values()) >= {watch.seconds - age for age in range(SECONDS)}
