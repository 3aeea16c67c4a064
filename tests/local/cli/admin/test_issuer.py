"""Issuers from the command line."""

from pathlib import Path
from typing import Any

import pytest

from tests.local.cli.admin.conftest import document_file
from tests.local.cli.conftest import Operator

DOCUMENT: dict[str, Any] = {
    "kind": "jwt",
    "issuer": "https://login.example",
    "jwksUri": "https://login.example/keys",
    "audiences": ["scim"],
}
DIRECTORY = "0f0e0d0c-0b0a-4908-8706-050403020100"


def test_an_issuer_is_trusted_listed_and_trusted_no_longer(acme: Operator, tmp_path: Path) -> None:
    acme.json("issuer", "add", document_file(tmp_path, DOCUMENT), "--tenant", "acme")
    assert acme.json("issuer", "list", "--tenant", "acme") == [DOCUMENT]
    assert "https://login.example" in acme.run("issuer", "list", "--tenant", "acme").stdout
    acme.json("issuer", "remove", "https://login.example", "--tenant", "acme")
    assert acme.json("issuer", "list", "--tenant", "acme") == []


@pytest.mark.parametrize(
    ("others", "is_told"),
    [
        pytest.param({}, True, id="the same tokens"),
        pytest.param({"claims": {"org": "acme"}}, True, id="some of them"),
        pytest.param({"claims": {"org": "globex"}}, False, id="told apart by a claim"),
        pytest.param({"audiences": ["https://other.example"]}, False, id="by the audience"),
        pytest.param({"issuer": "https://other.example"}, False, id="of another issuer"),
    ],
)
def test_adding_an_issuer_warns_if_two_tenants_accept_the_same_tokens(
    acme: Operator, tmp_path: Path, others: dict[str, Any], is_told: bool
) -> None:
    acme.run("tenant", "create", "globex")
    acme.json("issuer", "add", document_file(tmp_path, DOCUMENT | others), "--tenant", "globex")
    document = DOCUMENT | {"claims": {"org": "acme"}}
    for _ in range(2):
        added = acme.run("issuer", "add", document_file(tmp_path, document), "--tenant", "acme")
        assert added.exit_code == 0
        assert ("a token that two tenants accept is refused" in added.stderr) is is_told


def test_an_issuer_is_added_even_if_another_tenants_terms_cannot_be_read(
    acme: Operator, tmp_path: Path
) -> None:
    acme.access.issuers.save("globex", DOCUMENT["issuer"], DOCUMENT | {"kind": "later"})
    acme.json("issuer", "add", document_file(tmp_path, DOCUMENT), "--tenant", "acme")


def test_a_mistyped_issuer_is_not_reported_as_removed(acme: Operator, tmp_path: Path) -> None:
    acme.json("issuer", "add", document_file(tmp_path, DOCUMENT), "--tenant", "acme")
    said = acme.refusal("issuer", "remove", "https://login.example/", "--tenant", "acme")
    assert "has no issuer https://login.example/. Did you mean https://login.example?" in said


def test_an_issuers_bearers_may_see_less(acme: Operator, tmp_path: Path) -> None:
    document = {**DOCUMENT, "filters": {"User": "active eq true", "Group": "*"}}
    acme.json("issuer", "add", document_file(tmp_path, document), "--tenant", "acme")
    (listed,) = acme.json("issuer", "list", "--tenant", "acme")
    assert listed["filters"] == document["filters"]


def test_entras_own_tokens_are_trusted_by_the_id_of_the_directory(acme: Operator) -> None:
    acme.json("issuer", "add-entra", DIRECTORY, "--tenant", "acme", "--scope", "users:*")
    (listed,) = acme.json("issuer", "list", "--tenant", "acme")
    assert listed["issuer"] == f"https://sts.windows.net/{DIRECTORY}/"
    assert listed["claims"] == {"tid": DIRECTORY}
    assert listed["scoping"] == {"always": ["users:*"]}


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("{", "Expecting"),
        ("[]", "expected an object"),
        ({**DOCUMENT, "kind": "magic"}, "kind"),
        ({**DOCUMENT, "jwksUri": "http://login.example/keys"}, "jwksUri"),
        ({**DOCUMENT, "more": 1}, "more"),
        ({**DOCUMENT, "filters": {"User": "groups pr"}}, "own attributes"),
        ({**DOCUMENT, "filters": {"User": ""}}, "filters"),
    ],
    ids=["no JSON", "no object", "kind", "http", "unknown member", "filter", "no filter"],
)
@pytest.mark.sampled(3)
def test_an_invalid_issuer_document_is_refused(
    acme: Operator, tmp_path: Path, document: Any, complaint: str
) -> None:
    refusal = acme.refusal("issuer", "add", document_file(tmp_path, document), "--tenant", "acme")
    assert complaint in refusal
    assert acme.json("issuer", "list", "--tenant", "acme") == []
