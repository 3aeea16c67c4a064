"""The sweep goes on where the store left off, within its budget, and says how far it came."""

from dataclasses import dataclass

import pytest

from scim.store.directory.adapter import DynamoDirectory
from scim.workers.sweep import BUDGET, Sweepable, sweeper

NOW = "2026-03-01T10:00:00.000Z"


@dataclass(frozen=True)
class Made:
    transactions: int
    is_done: bool


class Backlog:
    """So many transactions left to do."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.asked: list[tuple[str, int]] = []

    def sweep(self, now: str, budget: int) -> Made:
        self.asked.append((now, budget))
        made = min(self.left, budget)
        self.left -= made
        return Made(made, self.left == 0)

    def sweep_tenants(self, now: str, budget: int) -> Made:
        self.asked.append((f"every tenant at {now}", budget))
        return Made(0, True)


@pytest.mark.parametrize(
    ("left", "answer"),
    [
        (0, {"transactions": 0, "isDone": True}),
        (3, {"transactions": 3, "isDone": True}),
        (BUDGET, {"transactions": BUDGET, "isDone": True}),
        (BUDGET + 1, {"transactions": BUDGET, "isDone": False}),
    ],
)
def test_a_run_says_what_it_did_and_whether_anything_is_left(
    left: int, answer: dict[str, object]
) -> None:
    backlog = Backlog(left)
    assert sweeper(backlog, lambda: NOW)({"source": "aws.events"}, None) == answer
    assert backlog.asked == [(NOW, BUDGET)]


def test_the_next_run_goes_on() -> None:
    handler = sweeper(Backlog(BUDGET + 1), lambda: NOW)
    assert [handler({}, None)["transactions"] for _ in range(3)] == [BUDGET, 1, 0]


def test_the_daily_event_sweeps_every_tenant() -> None:
    backlog = Backlog(0)
    sweeper(backlog, lambda: NOW)({"tenants": "all"}, None)
    assert backlog.asked == [(f"every tenant at {NOW}", BUDGET)]


def test_a_failing_store_fails_the_run_and_so_raises_the_alarm() -> None:
    class Broken:
        def sweep(self, now: str, budget: int) -> Made:
            raise RuntimeError("no table")

        sweep_tenants = sweep

    with pytest.raises(RuntimeError, match="no table"):
        sweeper(Broken(), lambda: NOW)({}, None)


def test_the_real_store_can_be_swept() -> None:
    asked = {name for name in vars(Sweepable) if not name.startswith("_")}
    assert asked == {"sweep", "sweep_tenants"}
    assert all(callable(getattr(DynamoDirectory, name)) for name in asked)
