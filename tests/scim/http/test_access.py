"""A request passes its own path, its rate and its permission, in that order."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from scim.errors import Forbidden, NotFound, TooManyRequests, Unauthorized
from scim.http.access import AccessCheck
from scim.http.message.request import Request
from scim.http.message.response import Reply
from scim.permission import UndeclaredRoute
from scim.principal import Principal
from tests.fakes.endpoint import BASE


@dataclass
class Rates:
    """Makes everybody wait so long; remembers who asked."""

    seconds: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)

    def wait(self, tenant: str, rate: int) -> int:
        self.asked.append((tenant, rate))
        return self.seconds


def _request(method: str = "GET", path_tenant: str | None = None, **principal: Any) -> Request:
    caller = Principal("acme", "t1", **{"scopes": frozenset({"users:view"}), **principal})
    return Request(method, {}, {}, b"", caller, BASE, path_tenant)


def _served(request: Request, **parameters: str) -> Reply:
    return Reply(200, {"served": True, **parameters})


@pytest.mark.parametrize("path_tenant", [None, "acme"])
def test_a_permitted_request_is_served_with_its_parameters(path_tenant: str | None) -> None:
    call = AccessCheck().guarded("/Users/<id_>", _served)
    assert call(_request(path_tenant=path_tenant), id_="7").body == {"served": True, "id_": "7"}


@pytest.mark.parametrize("path_tenant", ["other", "ACME", "acme/x", ""])
def test_a_path_of_another_tenant_is_not_found(path_tenant: str) -> None:
    rates = Rates()
    with pytest.raises(NotFound, match=r"There is nothing at this path\."):
        AccessCheck(rates, 25).guarded("/Users/<id_>", _served)(_request(path_tenant=path_tenant))
    assert rates.asked == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_refusal_names_the_missing_permission(method: str) -> None:
    with pytest.raises(Forbidden, match=r"do not have the permission users:(update|delete)\."):
        AccessCheck().guarded("/Users/<id_>", _served)(_request(method))


def test_a_method_that_needs_no_permission_is_the_routes_to_refuse() -> None:
    assert AccessCheck().guarded("/Users/<id_>", _served)(_request("POST")).status == 200


def test_a_route_that_is_not_in_the_table_is_not_built() -> None:
    with pytest.raises(UndeclaredRoute):
        AccessCheck().guarded("/Secret/<a>/<b>", _served)


@pytest.mark.parametrize(
    ("gate_rate", "own_rate", "asked"),
    [
        (100, None, [("acme", 100)]),
        (100, 40, [("acme", 40)]),
        (0, 40, [("acme", 40)]),
        (0, None, []),
    ],
    ids=["the deployment's", "its own", "its own only", "none"],
)
def test_a_tenant_is_counted_by_its_limit(
    gate_rate: int, own_rate: int | None, asked: list[tuple[str, int]]
) -> None:
    rates = Rates()
    AccessCheck(rates, gate_rate).guarded("/Users/<id_>", _served)(_request(rate=own_rate))
    assert rates.asked == asked


def test_a_tenant_over_its_rate_is_told_how_long_to_wait() -> None:
    with pytest.raises(TooManyRequests, match="Up to 25 requests a second") as refused:
        AccessCheck(Rates(7), 25).guarded("/Users/<id_>", _served)(_request())
    assert refused.value.headers() == {"Retry-After": "7"}


def test_a_refused_request_counts_too() -> None:
    rates = Rates()
    with pytest.raises(Forbidden):
        AccessCheck(rates, 25).guarded("/Users", _served)(_request())
    assert rates.asked == [("acme", 25)]


def test_a_refusal_says_the_permission_in_the_profiles_words() -> None:
    call = AccessCheck().guarded("/Groups", _served)
    with pytest.raises(Forbidden, match=r"/permission/admin/manage/identity/rolemgt/view\."):
        call(_request(profile="wso2"))
    with pytest.raises(Forbidden, match=r"groups:list\."):
        call(_request(profile="one that is no more"))


def test_without_a_token_only_open_methods_are_served() -> None:
    open_to_all = AccessCheck().guarded("/ServiceProviderConfig", _served)
    nobody = replace(_request(), principal=Principal("", "", scopes=frozenset()))
    assert open_to_all(nobody).status == 200
    with pytest.raises(Unauthorized):
        open_to_all(replace(nobody, method="POST"))
    with pytest.raises(Unauthorized):
        AccessCheck().guarded("/Users/<id_>", _served)(nobody, id_="7")
