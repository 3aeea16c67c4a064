"""What a fault says."""

from scim.filter.parsing.tokens import Fault, Misplaced


def test_a_fault_begins_with_its_position() -> None:
    assert str(Fault(17, "expected a value")) == "position 17: expected a value"


def test_a_misplaced_token_is_known_by_its_index() -> None:
    assert Misplaced(3).index == 3
