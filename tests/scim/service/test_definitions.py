"""A tenant's definitions are checked as a whole before they come into force."""

from typing import Any

import pytest

from scim.errors import Conflict, InvalidValue, NotFound, PayloadTooLarge, PreconditionFailed
from scim.profile import Profile
from scim.schema.tenant_definitions import DefinitionVersion, definitions_of
from scim.service.definitions import (
    Author,
    DefinitionService,
    activate_version,
    checked_definitions,
    edition_of,
    replace_definitions,
)
from scim.service.messages import Precondition
from tests.fakes.definition_store import FakeDefinitionStore, FakeStock, definition_service
from tests.fakes.devices import DOCUMENT, STORAGE, changed, document, without_attribute
from tests.fakes.endpoint import USER_URN

ACME = Author("acme", Profile(), "t1")
ANY = Precondition()
WITHOUT = without_attribute(0, 2)


def _late(**index: Any) -> dict[str, Any]:
    made = document()
    made["resourceTypes"][0][STORAGE]["indexes"].append({"attribute": "mudUrl", **index})
    return made


def _with_devices(**stored: int) -> DefinitionService:
    made = definition_service(FakeStock(stored))
    replace_definitions(made, ACME, document(), ANY)
    return made


def test_a_first_version_says_when_and_by_whom_it_was_made() -> None:
    made = replace_definitions(definition_service(), ACME, document(), ANY)
    assert (made.version, made.author) == (1, "t1")
    assert made.created.endswith("Z")
    assert made.definitions == definitions_of(DOCUMENT)


def test_unchanged_definitions_make_no_new_version() -> None:
    ours = _with_devices()
    assert replace_definitions(ours, ACME, document(), ANY).version == 1
    assert replace_definitions(ours, ACME, WITHOUT, ANY).version == 2
    assert replace_definitions(ours, ACME, document(), ANY).version == 3


@pytest.mark.parametrize(("if_match", "version"), [('W/"1"', 2), ("*", 2), (None, 2), ('"1"', 2)])
def test_the_version_that_was_read_is_replaced(if_match: str | None, version: int) -> None:
    ours = _with_devices()
    assert (
        replace_definitions(ours, ACME, WITHOUT, Precondition(if_match=if_match)).version == version
    )


def test_definitions_with_another_version_are_not_replaced() -> None:
    ours = _with_devices()
    with pytest.raises(PreconditionFailed):
        replace_definitions(ours, ACME, WITHOUT, Precondition(if_match='W/"7"'))
    assert ours.definition_store.current("acme").version == 1


@pytest.mark.parametrize(
    ("condition", "refusal"),
    [(ANY, Conflict), (Precondition(if_match='W/"1"'), PreconditionFailed)],
)
def test_the_slower_of_two_simultaneous_versions_is_refused(
    condition: Precondition, refusal: type[Exception]
) -> None:
    class Overtaken(FakeDefinitionStore):
        def put(self, tenant: str, definition_version: DefinitionVersion, most_kept: int) -> None:
            if definition_version.version == 2 and 2 not in self.kept[tenant]:
                super().put(
                    tenant, DefinitionVersion(2, definitions_of({}), "2026", "t2"), most_kept
                )
            super().put(tenant, definition_version, most_kept)

    ours = definition_service(definition_store=Overtaken())
    replace_definitions(ours, ACME, document(), ANY)
    with pytest.raises(refusal):
        replace_definitions(ours, ACME, WITHOUT, condition)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param({"types": []}, "types: there is no such member", id="a member nobody knows"),
        pytest.param(
            changed(("schemas.0.attributes.1.type", "bool")),
            "schemas[0] urn:ietf:params:scim:schemas:core:2.0:Device: attributes.1.type:"
            " expected 'string'",
            id="a type nobody knows",
        ),
        pytest.param(
            changed(("resourceTypes.0.schema", "urn:x:Nothing")),
            "resourceTypes[0] Device: there is no schema urn:x:Nothing",
            id="a schema that is not there",
        ),
        pytest.param(
            document(variables={}),
            "resourceTypes[0] Device: nothing says what ${company} stands for",
            id="a variable without a value",
        ),
        pytest.param(
            changed(("resourceTypes.0.endpoint", "/Bulk")),
            "resourceTypes[0] Device: endpoint: this path is the service's own",
            id="an endpoint of the service",
        ),
        pytest.param(
            changed(("resourceTypes.1.name", "User")),
            "resourceTypes[1] User: name: the profile has this type",
            id="a type of the profile",
        ),
        pytest.param(
            changed(("schemas.2.id", USER_URN)),
            f"schemas[2] {USER_URN}: id: the profile has this schema",
            id="a schema of the profile",
        ),
        pytest.param(
            document(schemas=[DOCUMENT["schemas"][0]] * 2 + DOCUMENT["schemas"][1:]),
            "is defined more than once",
            id="a schema twice",
        ),
        pytest.param(
            document(resourceTypes=[DOCUMENT["resourceTypes"][0]] * 2),
            "is defined more than once",
            id="a type twice",
        ),
        pytest.param(
            changed(("schemas.0.attributes.1.name", "Not")),
            "attributes: not is a word of filters; choose another name",
            id="a word of filters",
        ),
        pytest.param(
            _late(late=True, unique=True), "cannot be late and unique", id="late and unique"
        ),
    ],
)
def test_invalid_definitions_are_refused_with_document_and_place(
    wrong: dict[str, Any], told: str
) -> None:
    ours = definition_service()
    with pytest.raises(InvalidValue) as refused:
        replace_definitions(ours, ACME, wrong, ANY)
    assert told in refused.value.detail
    assert ours.definition_store.current("acme").version == 0


