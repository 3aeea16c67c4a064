"""A principal may do nothing it was not given."""

from scim.principal import Principal


def test_a_principal_has_no_scopes_and_no_subject_of_its_own() -> None:
    principal = Principal("acme", "t1")
    assert principal.scopes == frozenset()
    assert principal.subject is None


def test_two_tokens_are_two_principals() -> None:
    assert Principal("acme", "t1") != Principal("acme", "t2")
    assert Principal("acme", "t1") == Principal("acme", "t1", frozenset(), None)
