"""The order of operations: referenced ones come first, circles are closed by links."""

import pytest

from scim.service.bulk.plan import Turn, turns_of


def made(position: int, *deferred: int) -> Turn:
    return Turn(position, frozenset(deferred))


def link(position: int) -> Turn:
    return Turn(position, is_link=True)


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        pytest.param([[], [], []], [made(0), made(1), made(2)], id="as they were written"),
        pytest.param([[2], [], []], [made(2), made(0), made(1)], id="what is needed is moved up"),
        pytest.param([[1], [2], []], [made(2), made(1), made(0)], id="over several"),
        pytest.param([[0]], [made(0, 0), link(0)], id="itself"),
        pytest.param([[1], [0]], [made(1, 0), made(0), link(1)], id="each other"),
        pytest.param(
            [[1], [2], [0]], [made(2, 0), made(1), made(0), link(2)], id="in a circle of three"
        ),
        pytest.param(
            [[1, 2], [0], [0]],
            [made(1, 0), made(2, 0), made(0), link(1), link(2)],
            id="two circles through one",
        ),
    ],
)
def test_operations_have_turns(needs: list[list[int]], expected: list[Turn]) -> None:
    assert list(turns_of(len(needs), needs.__getitem__)) == expected


def test_a_long_chain_needs_no_recursion() -> None:
    number = 20_000
    turns = list(turns_of(number, lambda n: [n + 1] if n + 1 < number else []))
    assert [turn.position for turn in turns] == list(range(number - 1, -1, -1))
