"""Each tenant is served what its profile has."""

import pytest

from scim.errors import MethodNotAllowed
from scim.http.message.request import Route
from scim.http.message.response import Reply
from scim.http.tenant_api import TenantApi, TenantKey, routes_served, tenant_apis
from scim.profile import Profile
from scim.profile.documents import profile_in
from scim.profile.shipped import UnknownProfile
from scim.schema.catalogue import Catalogue
from scim.schema.loading import Additions, tenant_catalogues
from tests.fakes.client import request

OWN = Additions(
    schemas={"robot": '{"id": "urn:x:Robot", "name": "Robot", "attributes": [{"name": "model"}]}'},
    resource_types={"r": '{"name": "Robot", "endpoint": "/Robots", "schema": "urn:x:Robot"}'},
)


def _routes(profile: Profile, catalogue: Catalogue) -> dict[str, Route]:
    return {each.endpoint: lambda _: Reply(204) for each in catalogue.resource_types}


def _limits(**routing: object) -> dict[str, Route]:
    profile = profile_in({"routing": routing})
    rules = ("/Users", "/Users/<id_>", "/Bulk", "/Groups")
    return routes_served(profile, {rule: lambda _, **__: Reply(204) for rule in rules})


def test_tenants_of_one_profile_share_a_face() -> None:
    asked = tenant_apis(_routes)
    assert asked(TenantKey("acme", "okta")) is asked(TenantKey("other", "okta"))
    assert asked(TenantKey("acme", "okta")).profile.name == "okta"
    assert asked(TenantKey("acme", "")).profile.name == "default"


def test_a_tenant_with_definitions_of_its_own_has_a_face_of_its_own() -> None:
    asked = tenant_apis(_routes, tenant_catalogues(lambda tenant, _: {"acme": OWN}[tenant]))
    own = asked(TenantKey("acme", "", "1"))
    assert "/Robots" in own.routes
    assert asked(TenantKey("acme", "", "1")) is own
    assert asked(TenantKey("acme", "", "2")) is not own
    assert "/Robots" not in asked(TenantKey("other", "")).routes


def test_an_unknown_profile_is_an_error() -> None:
    with pytest.raises(UnknownProfile):
        tenant_apis(_routes)(TenantKey("acme", "nobody"))


def test_the_authorizer_names_the_tenant_profile_and_definitions() -> None:
    said = {"tenant": "acme", "profile": "okta", "definitions": "3"}
    assert TenantKey.of({"requestContext": {"authorizer": said}}) == TenantKey("acme", "okta", "3")
    assert TenantKey.of({}) == TenantKey("", "")


@pytest.mark.parametrize(
    ("path", "profile"),
    [("quiet/v2/users", "forsta"), ("quietly/v2/users", ""), ("scim/v2/quiet", ""), ("", "")],
)
def test_an_anonymous_request_has_a_profile_only_at_the_path_that_was_authorized(
    path: str, profile: str
) -> None:
    nobody = {"nobodyAt": "quiet", "profile": "forsta", "definitions": "3"}
    event = {"requestContext": {"authorizer": nobody}, "pathParameters": {"proxy": path}}
    assert TenantKey.of(event) == TenantKey("", profile)


def test_a_profile_can_be_without_endpoints() -> None:
    assert list(_limits(without=["/Bulk", "/Users"])) == ["/Groups"]


@pytest.mark.parametrize(
    ("rule", "method", "is_served"),
    [
        ("/Users", "GET", True),
        ("/Users", "POST", False),
        ("/Users/<id_>", "PUT", False),
        ("/Groups", "POST", True),
        ("/Groups", "PUT", False),
    ],
)
def test_a_profile_can_limit_methods(rule: str, method: str, is_served: bool) -> None:
    route = _limits(methods={"/Users": ["GET"], "*": ["GET", "POST"]})[rule]
    if is_served:
        assert route(request(method)).status == 204
        return
    with pytest.raises(MethodNotAllowed):
        route(request(method))


@pytest.mark.parametrize(
    ("rule", "allowed"), [("/Users", ("GET", "POST")), ("/Users/<id_>", ("GET", "PATCH"))]
)
def test_a_refusal_allows_what_the_path_has_at_all(rule: str, allowed: tuple[str, ...]) -> None:
    route = _limits(methods={"*": ["GET", "POST", "PATCH"]})[rule]
    with pytest.raises(MethodNotAllowed) as refusal:
        route(request("PUT"))
    assert refusal.value.allowed == allowed


def test_a_face_is_itself_and_no_other() -> None:
    assert TenantApi(Profile(), {}) != TenantApi(Profile(), {})
