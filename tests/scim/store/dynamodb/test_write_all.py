"""A transaction stays within DynamoDB's bounds, and says why it was refused."""

import pytest

from scim.errors import PayloadTooLarge
from scim.resource.change import AlreadyMade
from scim.store.dynamodb.write import ConditionFailed, Failure, Write, check_bounds
from scim.store.keys.directory import ItemKey


def put(sk: str, weight: int = 10) -> Write:
    """Return a step of that weight: names and values of the key and of `x`."""
    return Write("Put", ItemKey("p", sk), item={"x": b"x" * (weight - len("pkpskx") - len(sk))})


def checked(writes: list[Write]) -> None:
    check_bounds(writes, [write.weight() for write in writes])


A_HUNDRED = [put(f"{n:02d}") for n in range(100)]
LINKED = put("a", 350_000)._replace(adds={"g": frozenset({b"g" * 17})}, size=409_000)
FOUR_MEGABYTES = [put(f"{n:02d}", 200_000) for n in range(20)]


@pytest.mark.parametrize(
    "writes",
    [A_HUNDRED, [put("a", 350_000)], [LINKED], FOUR_MEGABYTES],
    ids=["100 steps", "350 kB in one", "350 kB beside links", "4 MB in all"],
)
def test_a_transaction_at_the_limits_is_let_through(writes: list[Write]) -> None:
    checked(writes)


@pytest.mark.parametrize(
    ("writes", "detail"),
    [
        ([*A_HUNDRED, put("more")], "This changes too much at once"),
        ([put("a", 350_001)], "A resource may take up to 350000 bytes when stored."),
        ([*FOUR_MEGABYTES, put("more")], "This changes too much at once"),
    ],
    ids=["101 steps", "more than 350 kB in one", "more than 4 MB in all"],
)
def test_a_transaction_beyond_the_limits_is_too_large(writes: list[Write], detail: str) -> None:
    with pytest.raises(PayloadTooLarge, match=detail):
        checked(writes)


ONE, OTHER, THIRD = (
    put(name)._replace(refusal=ValueError(name)) for name in ("one", "other", "third")
)


def test_a_refusal_has_the_meaning_of_the_first_step_that_failed() -> None:
    failed_condition = ConditionFailed([Failure(ONE, {}), Failure(OTHER, {"i": "ann"})])
    assert failed_condition.cause() is ONE.refusal


def test_a_receipt_that_exists_is_reported_before_any_other_refusal() -> None:
    receipt = Write("Put", ItemKey("p", "receipt"), refusal=AlreadyMade())
    assert ConditionFailed([Failure(ONE, {}), Failure(receipt, {})]).cause() is receipt.refusal


def test_a_refusal_tells_what_a_step_met() -> None:
    failed_condition = ConditionFailed([Failure(OTHER, {"i": "ann"})])
    assert failed_condition.of(OTHER) == Failure(OTHER, {"i": "ann"})
    assert failed_condition.of(THIRD) is None


def test_a_step_is_told_from_an_equal_one() -> None:
    assert ConditionFailed([Failure(ONE, {})]).of(put("one")) is None
