"""Whether two bodies say the same."""

import pytest

from scim.resource.mutability import is_same


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({"a": 1, "b": [2]}, {"b": [2], "a": 1}, True, id="order-of-names"),
        pytest.param([1, 2], [2, 1], False, id="order-of-values"),
        pytest.param(True, 1, False, id="true-and-1"),
        pytest.param(None, None, True, id="null"),
        pytest.param({"a": "ä"}, {"a": "a"}, False, id="text"),
    ],
)
def test_bodies_compare_as_json(one: object, other: object, expected: bool) -> None:
    assert is_same(one, other) is expected
