"""`/Definitions` over HTTP: methods, entity tags and paths."""

from typing import Any

import pytest

from scim.errors import InvalidSyntax, MethodNotAllowed, NotFound, PayloadTooLarge
from scim.http.endpoints.definitions import collection, item, read_only_collection
from scim.http.message.response import Reply
from scim.service.definitions import DefinitionService
from tests.fakes.client import request
from tests.fakes.definition_store import definition_service
from tests.fakes.devices import document
from tests.fakes.endpoint import BASE, TENANT


@pytest.fixture(name="ours")
def _ours() -> DefinitionService:
    made = definition_service()
    _put(made, document())
    return made


def _put(ours: DefinitionService, body: Any, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return collection(ours, request("PUT", None, named, body))


def test_a_tenant_has_no_definitions_at_first() -> None:
    reply = collection(definition_service(), request("GET"))
    assert (reply.status, reply.headers) == (200, {"ETag": 'W/"0"'})
    assert reply.body == {
        "variables": {},
        "schemas": [],
        "resourceTypes": [],
        "version": 0,
        "meta": {
            "resourceType": "Definitions",
            "location": f"{BASE}/Definitions",
            "version": 'W/"0"',
        },
    }


def test_put_definitions_are_answered_and_shown(ours: DefinitionService) -> None:
    reply = _put(ours, document(variables={"company": "Other"}), if_match='W/"1"')
    assert (reply.status, reply.headers) == (200, {"ETag": 'W/"2"'})
    assert collection(ours, request("GET")) == reply
    assert read_only_collection(ours.definition_store, request("GET")) == reply
    assert ours.definition_store.current(TENANT).author == request("PUT").principal.token_id


def test_older_versions_have_places_of_their_own(ours: DefinitionService) -> None:
    _put(ours, document(variables={"company": "Other"}))
    reply = item(ours.definition_store, request("GET"), "1")
    assert (reply.status, reply.headers["ETag"]) == (200, 'W/"1"')
    assert reply.body is not None
    assert reply.body["variables"] == {"company": "Acme"}
    with pytest.raises(NotFound):
        item(ours.definition_store, request("GET"), "3")


def test_a_reader_with_the_current_version_gets_304(ours: DefinitionService) -> None:
    same = request("GET", None, {"if-none-match": 'W/"1"'})
    assert read_only_collection(ours.definition_store, same) == Reply(304, None, {"ETag": 'W/"1"'})
    assert item(ours.definition_store, same, "1").status == 304


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_other_methods_are_refused(ours: DefinitionService, method: str) -> None:
    with pytest.raises(MethodNotAllowed) as refused:
        collection(ours, request(method))
    assert refused.value.allowed == ("GET", "PUT")
    with pytest.raises(MethodNotAllowed) as refused:
        item(ours.definition_store, request(method), "1")
    assert refused.value.allowed == ("GET",)


def test_a_read_only_path_names_the_path_for_writing(ours: DefinitionService) -> None:
    with pytest.raises(MethodNotAllowed, match="at /scim/v2/Definitions") as refused:
        read_only_collection(ours.definition_store, request("PUT", body=document()))
    assert refused.value.allowed == ("GET",)


def test_a_body_is_json_and_not_too_large() -> None:
    with pytest.raises(InvalidSyntax):
        _put(definition_service(), "[]")
    with pytest.raises(PayloadTooLarge):
        _put(definition_service(size=100), document())
