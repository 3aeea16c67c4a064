"""Names that a tenant may not define."""

from typing import Any

import pytest

from scim.filter.parsing.tokens import FIXED_WORDS, OPERATORS
from scim.profile import Profile
from scim.schema.loading import catalogue_of
from scim.schema.reserved_names import (
    require_filterable,
    require_free,
    require_new,
    require_storable,
)
from scim.schema.schema import DefinitionError
from scim.schema.tenant_definitions import definitions_of
from tests.fakes.devices import DEVICE, DOCUMENT, STORAGE, changed
from tests.fakes.endpoint import USER_URN

PROFILE = Profile()
LONG = "x" * 300


def _catalogue(document: dict[str, Any]) -> Any:
    return catalogue_of(PROFILE, definitions_of(document).additions())


def test_the_device_definitions_take_no_reserved_name() -> None:
    require_free(definitions_of(DOCUMENT))
    require_storable(_catalogue(DOCUMENT))
    require_new(definitions_of(DOCUMENT), catalogue_of(PROFILE))


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("resourceTypes.0.endpoint", "/Me", "endpoint: this path is the service's own"),
        ("resourceTypes.0.endpoint", "/bulk", "endpoint: this path is the service's own"),
        ("resourceTypes.0.endpoint", "/Schemas", "endpoint: this path is the service's own"),
        ("resourceTypes.0.endpoint", "/Definitions", "endpoint: this path is the service's own"),
        ("resourceTypes.0.endpoint", "/GroupMembers", "endpoint: this path is the service's own"),
        ("resourceTypes.0.endpoint", "/.search", "endpoint: expected a slash"),
        ("resourceTypes.0.endpoint", "/..", "endpoint: expected a slash"),
        ("resourceTypes.0.endpoint", "/a/b", "endpoint: expected a slash"),
        ("resourceTypes.0.endpoint", None, "endpoint: expected a slash"),
        ("resourceTypes.0.name", "device", "name: expected a capital letter"),
        ("resourceTypes.0.name", f"D{LONG}", "name: expected a capital letter"),
        ("resourceTypes.0.name", "ResourceType", "name: this type is the service's own"),
        (
            "schemas.0.id",
            "urn:ietf:params:scim:schemas:core:2.0:Schema",
            "id: this URI is the service's own",
        ),
        ("schemas.0.id", STORAGE, "id: this URI is the service's own"),
        (
            "schemas.0.id",
            "urn:ietf:params:scim:api:messages:2.0:Error",
            "id: this URI is the service's own",
        ),
        ("schemas.0.id", "urn:a#b", "id: expected a URI"),
        ("schemas.0.attributes.0.name", "id", "id is common to all resources"),
        ("schemas.0.attributes.0.name", "ExternalId", "ExternalId is common to all resources"),
        ("schemas.0.attributes.0.name", "meta", "meta is common to all resources"),
        ("schemas.0.attributes.0.name", "$ref", "$ref is a part of a value"),
        ("schemas.0.attributes.0.name", "Password", "Password could be read; expected"),
        ("schemas.0.id", f"urn:{LONG}", "id: expected a URI"),
    ],
)
def test_names_of_the_service_are_not_free(path: str, value: Any, told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        require_free(definitions_of(changed((path, value))))
    member, index, *_ = path.split(".")
    assert str(refused.value).startswith(f"{member}[{index}]")
    assert told in str(refused.value)


@pytest.mark.parametrize("word", [*filter(str.isalpha, FIXED_WORDS), *OPERATORS])
def test_a_word_of_filters_is_refused_as_a_new_name(word: str) -> None:
    attribute = definitions_of(changed(("schemas.0.attributes.0.name", word.upper())))
    parts = [{"name": word, "type": "string"}]
    part = definitions_of(changed(("schemas.0.attributes.0.subAttributes", parts)))
    for definitions in (attribute, part):
        with pytest.raises(DefinitionError, match=rf"^schemas\[0\].*: {word} is a word of filters"):
            require_filterable(definitions, definitions_of(DOCUMENT))
        require_filterable(definitions, definitions)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            [("schemas.1.id", USER_URN)],
            f"schemas[1] {USER_URN}: id: the profile has this schema",
            id="a schema",
        ),
        pytest.param(
            [("schemas.1.id", "${user}"), ("variables.user", USER_URN)],
            f"schemas[1] {USER_URN}: id: the profile has this schema",
            id="a schema behind a variable",
        ),
        pytest.param(
            [("resourceTypes.0.name", "USER")],
            "resourceTypes[0] USER: name: the profile has this type",
            id="a name, in another case",
        ),
        pytest.param(
            [("resourceTypes.0.endpoint", "/users")],
            "resourceTypes[0] Device: endpoint: a type of the profile is served there",
            id="an endpoint, in another case",
        ),
    ],
)
def test_names_of_the_profile_cannot_be_defined_again(
    changes: list[tuple[str, Any]], told: str
) -> None:
    own = definitions_of(changed(*changes)).resolved({})
    with pytest.raises(DefinitionError) as refused:
        require_new(own, catalogue_of(PROFILE))
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("attribute", "storage", "told"),
    [
        pytest.param(
            {"name": f"n{LONG}"},
            {"indexes": [{"attribute": f"n{LONG}"}]},
            "expected up to 256 visible ASCII characters",
            id="an index no key can name",
        ),
        pytest.param(
            {"name": "id", "type": "string", "multiValued": True},
            {},
            f"{DEVICE}: id: expected the type and number of values of RFC 7643",
            id="ids that are several",
        ),
    ],
)
def test_a_definition_that_cannot_be_stored_is_refused(
    attribute: dict[str, Any], storage: dict[str, Any], told: str
) -> None:
    document = changed(("schemas.0.attributes.0", attribute))
    document["resourceTypes"][0][STORAGE] = storage
    with pytest.raises(DefinitionError) as refused:
        require_storable(_catalogue(document))
    assert told in str(refused.value)
