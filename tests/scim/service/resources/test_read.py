"""GET shows one resource, or says that the client has it already."""

import pytest

from scim.errors import NotFound
from tests.fakes.endpoint import GROUP_URN, USER_URN, FakeDeployment, id_
from tests.fakes.observed import ObservedDirectory


@pytest.mark.parametrize("unknown", ["nobody", id_(9), "", "../Groups", "a#b", "ä"])
def test_an_unknown_id_is_not_found(unknown: str) -> None:
    deployment = FakeDeployment()
    deployment.user("anna")
    with pytest.raises(NotFound, match="There is no User with this id"):
        deployment.read("User", unknown)


def test_an_id_of_another_type_is_not_found() -> None:
    deployment = FakeDeployment()
    group = deployment.group("All")
    with pytest.raises(NotFound):
        deployment.read("User", group)


def test_a_user_name_or_external_id_is_not_accepted_as_an_id() -> None:
    deployment = FakeDeployment()
    deployment.user("anna", externalId="7")
    for name in ("anna", "7"):
        with pytest.raises(NotFound):
            deployment.read("User", name)


@pytest.mark.parametrize(
    ("header", "is_unmodified"),
    [
        ('W/"1"', True),
        ('"1"', True),
        ('W/"7", W/"1"', True),
        ("*", True),
        ('W/"2"', False),
        ("1", False),
        (None, False),
    ],
)
def test_a_version_the_client_has_is_not_sent_again(
    header: str | None, is_unmodified: bool
) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    answer = deployment.read("User", anna, if_none_match=header)
    assert answer.is_unmodified is is_unmodified
    assert (answer.resource is None) is is_unmodified
    assert answer.etag == 'W/"1"'


def test_a_change_makes_the_version_the_client_has_an_old_one() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.modify("User", anna, {"op": "add", "path": "title", "value": "Dr."})
    assert deployment.read("User", anna, if_none_match='W/"1"').etag == 'W/"2"'


def test_only_requested_attributes_and_the_id_are_shown() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", title="Dr.", name={"givenName": "Anna", "familyName": "Bell"})
    answer = deployment.read("User", anna, attributes=("name.givenName",))
    assert answer.resource == {"schemas": [USER_URN], "id": anna, "name": {"givenName": "Anna"}}


def test_excluded_attributes_are_hidden_except_the_id() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", title="Dr.")
    answer = deployment.read("User", anna, excluded=("id", "title", "meta"))
    assert answer.resource == {"schemas": [USER_URN], "id": anna, "userName": "anna"}


def test_attributes_win_over_excluded_attributes() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", title="Dr.")
    answer = deployment.read("User", anna, attributes=("title",), excluded=("title",))
    assert answer.resource is not None
    assert answer.resource["title"] == "Dr."


def test_a_group_without_its_members_is_one_read_whatever_its_size() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    group = deployment.group("All", *[deployment.user(f"user{n}") for n in range(20)])
    directory.asked.clear()
    answer = deployment.read("Group", group, excluded=("members", "meta"))
    assert answer.resource == {"schemas": [GROUP_URN], "id": group, "displayName": "All"}
    assert directory.asked == ["read"]


def test_a_user_without_groups_is_one_read() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.asked.clear()
    deployment.read("User", anna)
    assert directory.asked == ["read"]


def test_the_groups_of_a_user_are_one_more_read() -> None:
    directory = ObservedDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    for n in range(5):
        deployment.group(f"group{n}", anna)
    directory.asked.clear()
    deployment.read("User", anna)
    assert directory.asked == ["read", "read_named"]


def test_a_resource_of_another_tenant_is_unknown() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", tenant="other")
    with pytest.raises(NotFound) as foreign:
        deployment.read("User", anna)
    with pytest.raises(NotFound) as unknown:
        deployment.read("User", id_(9))
    assert foreign.value.body() == unknown.value.body()


def _is_modified(deployment: FakeDeployment, type_name: str, id_: str, etag: str) -> bool:
    return not deployment.read(type_name, id_, if_none_match=etag).is_unmodified


def test_the_tag_of_a_user_vouches_for_the_groups_that_are_shown() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("Sales")

    def etag() -> str:
        answer = deployment.read("User", anna)
        assert answer.resource is not None
        assert answer.resource["meta"]["version"] == answer.etag  # type: ignore[index]
        (listed,) = deployment.search("User").resources
        assert listed["meta"]["version"] == answer.etag  # type: ignore[index]
        assert not _is_modified(deployment, "User", anna, answer.etag)
        return answer.etag

    seen = [etag()]
    deployment.add(group, anna)
    seen.append(etag())
    rename = {"op": "replace", "path": "displayName", "value": "Marketing"}
    deployment.modify("Group", group, rename)
    seen.append(etag())
    above = deployment.group("All", group)
    seen.append(etag())
    deployment.delete("Group", above)
    assert etag() == seen[2]
    deployment.remove(group, anna)
    assert etag() == seen[0] == 'W/"1"'
    assert len(set(seen)) == 4


def test_a_response_without_groups_has_the_tag_of_the_user_alone() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    deployment.group("Sales", anna)
    for shown in ({"attributes": ("userName",)}, {"excluded": ("groups",)}):
        assert deployment.read("User", anna, **shown).etag == 'W/"1"'  # type: ignore[arg-type]
    assert _is_modified(deployment, "User", anna, 'W/"1"')


def test_the_tag_of_a_group_vouches_for_the_names_of_its_members() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("Sales", anna)
    etag = deployment.read("Group", group).etag
    deployment.modify("User", anna, {"op": "add", "path": "title", "value": "Dr."})
    assert not _is_modified(deployment, "Group", group, etag)
    deployment.modify("User", anna, {"op": "add", "path": "displayName", "value": "Anna"})
    assert _is_modified(deployment, "Group", group, etag)
