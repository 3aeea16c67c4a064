"""POST stores what the client may write, under an id the server makes."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import InvalidSyntax, InvalidValue, Unavailable, Uniqueness
from scim.profile import Profile, Tolerance
from scim.profile.parts import Wire
from scim.resource.access_path import AccessPath, Direction, IdPage
from scim.resource.change import Creation
from scim.resource.record import Key
from scim.schema.loading import shipped_catalogue
from scim.schema.resource_type import Derived
from scim.service.ports import Directory
from scim.service.resources.create import create
from tests.fakes.busy import BusyDirectory
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import (
    ENTERPRISE_URN,
    GROUP_URN,
    NOW,
    STRICT,
    USER_URN,
    FakeDeployment,
    id_,
    projected,
)

UNKNOWN = "11111111-1111-4111-8111-111111111111"


def test_the_answer_is_the_resource_with_everything_the_server_adds() -> None:
    answer = FakeDeployment().create("User", {"userName": "anna", "name": {"givenName": "Anna"}})
    assert answer.resource == {
        "schemas": [USER_URN],
        "id": id_(1),
        "userName": "anna",
        "name": {"givenName": "Anna"},
        "meta": {
            "resourceType": "User",
            "created": NOW,
            "lastModified": NOW,
            "location": f"https://scim.example/scim/v2/Users/{id_(1)}",
            "version": 'W/"1"',
        },
    }
    assert answer.etag == 'W/"1"'
    assert answer.location == f"https://scim.example/scim/v2/Users/{id_(1)}"


def test_a_created_resource_reads_as_it_was_answered() -> None:
    deployment = FakeDeployment()
    answer = deployment.create("User", {"userName": "anna", "externalId": "7"})
    assert deployment.shown("User", id_(1)) == answer.resource


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", UNKNOWN),
        ("meta", {"created": "2001-01-01T00:00:00Z", "version": 'W/"99"'}),
        ("groups", [{"value": UNKNOWN}]),
    ],
)
def test_read_only_attributes_are_ignored(name: str, value: Any) -> None:
    deployment = FakeDeployment()
    plain = deployment.create("User", {"userName": "anna"}).resource
    other = FakeDeployment().create("User", {"userName": "anna", name: value}).resource
    assert other == plain


@pytest.mark.parametrize("external_id", [id_(1), "1", "admin"])
def test_the_external_id_never_names_a_resource(external_id: str) -> None:
    """The confusion of CVE-2025-41115: an identifier of the client's taken for the server's."""
    deployment = FakeDeployment()
    deployment.user("anna")
    answer = deployment.create("User", {"userName": "bert", "externalId": external_id})
    assert answer.resource is not None
    assert answer.resource["id"] == id_(2)
    assert deployment.shown("User", id_(1))["userName"] == "anna"
    assert (
        deployment.search("User", filter=f'id eq "{external_id}" and userName eq "bert"').total == 0
    )


def test_the_extension_is_kept_and_named_in_schemas() -> None:
    body = {"userName": "anna", ENTERPRISE_URN: {"department": "Sales"}}
    answer = FakeDeployment().create("User", body)
    assert answer.resource is not None
    assert answer.resource[ENTERPRISE_URN] == {"department": "Sales"}
    assert answer.resource["schemas"] == [USER_URN, ENTERPRISE_URN]


def test_the_password_is_neither_shown_nor_stored() -> None:
    deployment = FakeDeployment()
    answer = deployment.create("User", {"userName": "anna", "password": "t1meMa$heen"})
    assert answer.resource is not None
    assert "password" not in answer.resource
    assert isinstance(deployment.directory, FakeDirectory)
    assert "t1meMa$heen" not in repr(deployment.directory.changes)


@pytest.mark.parametrize("asked", [("password",), ("userName", "password"), ("urn:x:password",)])
def test_asking_for_the_password_does_not_show_it(asked: tuple[str, ...]) -> None:
    body = {"userName": "anna", "password": "t1meMa$heen"}
    answer = FakeDeployment().create("User", body, attributes=asked)
    assert "t1meMa$heen" not in repr(answer)


@pytest.mark.parametrize("name", ["anna", "ANNA", " Anna ", "\uff41nna"])
def test_a_user_name_is_taken_however_it_is_written(name: str) -> None:
    deployment = FakeDeployment()
    deployment.user("anna")
    with pytest.raises(Uniqueness):
        deployment.user(name)


def test_a_refused_resource_leaves_nothing_behind() -> None:
    deployment = FakeDeployment()
    deployment.user("anna")
    with pytest.raises(Uniqueness):
        deployment.user("anna", emails=[{"value": "second@example.org"}])
    assert deployment.search("User").total == 1
    assert deployment.search("User", filter='emails.value eq "second@example.org"').total == 0


def test_a_name_is_free_again_after_the_delete() -> None:
    deployment = FakeDeployment()
    deployment.delete("User", deployment.user("anna"))
    assert deployment.user("anna") == id_(2)


def test_equal_external_ids_do_not_collide() -> None:
    deployment = FakeDeployment()
    deployment.user("anna", externalId="7")
    assert deployment.user("bert", externalId="7") == id_(2)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        pytest.param({"schemas": [USER_URN]}, "userName", id="missing"),
        pytest.param({"schemas": [USER_URN], "userName": None}, "userName", id="null"),
        pytest.param({"schemas": [USER_URN], "userName": "  "}, "userName", id="blank"),
        pytest.param({"schemas": [USER_URN], "userName": True}, "userName", id="boolean"),
    ],
)
def test_a_missing_or_wrong_value_is_refused_by_its_name(body: Any, detail: str) -> None:
    with pytest.raises(InvalidValue, match=detail):
        create(FakeDeployment().endpoint("User"), body, projected("User"))


@pytest.mark.parametrize("schemas", [None, [], "urn:x", [7]], ids=repr)
def test_a_body_without_its_schema_is_a_syntax_error(schemas: Any) -> None:
    body = {"schemas": schemas, "userName": "anna"}
    with pytest.raises(InvalidSyntax, match="schemas"):
        create(FakeDeployment(profile=STRICT).endpoint("User"), body, projected("User"))


def test_members_are_shown_with_reference_type_and_name() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna", displayName="Anna Bell")
    bert = deployment.user("bert")
    nested = deployment.group("Sales")
    group = deployment.group("All", anna, bert, nested)
    assert deployment.shown("Group", group)["members"] == [
        {
            "value": anna,
            "$ref": f"https://scim.example/scim/v2/Users/{anna}",
            "display": "Anna Bell",
            "type": "User",
        },
        {
            "value": bert,
            "$ref": f"https://scim.example/scim/v2/Users/{bert}",
            "display": "bert",
            "type": "User",
        },
        {
            "value": nested,
            "$ref": f"https://scim.example/scim/v2/Groups/{nested}",
            "display": "Sales",
            "type": "Group",
        },
    ]


def test_a_member_named_twice_is_stored_once() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    assert deployment.member_ids(deployment.group("All", anna, anna)) == [anna]


def test_a_member_may_be_named_by_its_reference_alone() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    members = [{"$ref": f"https://scim.example/scim/v2/Users/{anna}"}]
    deployment.create("Group", {"displayName": "All", "members": members})
    assert deployment.member_ids(id_(2)) == [anna]


def test_an_unknown_member_is_left_out_where_that_is_tolerated() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    values = [{"value": anna}, {"value": UNKNOWN}]
    answer = deployment.create("Group", {"displayName": "All", "members": values})
    assert deployment.member_ids(id_(2)) == [anna]
    assert answer.tolerated == {Tolerance.UNKNOWN_TARGETS}


def test_an_unknown_member_is_refused_where_it_is_not_tolerated() -> None:
    deployment = FakeDeployment(profile=STRICT)
    with pytest.raises(InvalidValue, match="members names 1 resource"):
        deployment.group("All", UNKNOWN)
    assert deployment.search("Group").total == 0


def test_a_member_of_a_type_the_relation_does_not_take_is_refused() -> None:
    members = [{"value": UNKNOWN, "type": "Device"}]
    with pytest.raises(InvalidValue, match=r"members\[0\].type: expected User or Group"):
        FakeDeployment().create("Group", {"displayName": "All", "members": members})


def test_used_tolerances_are_reported() -> None:
    answer = FakeDeployment().create("User", {"userName": "anna", "active": "True", "shoeSize": 40})
    assert answer.tolerated == {Tolerance.STRING_BOOLEAN, Tolerance.UNKNOWN_ATTRIBUTES}


def test_the_same_is_refused_by_a_profile_without_tolerances() -> None:
    with pytest.raises(InvalidValue, match="active"):
        FakeDeployment(profile=STRICT).create("User", {"userName": "anna", "active": "True"})


def test_a_profile_tolerates_exactly_what_it_names() -> None:
    profile = Profile(name="some", tolerances=frozenset({Tolerance.STRING_BOOLEAN}))
    deployment = FakeDeployment(profile=profile)
    assert deployment.create("User", {"userName": "anna", "active": "True"}).tolerated == {
        Tolerance.STRING_BOOLEAN
    }


@pytest.mark.parametrize("stale", [1, 9])
def test_a_member_that_vanishes_meanwhile_is_looked_for_again(stale: int) -> None:
    directory = BusyDirectory(stale)
    deployment = FakeDeployment(directory)
    assert deployment.create("Group", {"displayName": "All"}).etag == 'W/"1"'
    assert directory.attempts == stale + 1


def test_a_creation_gives_up_after_ten_stale_attempts() -> None:
    directory = BusyDirectory(stale=100)
    with pytest.raises(Unavailable):
        FakeDeployment(directory).group("All")
    assert directory.attempts == 10


def test_a_member_deleted_between_reading_and_writing_is_unknown() -> None:
    directory = BusyDirectory()
    deployment = FakeDeployment(directory)
    anna = deployment.user("anna")
    directory.meanwhile = lambda: deployment.delete("User", anna)
    answer = deployment.create("Group", {"displayName": "All", "members": [{"value": anna}]})
    assert answer.resource is not None
    assert answer.resource["members"] == []
    assert answer.tolerated == {Tolerance.UNKNOWN_TARGETS}


@pytest.mark.parametrize("display", ["", " "])
def test_a_member_whose_display_says_nothing_has_the_name_of_its_user(display: str) -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    member = {"value": anna, "display": display, "type": "", "$ref": ""}
    answer = deployment.create("Group", {"displayName": "All", "members": [member]})
    assert answer.resource is not None
    (shown,) = answer.resource["members"]  # type: ignore[misc]
    unnamed = deployment.create("Group", {"displayName": "Other", "members": [{"value": anna}]})
    assert unnamed.resource is not None
    assert unnamed.resource["members"] == [shown]


def test_the_answer_is_projected() -> None:
    answer = FakeDeployment().create(
        "User", {"userName": "anna", "title": "Dr."}, attributes=("userName",)
    )
    assert answer.resource == {"schemas": [USER_URN], "id": id_(1), "userName": "anna"}


def test_members_left_out_of_the_answer_are_not_read() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    body = {"displayName": "All", "members": [{"value": anna}]}
    answer = deployment.create("Group", body, excluded=("members", "meta"))
    assert answer.resource == {"schemas": [GROUP_URN], "id": id_(2), "displayName": "All"}


def test_the_stored_body_holds_no_derived_attributes() -> None:
    deployment = FakeDeployment()
    anna = deployment.user("anna")
    group = deployment.group("All", anna)
    record = deployment.directory.read("acme", Key("Group", group))
    assert record is not None
    assert record.body == {"displayName": "All"}


class _Outrun(FakeDirectory):
    """Tells of a taken name only when it has refused it once, as when two come together."""

    def __init__(self) -> None:
        super().__init__()
        self.is_told = False

    def ids(
        self,
        tenant: str,
        path: AccessPath,
        direction: Direction,
        beyond: str | None,
        limit: int,
    ) -> IdPage:
        found = super().ids(tenant, path, direction, beyond, limit)
        return found if self.is_told else IdPage()

    def create(self, tenant: str, creation: Creation) -> int:
        try:
            return super().create(tenant, creation)
        except Uniqueness:
            self.is_told = True
            raise


def _naming(directory: Directory) -> FakeDeployment:
    """Return a deployment whose users are named after their e-mail."""
    (user,) = (each for each in shipped_catalogue().resource_types if each.name == "User")
    name = Derived("userName", ("emails.value",), is_unique=True)
    schema = replace(
        user.schema,
        attributes=tuple(replace(each, required=False) for each in user.schema.attributes),
    )
    others = [each for each in shipped_catalogue().resource_types if each.name != "User"]
    named = replace(user, derived=(name,), schema=schema)
    catalogue = replace(shipped_catalogue(), resource_types=(named, *others))
    return FakeDeployment(directory=directory, catalogue=catalogue)


@pytest.mark.parametrize("directory", [FakeDirectory(), _Outrun()], ids=["in-turn", "together"])
def test_a_name_that_is_made_is_made_unique(directory: Directory) -> None:
    deployment = _naming(directory)
    body = {"emails": [{"value": "ann@x"}]}
    made = [deployment.create("User", body).resource for _ in range(3)]
    assert [each and each["userName"] for each in made] == ["ann@x", "ann@x-2", "ann@x-3"]


def test_a_conflict_of_a_sent_name_is_reported() -> None:
    deployment = _naming(FakeDirectory())
    deployment.create("User", {"userName": "ann"})
    with pytest.raises(Uniqueness):
        deployment.create("User", {"userName": "ANN"})


def test_ids_count_up_where_the_profile_says_so() -> None:
    profile = Profile(wire=Wire(ids={"/Users": "number"}))
    deployment = FakeDeployment(profile=profile)
    assert [deployment.user(name) for name in ("a", "b")] == ["1", "2"]
