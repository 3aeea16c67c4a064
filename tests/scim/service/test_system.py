"""The real clock and the real ids have the form the ports ask for."""

import re
from datetime import UTC, datetime
from uuid import UUID

from scim.service.system import RandomIds, SystemClock


def test_the_time_is_utc_with_milliseconds() -> None:
    before = datetime.now(UTC)
    told = SystemClock().now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told)
    assert abs((datetime.fromisoformat(told) - before).total_seconds()) < 60


def test_ids_are_random_uuids() -> None:
    made = {RandomIds().new() for _ in range(100)}
    assert len(made) == 100
    assert {UUID(each).version for each in made} == {4}
    assert all(each == str(UUID(each)) for each in made)
