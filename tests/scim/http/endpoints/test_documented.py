"""Discovery documents of vendors are answered as they are."""

import json
from importlib.resources import files

import pytest

from scim.errors import Forbidden, MethodNotAllowed, NotFound
from scim.http.endpoints.discovery import documented_routes
from scim.permission import Permissions
from tests.fakes.client import request

DOCUMENTS = [
    each.name.removesuffix(".json")
    for each in (files("scim") / "definitions" / "discovery").iterdir()
]
ROUTES = documented_routes("forsta")
TEXT = (files("scim") / "definitions" / "discovery" / "forsta.json").read_text("utf-8")
WHOLE = json.loads(TEXT)


@pytest.mark.parametrize("path", WHOLE)
def test_a_path_answers_its_part_of_the_document(path: str) -> None:
    text = ROUTES[path](request("GET")).text
    assert text == json.dumps(WHOLE[path], ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize(
    ("rule", "name", "id_"),
    [
        ("/ResourceTypes/<name>", "user", "User"),
        (
            "/Schemas/<name>",
            "urn:ietf:params:scim:schemas:core:2.0:group",
            "urn:ietf:params:scim:schemas:core:2.0:Group",
        ),
    ],
)
def test_a_listed_document_can_be_read_by_id(rule: str, name: str, id_: str) -> None:
    assert json.loads(ROUTES[rule](request("GET"), name=name).text)["id"] == id_


def test_an_unlisted_document_is_not_found() -> None:
    with pytest.raises(NotFound):
        ROUTES["/Schemas/<name>"](request("GET"), name="urn:nothing")
    assert "/ServiceProviderConfig/<name>" not in ROUTES


def test_discovery_takes_get_and_no_filter() -> None:
    with pytest.raises(MethodNotAllowed):
        ROUTES["/Schemas"](request("POST"))
    with pytest.raises(Forbidden):
        ROUTES["/Schemas"](request("GET", query={"filter": "id pr"}))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_of_every_document_has_a_permission(name: str) -> None:
    for rule in documented_routes(name):
        assert Permissions.shipped().needed(rule) == {"GET": "discovery"}
