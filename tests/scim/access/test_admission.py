"""The document that says who may operate a deployment."""

import pytest

from scim.access.admission import admission_of


def test_an_empty_document_admits_nobody() -> None:
    assert not admission_of("{}").admits(
        {"sub": "u", "email": "a@b.example", "email_verified": True}
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "JSON object"),
        ("[]", "JSON object"),
        ('{"groups": "operators"}', "groups: expected a list"),
        ('{"groups": []}', "groups: expected a list"),
        ('{"groups": [1]}', "groups: expected a list"),
        ('{"email": [""]}', "email: expected a list"),
    ],
)
def test_an_invalid_document_is_refused_by_the_member(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        admission_of(text)


def test_the_end_of_an_address_is_not_taken_for_its_domain() -> None:
    admitted = admission_of('{"email": ["@acme.example"]}')
    for address, is_in in (
        ("a@acme.example", True),
        ("@acme.example@evil.example", False),
        ("acme.example", False),
    ):
        assert admitted.admits({"email": address, "email_verified": True}) is is_in
