"""Discovery answers GET alone, and takes no filter."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from scim.errors import Forbidden, InvalidValue, MethodNotAllowed, NotFound
from scim.http.endpoints import discovery as discover
from scim.http.message.request import Request
from scim.http.message.response import Reply
from scim.profile import Profile
from scim.profile.parts import PagingRules
from scim.profile.shipped import shipped
from scim.resource.history.feed import Feed
from scim.schema.loading import catalogue_of, shipped_catalogue
from scim.service.discovery import Discovery
from scim.service.endpoint import Bounds
from tests.fakes.client import request, served, usual_feed
from tests.fakes.endpoint import BASE, USER_URN, FakeDeployment

DISCOVERY = Discovery(shipped_catalogue(), Bounds())
Served = Callable[[Request], Reply]
EVERY = [
    pytest.param(partial(discover.config, DISCOVERY, usual_feed), id="ServiceProviderConfig"),
    pytest.param(partial(discover.schemas, DISCOVERY), id="Schemas"),
    pytest.param(partial(discover.schema, DISCOVERY, uri=USER_URN), id="Schema"),
    pytest.param(partial(discover.resource_types, DISCOVERY), id="ResourceTypes"),
    pytest.param(partial(discover.resource_type, DISCOVERY, name="User"), id="ResourceType"),
]


@pytest.mark.parametrize("route", EVERY)
def test_get_is_served(route: Served) -> None:
    assert route(request("GET")).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("route", EVERY)
def test_any_method_but_get_is_refused(route: Served, method: str) -> None:
    with pytest.raises(MethodNotAllowed) as refused:
        route(request(method))
    assert refused.value.headers() == {"Allow": "GET"}


@pytest.mark.parametrize("route", EVERY)
def test_a_filter_is_forbidden(route: Served) -> None:
    with pytest.raises(Forbidden):
        route(request("GET", {"filter": 'id eq "x"'}))


@pytest.mark.parametrize("name", ["startindex", "count", "attributes", "sortby"])
def test_other_parameters_are_ignored(name: str) -> None:
    reply = discover.schemas(DISCOVERY, request("GET", {name: "2"}))
    assert reply == discover.schemas(DISCOVERY, request("GET"))


def test_lists_are_list_responses_with_all_in_them() -> None:
    body = discover.resource_types(DISCOVERY, request("GET")).body
    assert body is not None
    assert {name: body[name] for name in ("totalResults", "itemsPerPage", "startIndex")} == {
        "totalResults": 3,
        "itemsPerPage": 3,
        "startIndex": 1,
    }
    assert body["Resources"] == DISCOVERY.resource_types(BASE)


def test_an_unknown_schema_or_type_is_not_found() -> None:
    with pytest.raises(NotFound):
        discover.schema(DISCOVERY, request("GET"), "urn:x")
    with pytest.raises(NotFound):
        discover.resource_type(DISCOVERY, request("GET"), "Robot")


def test_every_location_that_discovery_gives_can_be_followed() -> None:
    client = served(FakeDeployment())
    for target in ("/Schemas", "/ResourceTypes"):
        for resource in client("GET", target).body["Resources"]:
            location = resource["meta"]["location"].removeprefix(BASE)
            assert client("GET", location).body == resource


PAGED = Discovery.under(
    Profile(paging=PagingRules(paged_discovery=True, default_size=2, most=3)),
    shipped_catalogue(),
    Bounds(),
)
EVERY_SCHEMA = [each["id"] for each in PAGED.schemas(BASE)]


@pytest.mark.parametrize(
    ("query", "start", "ids"),
    [
        ({}, 1, EVERY_SCHEMA[:2]),
        ({"count": "3"}, 1, EVERY_SCHEMA[:3]),
        ({"count": "100"}, 1, EVERY_SCHEMA[:3]),
        ({"count": "0"}, 1, []),
        ({"count": "-1"}, 1, []),
        ({"startindex": "3", "count": "1"}, 3, EVERY_SCHEMA[2:3]),
        ({"startindex": "0"}, 1, EVERY_SCHEMA[:2]),
        ({"startindex": "1000"}, 1000, []),
    ],
)
def test_a_profile_may_have_pages_of_discovery(
    query: dict[str, str], start: int, ids: list[str]
) -> None:
    body = discover.schemas(PAGED, request("GET", query)).body
    assert body is not None
    resources: Any = body["Resources"]
    assert [each["id"] for each in resources] == ids
    assert (body["totalResults"], body["itemsPerPage"]) == (len(EVERY_SCHEMA), len(ids))
    assert body["startIndex"] == start


def test_a_page_of_discovery_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidValue):
        discover.resource_types(PAGED, request("GET", {"count": "x"}))


@pytest.mark.parametrize(
    ("days", "feed", "told"),
    [
        (30, Feed(is_on=False), None),
        (30, Feed(days=7), 7 * 86400),
        (0, Feed(days=7), 7 * 86400),
        (30, None, 30 * 86400),
        (0, None, None),
    ],
    ids=["switched off", "shorter", "the tenant's alone", "the deployment's", "none"],
)
def test_the_feed_is_announced_that_the_tenant_has(
    days: int, feed: Feed | None, told: int | None
) -> None:
    profile = shipped("interop-strict")
    discovery = Discovery(catalogue_of(profile), Bounds(feed_days=days), profile)
    body = discover.config(discovery, lambda _tenant: feed, request("GET")).body
    assert body is not None
    delta, events = body.get("deltaQuery"), body.get("securityEvents")
    assert (events is not None) is (told is not None)
    assert (delta["deltaTokenExpiry"] if isinstance(delta, dict) else None) == told


def test_a_feed_that_is_not_announced_is_not_looked_up() -> None:
    def looked_up(_tenant: str) -> Feed:
        raise AssertionError

    assert discover.config(DISCOVERY, looked_up, request("GET")).status == 200


@pytest.mark.parametrize(("profile", "is_served"), [("rfc", True), ("forsta", False)])
def test_bulk_is_announced_where_it_is_served(profile: str, is_served: bool) -> None:
    chosen = shipped(profile)
    body = Discovery(catalogue_of(chosen), Bounds(), chosen).config(BASE)
    assert body["bulk"]["supported"] is is_served  # type: ignore[index]
