"""An answer is complete where nothing else is said: nothing tolerated, nothing left out."""

from scim.service.messages import Answer, Listing


def test_an_answer_has_a_body_and_tolerated_nothing() -> None:
    answer = Answer({"id": "1"}, 'W/"1"', "https://scim.example/scim/v2/Users/1")
    assert not answer.is_unmodified
    assert answer.tolerated == frozenset()


def test_a_listing_tolerated_nothing() -> None:
    assert Listing((), 0, 1).tolerated == frozenset()
