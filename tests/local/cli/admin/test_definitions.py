"""A tenant's definitions from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.devices import DEVICE, document, without_attribute
from tests.local.cli.admin.conftest import document_file
from tests.local.cli.conftest import Operator

AT = ("--tenant", "acme")


def test_definitions_in_a_file_come_into_force(acme: Operator, tmp_path: Path) -> None:
    made = acme.json("definitions", "set", document_file(tmp_path, document()), *AT)
    assert (made["tenant"], made["version"], made["author"]) == ("acme", 1, "operator")
    assert made["resourceTypes"] == ["Device", "DeviceGroup"]
    told = acme.run("definitions", "set", document_file(tmp_path, without_attribute(0, 2)), *AT)
    assert "Takes effect within a minute" in told.stderr
    assert acme.json("tenant", "show", "acme")["endpoints"] == ["Devices", "DeviceGroups"]


def test_shown_definitions_can_be_set_again(acme: Operator, tmp_path: Path) -> None:
    assert json.loads(acme.run("definitions", "show", *AT).stdout)["version"] == 0
    acme.run("definitions", "set", document_file(tmp_path, document()), *AT)
    shown = acme.run("definitions", "show", *AT).stdout
    assert json.loads(shown)["schemas"][0]["id"] == DEVICE
    assert acme.json("definitions", "set", document_file(tmp_path, shown), *AT)["version"] == 1
    assert json.loads(acme.run("definitions", "show", "1", *AT).stdout) == json.loads(shown)


def test_a_document_can_be_checked_without_being_set(acme: Operator, tmp_path: Path) -> None:
    checked = acme.json("definitions", "check", document_file(tmp_path, document()), *AT)
    assert (checked["resourceTypes"], checked["isInForce"]) == (["Device", "DeviceGroup"], False)
    assert acme.json("definitions", "history", *AT) == []
    acme.run("definitions", "set", document_file(tmp_path, document()), *AT)
    assert (
        acme.json("definitions", "check", document_file(tmp_path, document()), *AT)["isInForce"]
        is True
    )


def test_a_mistake_is_rolled_back(acme: Operator, tmp_path: Path) -> None:
    acme.run("definitions", "set", document_file(tmp_path, document()), *AT)
    acme.run("definitions", "set", document_file(tmp_path, {}), *AT)
    assert acme.json("definitions", "rollback", "1", *AT)["version"] == 3
    assert [each["version"] for each in acme.json("definitions", "history", *AT)] == [3, 2, 1]
    assert json.loads(acme.run("definitions", "show", *AT).stdout)["schemas"][0]["id"] == DEVICE
    assert "There is no version" in acme.refusal("definitions", "rollback", "9", *AT)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "not JSON"),
        ([], "expected a JSON object"),
        ({"types": []}, "types: there is no such member"),
        (document(variables={}), "resourceTypes[0] Device: nothing says what ${company}"),
    ],
)
@pytest.mark.parametrize("command", ["set", "check"])
@pytest.mark.sampled(3)
def test_invalid_definitions_are_refused_with_the_reason(
    acme: Operator, tmp_path: Path, command: str, content: Any, told: str
) -> None:
    result = acme.run("definitions", command, document_file(tmp_path, content), *AT)
    assert told in result.stderr
    assert result.exit_code == (1 if isinstance(content, dict) else 2)
    assert acme.json("definitions", "history", *AT) == []


@pytest.mark.parametrize(
    "words", [("show",), ("history",), ("rollback", "1"), ("set", "FILE"), ("check", "FILE")]
)
def test_an_unknown_tenant_cannot_define_types(
    operator: Operator, tmp_path: Path, words: tuple[str, ...]
) -> None:
    words = tuple(document_file(tmp_path, {}) if word == "FILE" else word for word in words)
    assert "There is no tenant acme." in operator.refusal("definitions", *words, *AT)


def test_filters_and_late_indexes_know_a_tenants_own_types(acme: Operator, tmp_path: Path) -> None:
    own = document()
    (storage,) = (key for key in own["resourceTypes"][0] if key.startswith("urn:serverless-scim"))
    own["resourceTypes"][0][storage]["indexes"].append({"attribute": "mudUrl", "late": True})
    acme.run("definitions", "set", document_file(tmp_path, own), *AT)
    words = ("token", "create", *AT, "--filter", 'Device=displayName sw "a"')
    assert acme.json(*words)["filters"] == '{"Device":"displayName sw \\"a\\""}'
    assert acme.json("index", "list", *AT) == [
        {"type": "Device", "attribute": "mudUrl", "inUse": False}
    ]
    assert acme.run("index", "backfill", *AT).exit_code == 0
    assert acme.json("index", "list", *AT)[0]["inUse"] is True
