"""A query may read so much, and is told what would narrow it."""

import pytest

from scim.errors import TooMany
from scim.service.query.candidates import ReadBudget
from tests.fakes.endpoint import type_of


def test_what_is_allowed_is_counted_and_no_more() -> None:
    budget = ReadBudget(3)
    budget.add(2, type_of("User"))
    budget.add(1, type_of("Group"))
    assert budget.items == 3
    with pytest.raises(
        TooMany, match=r"more than 3 items of Group; .*: id, displayName, externalId"
    ):
        budget.add(1, type_of("Group"))
