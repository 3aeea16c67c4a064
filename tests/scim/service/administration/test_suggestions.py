"""The nearest known word is offered, and nothing where none is near."""

import pytest

from scim.service.administration.suggestions import suggestion


@pytest.mark.parametrize(
    ("word", "said"),
    [("acne", " Did you mean acme?"), ("OKTA", " Did you mean Okta?"), ("xyz", ""), ("", "")],
)
def test_the_nearest_name_is_suggested(word: str, said: str) -> None:
    assert suggestion(word, ["acme", "Okta"]) == said
