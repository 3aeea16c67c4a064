"""The OpenAPI document of the Admin API says what is served, and nothing else."""

import json
import re
from typing import Any

from scim.service.administration.openapi import administration_openapi
from scim.service.administration.operations import OPERATIONS

DOCUMENT: dict[str, Any] = administration_openapi()


def test_every_reference_leads_to_a_component() -> None:
    referred = re.findall(r"#/components/(\w+)/(\w+)", json.dumps(DOCUMENT))
    assert referred
    for kind, name in referred:
        assert name in DOCUMENT["components"][kind]


def test_every_operation_is_described_and_no_other() -> None:
    described = {
        (method.upper(), path, each["operationId"])
        for path, item in DOCUMENT["paths"].items()
        for method, each in item.items()
    }
    assert described == {(each.method, each.path, each.name) for each in OPERATIONS}


def test_every_argument_of_an_operation_is_in_its_path_query_or_body() -> None:
    for operation in OPERATIONS:
        item = DOCUMENT["paths"][operation.path][operation.method.lower()]
        body = item.get("requestBody", {}).get("content", {}).get("application/json", {})
        members = {each["name"] for each in item["parameters"]} | {
            *body.get("schema", {}).get("properties", {})
        }
        assert members == set(operation.request_model.model_fields), operation.name


def test_a_summary_is_a_sentence_that_names_no_exception() -> None:
    summaries = [each["summary"] for item in DOCUMENT["paths"].values() for each in item.values()]
    assert "Create a tenant." in summaries
    assert [each for each in summaries if "Raises" in each or not each.endswith(".")] == []