@pytest.mark.parametrize(
    ("limits", "told"),
    [({"number": 4}, "a tenant may define 4"), ({"size": 500}, "at most 500 are allowed")],
)
def test_the_number_and_the_size_of_definitions_are_limited(
    limits: dict[str, int], told: str
) -> None:
    with pytest.raises(PayloadTooLarge) as refused:
        replace_definitions(definition_service(**limits), ACME, document(), ANY)
    assert told in refused.value.detail


def test_a_change_that_stored_resources_would_not_survive_is_refused() -> None:
    with pytest.raises(Conflict) as refused:
        replace_definitions(_with_devices(Device=3), ACME, WITHOUT, ANY)
    assert refused.value.detail == (
        "Device: the attribute mudUrl cannot be removed or renamed while resources of this type"
        " are stored (3)."
    )
    assert replace_definitions(_with_devices(DeviceGroup=3), ACME, WITHOUT, ANY).version == 2


def test_a_type_without_resources_can_be_removed() -> None:
    assert replace_definitions(_with_devices(User=5), ACME, {}, ANY).definitions.endpoints == ()
    with pytest.raises(Conflict, match="DeviceGroup: the type cannot be removed"):
        replace_definitions(_with_devices(DeviceGroup=1), ACME, {}, ANY)


def test_a_new_index_on_stored_resources_must_be_late() -> None:
    with pytest.raises(Conflict, match='mudUrl has to be declared "late": true'):
        replace_definitions(_with_devices(Device=1), ACME, _late(), ANY)
    assert replace_definitions(_with_devices(Device=1), ACME, _late(late=True), ANY).version == 2
    assert replace_definitions(_with_devices(), ACME, _late(), ANY).version == 2


def test_an_index_that_was_filled_once_does_not_come_back_as_filled() -> None:
    ours = definition_service(FakeStock(built=frozenset({("Device", "mudUrl")})))
    replace_definitions(ours, ACME, document(), ANY)
    with pytest.raises(Conflict, match="was filled before and has been removed since"):
        replace_definitions(ours, ACME, _late(late=True), ANY)


def test_a_profile_may_let_its_types_be_redefined() -> None:
    liberal = Author("acme", Profile(may_redefine=True, resource_types=("User",)))
    robot = {"id": "urn:x:Robot", "name": "Robot", "attributes": [{"name": "userName"}]}
    user = {"name": "User", "endpoint": "/Users", "schema": "urn:x:Robot"}
    own = {"schemas": [robot], "resourceTypes": [user]}
    assert replace_definitions(definition_service(), liberal, own, ANY).version == 1
    with pytest.raises(Conflict, match="User: its schema cannot change"):
        replace_definitions(definition_service(FakeStock({"User": 1})), liberal, own, ANY)


def test_definitions_that_a_later_release_broke_can_be_repaired() -> None:
    ours = definition_service(FakeStock({"User": 1}))
    broken = document(variables={})
    ours.definition_store.put("acme", DefinitionVersion(1, definitions_of(broken)), 10)
    assert replace_definitions(ours, ACME, document(), ANY).version == 2


def test_checking_definitions_changes_nothing() -> None:
    ours = definition_service()
    found = checked_definitions(ours, ACME, document(), ours.definition_store.current("acme"))
    assert found == definitions_of(DOCUMENT)
    assert ours.definition_store.current("acme").version == 0


def test_activating_an_earlier_version_makes_a_new_one() -> None:
    ours = _with_devices()
    replace_definitions(ours, ACME, WITHOUT, ANY)
    back = activate_version(ours, ACME, "1")
    assert (back.version, back.definitions) == (3, definitions_of(DOCUMENT))


def test_an_earlier_version_that_no_longer_fits_is_not_activated() -> None:
    ours = definition_service(FakeStock({"Device": 1}))
    ours.definition_store.put("acme", DefinitionVersion(1, definitions_of(WITHOUT)), 10)
    replace_definitions(ours, ACME, document(), ANY)
    with pytest.raises(Conflict, match="mudUrl cannot be removed"):
        activate_version(ours, ACME, "1")


@pytest.mark.parametrize("version", ["0", "2", "x", "", "-1", "1.0", "²", "9" * 40])
def test_a_version_that_is_not_kept_is_not_found(version: str) -> None:
    with pytest.raises(NotFound):
        edition_of(_with_devices().definition_store, "acme", version)
