"""The document of an issuer is checked as a whole before any of its tokens is accepted."""

from typing import Any

import pytest
from pydantic import ValidationError

from scim.access.issuer import (
    ENTRA_AUDIENCE,
    MOST_LEEWAY,
    MOST_REMEMBERED,
    document_of,
    entra,
    is_loopback,
    is_trusted_url,
    issuer_of,
)
from scim.auth.issuers import Issuers

SIGNED: dict[str, Any] = {
    "kind": "jwt",
    "issuer": "https://as.example.com",
    "jwksUri": "https://as.example.com/jwks",
    "audiences": ["https://scim.example.com"],
}
ASKED: dict[str, Any] = {
    "kind": "introspection",
    "issuer": "https://as.example.com",
    "introspection": {
        "endpoint": "https://as.example.com/introspect",
        "clientId": "scim",
        "secretName": "as-client",
    },
}
UMA = {
    "asUri": "https://as.example.com",
    "permissionEndpoint": "https://as.example.com/permission",
    "protectionTokenEndpoint": "https://as.example.com/token",
    "resourceId": "scim",
    "resourceScopes": ["read"],
}


def test_a_document_says_little_where_the_usual_is_meant() -> None:
    issuer = issuer_of(SIGNED, "acme")
    assert (issuer.tenant, issuer.algorithms, issuer.leeway) == ("acme", ("RS256",), 30)
    assert issuer.maximum_lifetime == 86_400
    assert document_of(issuer) == SIGNED


@pytest.mark.parametrize("document", [SIGNED, ASKED, ASKED | {"uma": UMA}])
def test_a_document_is_read_as_it_was_written(document: dict[str, Any]) -> None:
    assert issuer_of(document_of(issuer_of(document, "acme")), "acme") == issuer_of(
        document, "acme"
    )


def test_the_tenant_is_where_the_document_is_stored_not_what_it_says() -> None:
    assert issuer_of(SIGNED | {"tenant": "globex"}, "acme").tenant == "acme"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"kind": "saml"}, "kind"),
        ({"jwksUri": None}, "jwksUri"),
        ({"jwksUri": "http://as.example.com/jwks"}, "https"),
        ({"jwksUri": "file:///etc/passwd"}, "https"),
        ({"jwksUri": "https://user:secret@as.example.com/jwks"}, "https"),
        ({"algorithms": ["HS256"]}, "algorithms"),
        ({"algorithms": ["none"]}, "algorithms"),
        ({"algorithms": []}, "algorithms"),
        ({"audiences": []}, "audience"),
        ({"audiences": [""]}, "audiences"),
        ({"maximumLifetime": 10**9}, "maximumLifetime"),
        ({"leeway": 301}, "leeway"),
        ({"scoping": {"names": {"read": ["Users:view"]}}}, "scoping.names"),
        ({"scoping": {"always": ["users:view\n"]}}, "scoping.always"),
        ({"scoping": {"always": ["permission/admin"]}}, "scoping.always"),
        ({"scoping": {"always": ["/permission/admin login"]}}, "scoping.always"),
        ({"subjectAttribute": "password"}, "subjectAttribute"),
        ({"uma": UMA}, "uma"),
        ({"kind": "introspection"}, "introspection"),
        ({"clientSecret": "s3cret"}, "clientSecret"),
        ({"issuer": ""}, "issuer"),
    ],
)
def test_an_invalid_member_is_named(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        issuer_of(SIGNED | changed, "acme")


def test_a_secret_cannot_be_written_into_a_document() -> None:
    with_secret = {**ASKED["introspection"], "clientSecret": "s3cret"}
    with pytest.raises(ValidationError, match="clientSecret"):
        issuer_of(ASKED | {"introspection": with_secret}, "acme")


def test_entras_own_token_is_known_by_its_directory_and_application() -> None:
    directory = "11111111-2222-3333-4444-555555555555"
    issuer = entra("acme", directory, ["users:*", "groups:*"])
    assert issuer.issuer == f"https://sts.windows.net/{directory}/"
    assert issuer.audiences == (ENTRA_AUDIENCE,) == ("8adf8e6e-67b2-4cf2-a259-e3dc5476c621",)
    assert issuer.claims == {"tid": directory}
    assert issuer.scoping.always == ("users:*", "groups:*")


@pytest.mark.parametrize(
    ("url", "is_trusted", "is_local"),
    [
        ("https://as.example.com/jwks", True, False),
        ("https://127.0.0.1/jwks", True, False),
        ("http://127.0.0.1:8080/jwks", True, True),
        ("http://localhost/jwks", True, True),
        ("http://[::1]:80/jwks", True, True),
        ("http://127.0.0.1.example.com/jwks", False, False),
        ("http://localhost@example.com/", False, False),
        ("http://169.254.169.254/latest", False, False),
        ("https://a:b@example.com", False, False),
        ("https://example.com/#x", False, False),
        ("//example.com", False, False),
        ("https://[::1", False, False),
        ("https://example.com:65536/jwks", False, False),
        ("http://127.0.0.1:x/jwks", False, False),
        ("", False, False),
    ],
)
def test_which_urls_may_be_called(url: str, is_trusted: bool, is_local: bool) -> None:
    assert (is_trusted_url(url), is_loopback(url)) == (is_trusted, is_local)


class Documents:
    """Stored documents, of which some no longer fit."""

    def named(self, issuer: str) -> list[tuple[str, dict[str, Any]]]:
        return [("acme", SIGNED), ("globex", {"kind": "old"}), ("initech", ASKED)]

    def of_tenant(self, tenant: str) -> list[dict[str, Any]]:
        return [{"kind": "old"}, SIGNED]


def test_a_stored_document_that_does_not_fit_trusts_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    issuers = Issuers(Documents())
    assert [one.tenant for one in issuers.named(SIGNED["issuer"])] == ["acme", "initech"]
    assert [one.kind for one in issuers.of_tenant("acme")] == ["jwt"]
    assert "globex" in caplog.text


def test_an_issuer_is_named_character_by_character() -> None:
    assert Issuers(Documents()).named(SIGNED["issuer"] + "/") == []


def test_long_times_in_an_older_document_are_reduced_to_the_limits() -> None:
    document = {
        "kind": "introspection",
        "issuer": "https://as.example.com",
        "leeway": 300,
        "introspection": {
            "endpoint": "https://as.example.com/introspect",
            "clientId": "scim",
            "secretName": "as-client",
            "secondsRemembered": 60,
        },
    }
    issuer = issuer_of(document, "acme")
    assert issuer.leeway == MOST_LEEWAY
    assert issuer.introspection is not None
    assert issuer.introspection.seconds_remembered == MOST_REMEMBERED
