"""ServiceProviderConfig names the ways in which the tenant takes tokens, and no other."""

import pytest

from scim.service.discovery import authentication_schemes


@pytest.mark.parametrize(
    ("ways", "types"),
    [
        (("bearer", "bare"), ["oauthbearertoken"]),
        (("bearer",), ["oauthbearertoken"]),
        (("bare",), ["oauthbearertoken"]),
        (("basic",), ["httpbasic"]),
        (("token",), ["oauthbearertoken"]),
        (("token", "basic", "bearer"), ["oauthbearertoken", "httpbasic", "oauthbearertoken"]),
        (("bearer", "bare", "client"), ["oauthbearertoken", "oauth2"]),
        (("bearer", "client"), ["oauthbearertoken", "oauth2"]),
        (("bare", "client"), ["oauthbearertoken", "oauth2"]),
        (("basic", "client"), ["httpbasic"]),
        ((), []),
    ],
)
def test_each_accepted_scheme_is_listed_and_the_first_is_primary(
    ways: tuple[str, ...], types: list[str]
) -> None:
    shown = authentication_schemes(ways)
    assert [each["type"] for each in shown] == types
    assert [each["primary"] for each in shown] == [number == 0 for number in range(len(types))]


@pytest.mark.parametrize(
    ("ways", "words"),
    [
        (("bearer",), "after the word Bearer."),
        (("bare",), "without any word."),
        (("bearer", "bare"), "after the word Bearer or without any word."),
    ],
)
def test_the_description_says_how_a_token_is_sent(ways: tuple[str, ...], words: str) -> None:
    (shown,) = authentication_schemes(ways)
    assert str(shown["description"]).endswith(words)
