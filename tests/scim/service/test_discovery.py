"""Discovery describes the catalogue's types and schemas and the features switched on."""

import pytest

from scim.errors import NotFound
from scim.profile.shipped import shipped
from scim.schema.loading import catalogue_of, shipped_catalogue
from scim.service.discovery import Discovery
from scim.service.endpoint import Bounds
from tests.fakes.endpoint import BASE, ENTERPRISE_URN, GROUP_URN, USER_URN

META_URNS = {
    "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
    "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
    "urn:ietf:params:scim:schemas:core:2.0:Schema",
    "urn:serverless-scim:params:scim:schemas:core:1.0:Job",
}
DISCOVERY = Discovery(
    shipped_catalogue(), Bounds(max_page_size=77, bulk_operations=7, bulk_payload_bytes=4096)
)


def test_the_configuration_lists_exactly_the_features_switched_on() -> None:
    config = DISCOVERY.config(BASE)
    assert {
        name: config[name]["supported"]  # type: ignore[index]
        for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag")
    } == {
        "patch": True,
        "bulk": True,
        "filter": True,
        "changePassword": False,
        "sort": True,
        "etag": True,
    }
    assert config["filter"] == {"supported": True, "maxResults": 77}
    assert config["bulk"] == {"supported": True, "maxOperations": 7, "maxPayloadSize": 4096}
    assert config["meta"] == {
        "resourceType": "ServiceProviderConfig",
        "location": "https://scim.example/scim/v2/ServiceProviderConfig",
    }


def test_a_tenant_can_hide_the_pagination_that_older_clients_do_not_know() -> None:
    """BaseScimResource of the UnboundID SDK before 5.0.0 throws at a member that it does not know."""
    shown = Discovery(shipped_catalogue(), Bounds(), shipped("okta")).config(BASE)
    hidden = Discovery(shipped_catalogue(), Bounds(), shipped("okta+hidesPagination")).config(BASE)
    assert shown.pop("pagination")
    assert hidden == shown


@pytest.mark.parametrize(
    ("profile", "is_told"), [("interop-strict", True), ("rfc", False), ("nevisidm", False)]
)
def test_requests_that_prefer_to_be_jobs_are_announced_where_they_are_served(
    profile: str, is_told: bool
) -> None:
    told = Discovery(shipped_catalogue(), Bounds(feed_days=7), shipped(profile)).config(BASE)
    events = told.get("securityEvents")
    assert (isinstance(events, dict) and events["asyncRequest"] == "request") is is_told


def test_requests_that_no_event_completes_are_not_announced() -> None:
    told = Discovery(shipped_catalogue(), Bounds(), shipped("interop-strict")).config(BASE)
    assert "securityEvents" not in told


CONFORMANCE = (
    "urn:serverless-scim:params:scim:schemas:extension:conformance:1.0:ServiceProviderConfig"
)


@pytest.mark.parametrize(
    ("profile", "bounds", "ways", "rate", "interop", "level"),
    [
        pytest.param("rfc", Bounds(), (), None, None, None, id="not tried"),
        pytest.param("interop-strict", Bounds(), (), None, True, None, id="tried"),
        pytest.param(
            "interop-strict+groupMembers",
            Bounds(),
            (),
            None,
            None,
            None,
            id="tried without options",
        ),
        pytest.param(
            "interop-strict", Bounds(max_page_size=99), (), None, False, None, id="smaller pages"
        ),
        pytest.param("ipsie", Bounds(), ("bearer", "client"), None, True, "AL2", id="levels"),
        pytest.param("ipsie", Bounds(), ("bearer",), None, True, None, id="no token endpoint"),
        pytest.param(
            "ipsie", Bounds(rate=100), ("bearer", "client"), 24, True, None, id="a slow tenant"
        ),
        pytest.param(
            "ipsie", Bounds(rate=24), ("bearer", "client"), None, True, None, id="all tenants slow"
        ),
        pytest.param(
            "ipsie", Bounds(rate=24), ("bearer", "client"), 25, True, "AL2", id="a fast tenant"
        ),
    ],
)
def test_conformance_is_told_where_it_was_found_and_nothing_is_less(
    profile: str,
    bounds: Bounds,
    ways: tuple[str, ...],
    rate: int | None,
    interop: bool | None,
    level: str | None,
) -> None:
    chosen = shipped(profile)
    discovery = Discovery(catalogue_of(chosen), bounds, chosen)
    told = discovery.config(BASE, ways, rate)
    assert told.get("interopProfileConformant") is interop
    extension = told.get(CONFORMANCE, {})
    assert isinstance(extension, dict)
    assert extension.get("ipsieLevel") == level
    assert (CONFORMANCE in told["schemas"]) is bool(extension)  # type: ignore[operator]
    for urn in told["schemas"]:  # type: ignore[attr-defined]
        assert discovery.schema(BASE, urn)["id"] == urn


