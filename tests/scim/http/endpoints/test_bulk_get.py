"""GET as an operation of `/Bulk`."""

from dataclasses import replace
from typing import Any

import pytest

from scim.errors import Forbidden, InvalidFilter, MethodNotAllowed, NotFound
from scim.http.endpoints.bulk import bulk_get
from scim.principal import Principal
from scim.service.bulk.request import BulkOperation, Rules, operation_of
from scim.service.bulk.response import Outcome
from tests.fakes.client import deployment_of, request
from tests.fakes.endpoint import TENANT, FakeDeployment

GET = Rules(("GET",))
DEPLOYMENT = FakeDeployment()
ANNA = DEPLOYMENT.user("anna", title="Dr.")
BERT = DEPLOYMENT.user("bert")


def _operation(path: str) -> BulkOperation:
    operation = operation_of(0, {"method": "get", "path": path}, rules=GET)
    assert operation.fault is None
    return operation


def _looked(path: str, type_name: str = "User", *scopes: str) -> Outcome:
    asked = request("POST")
    if scopes:
        asked = replace(asked, principal=Principal(TENANT, "t", frozenset(scopes)))
    return bulk_get(
        deployment_of(DEPLOYMENT), asked, DEPLOYMENT.endpoint(type_name), _operation(path)
    )


def _shown(outcome: Outcome) -> Any:
    assert outcome.error is None
    return outcome.json()["response"]


def test_a_resource_is_shown_where_it_is() -> None:
    outcome = _looked(f"/Users/{ANNA}")
    assert (outcome.status, outcome.version) == (200, 'W/"1"')
    assert outcome.location == _shown(outcome)["meta"]["location"]
    assert _shown(outcome)["userName"] == "anna"


def test_a_path_may_name_attributes() -> None:
    shown = _shown(_looked(f"/Users/{ANNA}?attributes=title&x"))
    assert set(shown) == {"schemas", "id", "title"}


def test_a_path_without_an_id_lists() -> None:
    shown = _shown(_looked('/Users?filter=userName eq "bert"&Count=1'))
    assert (shown["totalResults"], shown["Resources"][0]["id"]) == (1, BERT)


def test_a_list_needs_the_permission_to_list() -> None:
    assert _looked("/Users", "User", "users:list").status == 200
    with pytest.raises(Forbidden):
        _looked("/Users", "User", "users:view")


@pytest.mark.parametrize(
    ("path", "type_name", "error"),
    [
        ("/Users/nobody", "User", NotFound),
        ("/Users?filter=nonsense", "User", InvalidFilter),
        ("/GroupMembers/x", "GroupMember", MethodNotAllowed),
    ],
)
def test_an_impossible_get_is_refused(path: str, type_name: str, error: type) -> None:
    with pytest.raises(error):
        _looked(path, type_name)
