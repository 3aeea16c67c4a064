"""The plan: referenced operations come first, circles are closed by links, the rest keeps its order."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.bulk.plan import Step, needs_of, planned
from scim.service.bulk.request import BulkOperation, bulk_of
from tests.fakes.endpoint import STRICT


def post(bulk_id: str, *refers: str) -> dict[str, Any]:
    members = [{"value": f"bulkId:{each}"} for each in refers]
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": {"members": members}}


def patch(target: str, *refers: str) -> dict[str, Any]:
    return {**post("", *refers), "method": "PATCH", "path": f"/Groups/{target}"}


def operations(*sent: dict[str, Any]) -> tuple[BulkOperation, ...]:
    message = {"schemas": [BULK_REQUEST_URN], "Operations": list(sent)}
    return bulk_of(message, STRICT, 10_000).operations


def shown(steps: Sequence[Step]) -> str:
    """Return the plan in letters: `b-a` makes b without a, `b!` links it, `3` is another method."""
    return " ".join(
        (step.operation.makes or str(step.operation.position))
        + "".join(f"-{name}" for name in sorted(step.deferred))
        + ("!" if step.is_link else "")
        for step in steps
    )


@pytest.mark.parametrize(
    ("sent", "plan"),
    [
        pytest.param([post("a"), post("b"), patch("9")], "a b 2", id="as sent"),
        pytest.param([post("g", "u", "v"), post("v"), post("u")], "v u g", id="needed first"),
        pytest.param([post("a", "b"), post("b", "c"), post("c")], "c b a", id="chain"),
        pytest.param([patch("9", "a"), patch("9"), post("a")], "a 0 1", id="row of one resource"),
        pytest.param([patch("bulkId:a"), post("x"), post("a")], "a 0 x", id="in the path"),
        pytest.param([post("a", "b"), post("b", "a")], "b-a a b!", id="circle of two"),
        pytest.param(
            [post("a", "b"), post("b", "c"), post("c", "a")], "c-a b a c!", id="circle of three"
        ),
        pytest.param([post("a", "a")], "a-a a!", id="itself"),
        pytest.param(
            [post("a", "b", "c"), post("b", "a"), post("c", "a", "b")],
            "b-a c-a a b! c!",
            id="two circles",
        ),
        pytest.param(
            [post("a", "b"), post("b", "a", "c"), post("c", "a", "b")],
            "c-a-b b-a a c! b!",
            id="waits for both",
        ),
        pytest.param(
            [patch("bulkId:b"), post("a", "b"), post("b", "a")],
            "a-b b a! 0",
            id="linked before it is changed",
        ),
        pytest.param([post("a", "nobody")], "a", id="unknown"),
        pytest.param([post("a"), post("a"), post("b", "a")], "a a b", id="namesakes"),
    ],
)
def test_operations_follow_those_they_refer_to(sent: list[dict[str, Any]], plan: str) -> None:
    steps = planned(operations(*sent))
    # A namesake is planned under the same letter: it only has to answer.
    assert shown(steps) == plan


def test_a_faulty_operation_needs_nothing_and_is_planned_to_be_answered() -> None:
    (only,) = operations({**post("a", "b"), "version": 1})
    assert needs_of(only) == frozenset()
    assert planned([only]) == (Step(only),)


@pytest.mark.long
def test_a_chain_of_ten_thousand_is_no_deeper_than_any_other() -> None:
    sent = [post(str(n), str(n + 1)) for n in range(9999)]
    steps = planned(operations(*sent, post("9999")))
    assert [step.operation.makes for step in steps] == [str(n) for n in reversed(range(10_000))]


@given(st.integers(1, 9), st.randoms(use_true_random=False))
def test_every_operation_is_planned_once_behind_what_it_refers_to(
    size: int, chance: random.Random
) -> None:
    names = [str(n) for n in range(size)]
    sent: list[dict[str, Any]] = []
    for name in names:
        refers = chance.sample(names, chance.randint(0, size))
        make = post(name, *refers)
        sent.append(make if chance.random() < 0.7 else patch("9", *refers))
    read = operations(*sent)
    makers = {each.makes for each in read} - {None}
    there: set[str | None] = set()
    done: list[int] = []
    open_links: dict[int, frozenset[str]] = {}
    for step in planned(read):
        position = step.operation.position
        wanted = needs_of(step.operation) & makers
        if step.is_link:
            assert open_links.pop(position) <= there
        else:
            assert wanted - step.deferred <= there
            assert step.deferred.isdisjoint(there)
            done.append(position)
            there.add(step.operation.makes)
            if step.deferred:
                open_links[position] = step.deferred
        assert wanted <= there | step.deferred
    assert sorted(done) == list(range(size))
    assert open_links == {}
    others = [position for position in done if read[position].makes is None]
    assert others == sorted(others)
