"""The Python client is made of a document in which every schema is written in full."""

import ast
import json
from pathlib import Path

from local.tools.python_client import SOURCE, TRIAL, spelt_out


def test_a_schema_that_is_another_and_more_is_written_in_full() -> None:
    document = {
        "components": {
            "schemas": {
                "User": {"type": "object", "properties": {"id": {"type": "string"}}},
                "UserToWrite": {
                    "allOf": [{"$ref": "#/components/schemas/User"}],
                    "required": ["schemas"],
                },
            }
        }
    }
    schemas = spelt_out(document)["components"]["schemas"]
    assert schemas["UserToWrite"] == {**schemas["User"], "required": ["schemas"]}
    assert "allOf" in document["components"]["schemas"]["UserToWrite"]


def test_the_expanded_document_has_no_allof_left() -> None:
    document = json.loads(SOURCE.read_text("utf-8"))
    plain = spelt_out(document)
    assert "allOf" in json.dumps(document["components"]["schemas"])
    assert "allOf" not in json.dumps(plain["components"]["schemas"])
    assert plain["paths"] == document["paths"]


def test_the_example_asks_operations_that_the_document_has() -> None:
    tree = ast.parse(Path(TRIAL).read_text("utf-8"))
    asked = {
        name.name.replace("_", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "scim_api.api.user"
        for name in node.names
    }
    document = json.loads(SOURCE.read_text("utf-8"))
    operations = {
        each["operationId"].lower()
        for methods in document["paths"].values()
        for each in methods.values()
        if "operationId" in each
    }
    assert asked
    assert asked <= operations
