"""The domain of a name is before the separator; without one it is the primary domain."""

import pytest

from scim.profile.parts import Domains

DOMAINS = Domains(names={"User": ("userName",)})


@pytest.mark.parametrize(
    ("name", "parts", "plain"),
    [
        ("kim", (None, "kim"), "kim"),
        ("TEST/kim", ("TEST", "kim"), "TEST/kim"),
        ("PRIMARY/kim", ("PRIMARY", "kim"), "kim"),
        ("primary/kim", ("primary", "kim"), "kim"),
        ("PRIMARY/", ("PRIMARY", ""), "PRIMARY/"),
        ("/kim", (None, "/kim"), "/kim"),
        ("TEST/a/b", ("TEST", "a/b"), "TEST/a/b"),
        ("", (None, ""), ""),
    ],
)
def test_a_name_of_the_primary_domain_is_written_without_it(
    name: str, parts: tuple[str | None, str], plain: str
) -> None:
    assert DOMAINS.split(name) == parts
    assert DOMAINS.plain(name) == plain


def test_the_separator_and_the_primary_domain_are_the_profiles() -> None:
    domains = Domains(separator="\\", primary="HOME")
    assert (domains.plain("home\\kim"), domains.plain("PRIMARY/kim")) == ("kim", "PRIMARY/kim")