def test_the_configuration_has_every_attribute_its_schema_requires() -> None:
    schema = shipped_catalogue().schema(
        "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
    )
    assert schema is not None
    config = DISCOVERY.config(BASE)
    assert {each.name for each in schema.attributes if each.required} <= set(config)
    for attribute in schema.attributes:
        values = config.get(attribute.name, ())
        for value in values if isinstance(values, list) else [values]:
            if attribute.is_complex and value:
                required = {sub.name for sub in attribute.sub_attributes if sub.required}
                assert required <= set(value), attribute.name


def test_every_resource_type_of_the_catalogue_is_listed() -> None:
    listed = DISCOVERY.resource_types(BASE)
    assert (listed[0]["name"], listed[0]["description"]) == ("User", "User Account")
    assert {each["name"]: each["endpoint"] for each in listed} == {
        "User": "/Users",
        "Group": "/Groups",
        "GroupMember": "/GroupMembers",
    }


def test_a_resource_type_is_shown_without_what_only_the_store_needs() -> None:
    assert DISCOVERY.resource_type(BASE, "User") == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "description": "User Account",
        "schema": USER_URN,
        "schemaExtensions": [{"schema": ENTERPRISE_URN, "required": False}],
        "meta": {
            "resourceType": "ResourceType",
            "location": "https://scim.example/scim/v2/ResourceTypes/User",
        },
    }


def test_every_schema_of_the_catalogue_is_listed() -> None:
    listed = DISCOVERY.schemas(BASE)
    assert {each["id"] for each in listed} == {
        USER_URN,
        GROUP_URN,
        ENTERPRISE_URN,
        "urn:ietf:params:scim:schemas:core:2.0:GroupMember",
        "urn:ietf:params:scim:schemas:extension:groupMembers:2.0:Group",
    } | META_URNS
    assert listed == [DISCOVERY.schema(BASE, str(each["id"])) for each in listed]


def test_every_schema_a_resource_type_names_is_served() -> None:
    for resource_type in DISCOVERY.resource_types(BASE):
        extensions = resource_type["schemaExtensions"]
        assert isinstance(extensions, list)
        for urn in (resource_type["schema"], *(each["schema"] for each in extensions)):
            assert DISCOVERY.schema(BASE, str(urn))["id"] == urn


def test_the_schema_says_that_the_password_is_never_returned() -> None:
    attributes = DISCOVERY.schema(BASE, USER_URN)["attributes"]
    assert isinstance(attributes, list)
    (password,) = (each for each in attributes if each["name"] == "password")
    assert (password["mutability"], password["returned"]) == ("writeOnly", "never")


def test_a_schema_is_found_in_any_case_and_located_where_it_is() -> None:
    schema = DISCOVERY.schema(BASE, USER_URN.upper())
    assert schema["meta"] == {
        "resourceType": "Schema",
        "location": f"https://scim.example/scim/v2/Schemas/{USER_URN}",
    }


@pytest.mark.parametrize("name", ["user", "Users", "Robot", ""])
def test_an_unknown_resource_type_is_not_found(name: str) -> None:
    with pytest.raises(NotFound):
        DISCOVERY.resource_type(BASE, name)


@pytest.mark.parametrize("urn", ["urn:x", "User", ""])
def test_an_unknown_schema_is_not_found(urn: str) -> None:
    with pytest.raises(NotFound):
        DISCOVERY.schema(BASE, urn)
