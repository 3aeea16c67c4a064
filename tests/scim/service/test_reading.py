"""One attempt reads every resource once, and as it is now."""

import pytest

from scim.errors import NotFound
from scim.resource.record import Key
from scim.service.reading import Reading, not_found
from tests.fakes.endpoint import Deployment, id_
from tests.fakes.observed import ObservedDirectory


def test_what_was_read_is_not_read_again() -> None:
    directory = ObservedDirectory()
    deployment = Deployment(directory)
    anna, bert = (Key("User", deployment.user(name)) for name in ("anna", "bert"))
    directory.asked.clear()
    reading = Reading(deployment.endpoint("Group"))
    assert set(reading.of([anna, bert, anna])) == {anna, bert}
    assert set(reading.of([bert])) == {bert}
    assert reading.one(anna).body["userName"] == "anna"
    assert directory.asked == ["read_latest"]


def test_what_was_not_there_is_not_asked_for_again() -> None:
    directory = ObservedDirectory()
    reading = Reading(Deployment(directory).endpoint("User"))
    nobody = Key("User", id_(9))
    assert reading.of([nobody]) == {}
    with pytest.raises(NotFound):
        reading.one(nobody)
    assert directory.asked == ["read_latest"]


def test_nothing_asked_for_is_nothing_read() -> None:
    directory = ObservedDirectory()
    assert Reading(Deployment(directory).endpoint("User")).of([]) == {}
    assert directory.asked == []


def test_the_refusal_does_not_repeat_the_id() -> None:
    assert not_found("User").detail == "There is no User with this id."
