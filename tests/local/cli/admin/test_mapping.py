"""A tenant's mapping from the command line."""

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.devices import document
from tests.local.cli.admin.conftest import document_file
from tests.local.cli.conftest import Operator

AT = ("--tenant", "acme")
TITLES = {"attributes": [{"source": "nickName", "target": "title", "change": "upper"}]}
ROLES = {"groups": [{"displayName": "Admins", "roles": ["admin"]}]}


def _activated(acme: Operator, folder: Path, content: Any) -> Any:
    revision = acme.json("mapping", "draft", document_file(folder, content), *AT)["revision"]
    return acme.json("mapping", "activate", revision, *AT)


def test_a_draft_is_not_in_force_before_it_is_activated(acme: Operator, tmp_path: Path) -> None:
    drafted = acme.json("mapping", "draft", document_file(tmp_path, TITLES), *AT)
    assert acme.json("mapping", "show", *AT) == {"attributes": [], "groups": []}
    assert acme.json("mapping", "show", "--draft", *AT)["attributes"] == TITLES["attributes"]
    made = acme.json("mapping", "activate", drafted["revision"], *AT)
    assert (made["version"], made["attributes"], made["groups"]) == (1, 1, 0)
    assert acme.json("mapping", "show", *AT)["attributes"] == TITLES["attributes"]
    assert "There is no draft" in acme.refusal("mapping", "show", "--draft", *AT)


def test_a_draft_without_a_preview_cannot_be_activated(acme: Operator, tmp_path: Path) -> None:
    first = acme.json("mapping", "draft", document_file(tmp_path, TITLES), *AT)["revision"]
    acme.json("mapping", "draft", document_file(tmp_path, ROLES), *AT)
    assert "preview it first" in acme.refusal("mapping", "activate", first, *AT)
    assert acme.json("mapping", "history", *AT) == []


def test_a_mapping_is_rolled_back_and_definitions_stay(acme: Operator, tmp_path: Path) -> None:
    _activated(acme, tmp_path, TITLES)
    assert _activated(acme, tmp_path, ROLES)["version"] == 2
    assert acme.json("mapping", "rollback", "1", *AT)["version"] == 3
    history = acme.json("mapping", "history", *AT)
    assert [(each["version"], each["groups"]) for each in history] == [(3, 0), (2, 1), (1, 0)]
    assert acme.json("mapping", "show", "2", *AT)["groups"] == ROLES["groups"]
    document = acme.json("definitions", "show", *AT)
    assert (document["version"], "mapping" in document) == (3, False)


def test_new_definitions_keep_the_mapping(acme: Operator, tmp_path: Path) -> None:
    _activated(acme, tmp_path, ROLES)
    empty = document_file(tmp_path, {"variables": {"company": "Acme"}})
    assert acme.json("definitions", "set", empty, *AT)["version"] == 2
    assert acme.json("mapping", "show", *AT)["groups"] == ROLES["groups"]
    assert [each["version"] for each in acme.json("mapping", "history", *AT)] == [1]


def test_a_draft_can_be_dropped(acme: Operator, tmp_path: Path) -> None:
    acme.json("mapping", "draft", document_file(tmp_path, ROLES), *AT)
    acme.json("mapping", "drop", *AT)
    assert "There is no draft" in acme.refusal("mapping", "preview", *AT)


def test_a_preview_names_missing_groups(acme: Operator, tmp_path: Path) -> None:
    told = acme.run("mapping", "preview", document_file(tmp_path, ROLES), *AT)
    assert "There is no group Admins yet." in told.stderr
    assert "0 of 0 would change." in told.stderr


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"groups": [{"roles": ["a"]}]}, "mapping.groups.0: one of id, displayName and externalId"),
        ({"roles": []}, "mapping.roles: there is no such member"),
        (
            {"attributes": [{"source": "nickname", "target": "titel"}]},
            "mapping.attributes[0].target: User has no attribute titel",
        ),
        (
            {"attributes": [{"value": "yes", "target": "x509Certificates"}]},
            "mapping.attributes[0].target: x509Certificates is not one value",
        ),
    ],
)
def test_an_invalid_draft_is_refused_and_not_kept(
    acme: Operator, tmp_path: Path, document: Any, told: str
) -> None:
    assert told in acme.refusal("mapping", "draft", document_file(tmp_path, document), *AT)
    assert "There is no draft" in acme.refusal("mapping", "show", "--draft", *AT)


def test_a_deleted_tenant_leaves_no_draft(acme: Operator, tmp_path: Path) -> None:
    acme.json("mapping", "draft", document_file(tmp_path, ROLES), *AT)
    acme.run("tenant", "delete", "acme", "--yes")
    acme.run("tenant", "create", "acme")
    assert "There is no draft" in acme.refusal("mapping", "show", "--draft", *AT)


def test_a_type_that_a_mapping_names_cannot_be_removed(acme: Operator, tmp_path: Path) -> None:
    acme.run("definitions", "set", document_file(tmp_path, document()), *AT)
    rule = {"type": "Device", "target": "displayName", "value": "lamp"}
    _activated(acme, tmp_path, {"attributes": [rule]})
    told = acme.refusal("definitions", "set", document_file(tmp_path, {}), *AT)
    assert "mapping.attributes[0].type: there is no resource type Device" in told
