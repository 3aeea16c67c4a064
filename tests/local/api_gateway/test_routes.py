"""Routes are chosen as API Gateway chooses them."""

import json

import pytest


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        pytest.param("/things", "/things", None, id="literal"),
        pytest.param("/things/", "/{proxy+}", {"proxy": "things/"}, id="trailing slash"),
        pytest.param("/things/1", "/things/{id}", {"id": "1"}, id="parameter"),
        pytest.param("/things/.search", "/things/.search", None, id="literal before parameter"),
        pytest.param("/things/1/", "/{proxy+}", {"proxy": "things/1/"}, id="one too many"),
        pytest.param("/things/1/parts/2", "/things/{id}/parts/{part}", {"id": "1", "part": "2"}, id="two"),
        pytest.param("/things/1/other/2", "/{proxy+}", {"proxy": "things/1/other/2"}, id="unknown below"),
        pytest.param("/THINGS", "/{proxy+}", {"proxy": "THINGS"}, id="case matters"),
    ],
)  # fmt: skip
def test_the_most_specific_resource_is_chosen(gateway, path, resource, parameters):
    status, _, body = gateway.handle("GET", path, {"Authorization": "Bearer all"})
    assert status == 200
    event = json.loads(body)["event"]
    assert (event["resource"], event["pathParameters"]) == (resource, parameters)


@pytest.mark.parametrize(
    ("method", "path", "headers", "kind"),
    [
        pytest.param("PUT", "/things", {}, "MissingAuthenticationToken", id="not its method"),
        pytest.param("PUT", "/things", {"Authorization": "x"}, "IncompleteSignature", id="signed"),
        pytest.param("TRACE", "/open", {}, "MissingAuthenticationToken", id="no such method"),
        pytest.param("GET", "/", {}, "MissingAuthenticationToken", id="no such path"),
    ],
)
def test_a_method_that_is_not_routed_does_not_fall_back(gateway, method, path, headers, kind):
    status, answered, body = gateway.handle(method, path, headers)
    assert status == 403
    assert dict(answered)["x-amzn-ErrorType"] == f"{kind}Exception"
    assert json.loads(body).keys() == {"default"}
