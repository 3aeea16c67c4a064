"""A use case starts over ten times at most."""

from scim.service.attempt import LIMIT, attempts


def test_there_are_ten_attempts() -> None:
    assert LIMIT == 10
    assert list(attempts()) == list(range(10))
