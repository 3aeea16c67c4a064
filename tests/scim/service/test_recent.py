"""Recent values are remembered up to a bound; those in use stay."""

from scim.service.recent import Recent


def test_a_value_is_known_until_it_is_forgotten() -> None:
    recent = Recent[str, int]()
    recent.keep("a", 1)
    recent.keep("a", 2)
    assert (recent.get("a"), recent.get("b")) == (2, None)
    recent.forget("a")
    recent.forget("b")
    assert recent.get("a") is None


def test_no_more_than_twice_the_bound_is_kept_of_the_newest() -> None:
    recent = Recent[int, str](10)
    for number in range(100):
        recent.keep(number, str(number))
    assert [recent.get(number) for number in (99, 90, 79)] == ["99", "90", None]


def test_values_in_use_are_kept_longer() -> None:
    recent = Recent[int, str](10)
    for number in range(100):
        recent.keep(number, str(number))
        assert recent.get(0) == "0"
    assert recent.get(1) is None


def test_old_and_new_values_can_be_forgotten() -> None:
    recent = Recent[int, str](2)
    for number in range(4):
        recent.keep(number, str(number))
    recent.forget(0)
    assert [recent.get(number) for number in range(4)] == [None, "1", "2", "3"]
