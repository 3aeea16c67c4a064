"""The records of a filter come by its plan, each once, in id order, and never more than allowed."""

import pytest

from scim.errors import TooMany
from scim.filter.bind import bound
from scim.filter.bound import Tree
from scim.filter.parse import parse_filter
from scim.profile import Profile
from scim.service.bounds import Bounds
from scim.service.candidates import matching
from tests.fakes.endpoint import Deployment, id_, type_of
from tests.fakes.observed import ObservedDirectory


def _tree(type_name: str, text: str) -> Tree:
    back_links = ("groups",) if type_name == "User" else ()
    return bound(type_of(type_name), parse_filter(text).filter, Profile(), back_links).tree


def _ids(deployment: Deployment, type_name: str, text: str) -> list[str]:
    found = matching(deployment.endpoint(type_name), _tree(type_name, text))
    return [record.key.id for record in found]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (f'id eq "{id_(1)}"', ["read"]),
        (f'id eq "{id_(1)}" or id eq "{id_(2)}"', ["read_many"]),
        (f'id eq "{id_(1)}" or id eq "{id_(99)}"', ["read_many", "read_latest"]),
        ('userName eq "user1"', ["ids_with", "read"]),
        ('userName eq "user1" and title pr', ["ids_with", "read"]),
        ('externalId eq "same"', ["ids_with", "read_many"]),
        ('userName eq "nobody"', ["ids_with"]),
        (f'groups.value eq "{id_(6)}"', ["edges", "read_many"]),
        ("title pr", ["page"]),
        (f'id eq "{id_(1)}" and id eq "{id_(2)}"', []),
    ],
)
def test_the_store_is_asked_what_the_plan_says(text: str, asked: list[str]) -> None:
    directory = ObservedDirectory()
    deployment = Deployment(directory)
    users = [deployment.user(f"user{n}", externalId="same") for n in range(5)]
    deployment.group("All", *users[:3])
    directory.asked.clear()
    _ids(deployment, "User", text)
    assert directory.asked == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (f'members.value eq "{id_(1)}"', ["read", "read"]),
        (f'members.value eq "{id_(99)}"', ["read", "read"]),
    ],
)
def test_whose_member_somebody_is_says_the_members_own_record(text: str, asked: list[str]) -> None:
    directory = ObservedDirectory()
    deployment = Deployment(directory)
    deployment.group("All", *[deployment.user(f"user{n}") for n in range(5)])
    directory.asked.clear()
    _ids(deployment, "Group", text)
    assert directory.asked == asked


def test_a_record_that_fulfils_a_filter_twice_is_there_once() -> None:
    deployment = Deployment()
    anna = deployment.user("anna", externalId="7")
    assert _ids(deployment, "User", 'userName eq "anna" or externalId eq "7"') == [anna]


def test_records_come_in_id_order() -> None:
    deployment = Deployment()
    for name in ("carl", "anna", "bert"):
        deployment.user(name, externalId="same")
    assert _ids(deployment, "User", 'externalId eq "same"') == [id_(1), id_(2), id_(3)]


def test_nested_groups_are_found_by_the_group_they_are_in() -> None:
    deployment = Deployment()
    sales = deployment.group("Sales")
    whole = deployment.group("All", sales)
    assert _ids(deployment, "Group", f'members.value eq "{sales}"') == [whole]


def test_an_index_entry_that_many_share_is_not_cut_off_silently() -> None:
    deployment = Deployment(bounds=Bounds(scanned=3))
    for n in range(3):
        deployment.user(f"user{n}", externalId="same")
    assert len(_ids(deployment, "User", 'externalId eq "same"')) == 3
    deployment.user("user3", externalId="same")
    with pytest.raises(TooMany):
        _ids(deployment, "User", 'externalId eq "same"')


def test_a_group_with_more_members_than_may_be_read_is_too_many() -> None:
    deployment = Deployment(bounds=Bounds(scanned=3))
    group = deployment.group("All", *[deployment.user(f"user{n}") for n in range(4)])
    with pytest.raises(TooMany):
        _ids(deployment, "User", f'groups.value eq "{group}"')


def test_a_scan_goes_through_all_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim.service.candidates.PAGE", 2)
    directory = ObservedDirectory()
    deployment = Deployment(directory)
    for n in range(5):
        deployment.user(f"user{n}")
    directory.asked.clear()
    assert len(_ids(deployment, "User", "userName pr")) == 5
    assert directory.asked == ["page"] * 3


def test_a_record_that_the_store_does_not_show_yet_is_asked_for_again() -> None:
    class Lagging(ObservedDirectory):
        """Batch reads are a moment old: the newest user is not in them."""

        def read_many(self, tenant, keys):  # type: ignore[no-untyped-def]
            found = self._inner.read_many(tenant, keys)
            return {key: record for key, record in found.items() if key.id != id_(2)}

    deployment = Deployment(Lagging())
    deployment.user("anna", externalId="same")
    deployment.user("bert", externalId="same")
    assert _ids(deployment, "User", 'externalId eq "same"') == [id_(1), id_(2)]
