"""The catalogue of a profile with the additions of a tenant."""

from copy import deepcopy

import pytest

from scim.profile import Profile
from scim.schema.loading import DISCOVERY, NO_ADDITIONS, catalogue_of, shipped_catalogue
from scim.schema.schema import DefinitionError
from scim.schema.tenant_definitions import Definitions, definitions_of
from tests.fakes.devices import DEVICE, DOCUMENT, document
from tests.fakes.endpoint import USER_URN

USERS = Profile(resource_types=("User",))
ROBOT = {"id": "urn:x:Robot", "name": "Robot", "attributes": [{"name": "model"}]}


def test_a_profile_is_served_the_schemas_its_types_mention_and_no_others() -> None:
    served = {schema.id for schema in catalogue_of(USERS).schemas}
    everywhere = {uri for uri in DISCOVERY if ":extension:" not in uri}
    assert {*everywhere, USER_URN} <= served
    assert not [uri for uri in served if uri.endswith(":Group")]


def test_tenants_without_additions_share_one_catalogue() -> None:
    assert catalogue_of(Profile()) is catalogue_of(Profile(), NO_ADDITIONS) is shipped_catalogue()


def test_types_of_a_tenant_are_served_beside_those_of_the_profile() -> None:
    made = catalogue_of(Profile(), definitions_of(DOCUMENT).additions())
    names = {each.name for each in made.resource_types}
    assert names >= {"User", "Group", "Device", "DeviceGroup"}
    assert made.schema(DEVICE) is not None
    device = made.resource_type("Device")
    assert device is not None
    assert device.description == "Device of Acme"


def test_a_schema_of_a_tenant_is_served_also_before_a_type_has_it() -> None:
    made = catalogue_of(USERS, Definitions(schemas=(ROBOT,)).additions())
    assert made.schema("urn:x:Robot") is not None


@pytest.mark.parametrize(
    "own",
    [
        pytest.param({"name": "User", "endpoint": "/People"}, id="by name"),
        pytest.param({"name": "Person", "endpoint": "/USERS"}, id="by endpoint"),
    ],
)
def test_a_tenants_type_takes_the_place_of_the_profiles(own: dict[str, str]) -> None:
    additions = Definitions(
        schemas=(ROBOT,), resource_types=({**own, "schema": "urn:x:Robot"},)
    ).additions()
    (only,) = catalogue_of(USERS, additions).resource_types
    assert (only.name, only.schema.id) == (own["name"], "urn:x:Robot")


def test_a_tenant_says_what_a_variable_stands_for_before_the_profile_does() -> None:
    profile = Profile(variables={"company": "Everybody"})
    for own, told in (({}, "Everybody"), ({"company": "Acme"}, "Acme")):
        additions = definitions_of(document(variables=own)).additions()
        device = catalogue_of(profile, additions).resource_type("Device")
        assert device is not None
        assert device.description == f"Device of {told}"


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (document(variables={}), "resourceTypes[0] Device: nothing says what ${company}"),
        ({"schemas": [ROBOT, ROBOT]}, "schemas[1] urn:x:Robot: id: urn:x:Robot is defined more"),
    ],
)
def test_contradictory_definitions_are_an_error(own: dict[str, object], told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        catalogue_of(Profile(), definitions_of(own).additions())
    assert told in str(refused.value)


def test_a_type_that_is_not_in_the_package_is_an_error() -> None:
    with pytest.raises(DefinitionError, match="there is no such document"):
        catalogue_of(Profile(resource_types=("Nothing",)))


@pytest.mark.parametrize("extensions", [None, True, 1, {"a": 1}], ids=str)
def test_extensions_that_are_no_list_are_refused(extensions: object) -> None:
    own = deepcopy(DOCUMENT)
    own["resourceTypes"][0]["schemaExtensions"] = extensions
    with pytest.raises(DefinitionError, match="schemaExtensions: expected an array"):
        catalogue_of(Profile(), definitions_of(own).additions())
