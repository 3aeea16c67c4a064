"""The objects of a request cause no garbage collection, and garbage is still collected."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from scim.bootstrap.garbage_collection import OBJECTS, collect_seldom


class Ring:
    """An object that refers to itself."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    gc.collect(0)
    collect_seldom()
    yield
    gc.set_threshold(*before)


def _collections() -> int:
    return sum(int(each["collections"]) for each in gc.get_stats())


def test_objects_of_a_request_cause_no_collection() -> None:
    before = _collections()
    made = [{"number": [number]} for number in range(OBJECTS // 4)]
    assert len(made) == OBJECTS // 4
    assert _collections() == before


def test_much_garbage_is_collected() -> None:
    first = weakref.ref(Ring())
    made = [[number] for number in range(2 * OBJECTS)]
    assert len(made) == 2 * OBJECTS
    assert first() is None
