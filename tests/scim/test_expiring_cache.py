"""What is remembered ends after its time, and only so much of it is remembered."""

import pytest

from scim.expiring_cache import ExpiringCache


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_value_is_known_until_its_time_is_over_or_it_is_forgotten() -> None:
    clock = Clock()
    cache = ExpiringCache[str, int](clock)
    cache.keep("a", 1, 10)
    cache.keep("b", 2, 20)
    clock.now = 9.9
    assert [cache.get(key) for key in "abc"] == [1, 2, None]
    clock.now = 10.0
    assert [cache.get(key) for key in "abc"] == [None, 2, None]
    cache.forget("b")
    cache.forget("c")
    assert cache.get("b") is None


def test_a_value_takes_the_place_and_the_time_of_an_earlier_one() -> None:
    clock = Clock()
    cache = ExpiringCache[str, int](clock)
    cache.keep("a", 1, 20)
    cache.keep("a", 2, 10)
    assert cache.get("a") == 2
    clock.now = 10.0
    assert cache.get("a") is None


@pytest.mark.parametrize("seconds", [0, -10, float("nan")])
def test_a_value_for_no_time_is_not_known(seconds: float) -> None:
    cache = ExpiringCache[str, int](Clock())
    cache.keep("a", 1, seconds)
    assert cache.get("a") is None


def test_the_oldest_are_dropped_beyond_the_bound() -> None:
    cache = ExpiringCache[int, str](Clock(), most=10)
    for number in range(100):
        cache.keep(number, str(number), 60)
        assert cache.get(number) == str(number)
    assert [number for number in range(100) if cache.get(number)] == [*range(90, 100)]


def test_expired_entries_take_no_room() -> None:
    clock = Clock()
    cache = ExpiringCache[int, str](clock, most=3)
    cache.keep(1, "lasting", 60)
    for number in range(2, 10):
        cache.keep(number, "short", 1)
        clock.now += 1
    assert cache.get(1) == "lasting"
