"""The Postman collection is made from the document that is committed beside it."""

import json
from collections.abc import Iterator
from typing import Any

from local.tools.clients import COLLECTION, SOURCE, collection_of, digest

KEPT: dict[str, Any] = json.loads(COLLECTION.read_text("utf-8"))


def _requests(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "request" in node:
        yield node["request"]
    for each in node.get("item", ()):
        yield from _requests(each)


def test_the_collection_is_of_the_committed_document() -> None:
    assert digest(SOURCE.read_bytes()) in KEPT["info"]["description"], "make clients"


def test_the_collection_has_every_operation_of_the_document() -> None:
    described = {
        (method.upper(), path)
        for path, item in json.loads(SOURCE.read_text("utf-8"))["paths"].items()
        for method in item
        if method != "parameters"
    }
    found = {
        (each["method"], "/" + "/".join(each["url"]["path"]).replace(":id", "{id}"))
        for each in _requests(KEPT)
    }
    assert found == described


def test_requests_carry_the_token_of_make_run_and_nothing_that_is_not_needed() -> None:
    assert {each["key"]: each["value"] for each in KEPT["variable"]}["token"] == "local-demo-token"
    assert KEPT["auth"]["bearer"][0]["value"] == "{{token}}"
    for each in _requests(KEPT):
        assert "auth" not in each
        assert all(said["disabled"] for said in each["url"].get("query", ()))


def test_the_same_document_makes_the_same_collection() -> None:
    generated = {"info": {"name": "SCIM", "_postman_id": "random"}, "item": [{"id": "random"}]}
    made = collection_of(generated, b"{}")
    assert (made["info"]["name"], made["item"]) == ("SCIM", [{}])
    assert "random" not in json.dumps(made)
