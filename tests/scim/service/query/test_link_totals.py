"""The members of a group of any size are listed, with the stored count as their total."""

from dataclasses import replace

import pytest

from scim.errors import TooMany
from scim.resource.record import Key, Record
from scim.service.endpoint import Bounds
from scim.service.query import walk
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import FakeDeployment
from tests.fakes.observed import ObservedDirectory

MEMBERS, PAGE = 60, 3


@pytest.fixture(name="deployment")
def _deployment(monkeypatch: pytest.MonkeyPatch) -> FakeDeployment:
    """Return a deployment whose queries may read fewer items than the group has members."""
    monkeypatch.setattr(walk, "FEW", 2)
    return FakeDeployment(ObservedDirectory(), bounds=Bounds(scanned=MEMBERS - 10))


@pytest.fixture(name="group")
def _group(deployment: FakeDeployment) -> str:
    people = [deployment.user(f"user{number:02d}") for number in range(MEMBERS)]
    deployment.user("elsewhere")
    return deployment.group("staff", *people)


def test_a_group_with_more_members_than_a_query_reads_is_listed_to_its_end(
    deployment: FakeDeployment, group: str
) -> None:
    seen: list[str] = []
    while len(seen) < MEMBERS:
        page = deployment.search(
            "User", filter=f'groups.value eq "{group}"', start_index=len(seen) + 1, count=PAGE
        )
        assert page.total == MEMBERS
        seen += [str(each["id"]) for each in page.resources]
    assert len(set(seen)) == MEMBERS


@pytest.mark.parametrize("cursor", [None, ""])
@pytest.mark.parametrize("count", [0, 1, PAGE])
def test_the_total_is_the_same_on_every_kind_of_page(
    deployment: FakeDeployment, group: str, cursor: str | None, count: int
) -> None:
    text = f'groups.value eq "{group}"'
    assert deployment.search("User", filter=text, cursor=cursor, count=count).total == MEMBERS


def test_a_small_group_is_counted_as_it_is_read(deployment: FakeDeployment) -> None:
    group = deployment.group("few", *(deployment.user(name) for name in ("ann", "bob")))
    assert isinstance(deployment.directory, ObservedDirectory)
    deployment.directory.asked.clear()
    assert deployment.search("User", filter=f'groups.value eq "{group}"', count=1).total == 2
    assert deployment.directory.asked.count("is_nested") == 1


@pytest.mark.parametrize(
    "filter_", ["{0} and active eq true", "not ({0})", '{0} or userName eq "x"']
)
def test_the_stored_count_is_not_used_with_another_condition(
    deployment: FakeDeployment, group: str, filter_: str
) -> None:
    with pytest.raises(TooMany):
        deployment.search("User", filter=filter_.format(f'groups.value eq "{group}"'), count=PAGE)


def test_the_stored_count_is_not_used_where_groups_are_nested(
    deployment: FakeDeployment, group: str
) -> None:
    deployment.group("outer", deployment.group("inner", deployment.user("zoe")), group)
    with pytest.raises(TooMany):
        deployment.search("User", filter=f'groups.value eq "{group}"', count=PAGE)


def test_no_group_of_that_id_has_no_members(deployment: FakeDeployment) -> None:
    assert deployment.search("User", filter='groups.value eq "nobody"', count=0).total == 0


def test_the_stored_count_is_not_used_while_members_change(
    deployment: FakeDeployment, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = FakeDirectory.read

    def unsettled(directory: FakeDirectory, tenant: str, key: Key) -> Record | None:
        record = read(directory, tenant, key)
        return record and replace(record, is_unsettled=True)

    monkeypatch.setattr(FakeDirectory, "read", unsettled)
    with pytest.raises(TooMany):
        deployment.search("User", filter=f'groups.value eq "{group}"', count=PAGE)
