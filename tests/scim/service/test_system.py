"""The real clock and the real ids have the form the ports ask for."""

import base64
import random
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from scim.service.system import RandomIds, SystemClock, minted


def test_the_time_is_utc_with_milliseconds() -> None:
    before = datetime.now(UTC)
    told = SystemClock().now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told)
    assert abs((datetime.fromisoformat(told) - before).total_seconds()) < 60


def test_a_pause_is_random_up_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("scim.service.system.time.sleep", slept.append)
    for _ in range(50):
        SystemClock().pause(0.4)
    assert 0 <= min(slept) < max(slept) <= 0.4


def test_ids_in_the_order_of_time_are_uuids_of_their_moment() -> None:
    ids, moments = (
        RandomIds(),
        ["2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00.001Z", "2031-01-01T00:00:00.000Z"],
    )
    made = [ids.ordered(moment) for moment in moments]
    assert made == sorted(made)
    assert {UUID(each).version for each in made} == {7}
    assert {UUID(each).variant for each in made} == {UUID(int=2 << 62).variant}
    assert int(made[0].replace("-", "")[:12], 16) == 1_772_359_200_000
    assert len({ids.ordered(moments[0]) for _ in range(100)}) == 100


def test_ids_are_random_uuids() -> None:
    made = {RandomIds().new() for _ in range(100)}
    assert len(made) == 100
    assert {UUID(each).version for each in made} == {4}
    assert all(each == str(UUID(each)) for each in made)


def test_a_secret_has_256_random_bits() -> None:
    random.seed(7)
    texts = [minted("t1") for _ in range(200)]
    random.seed(7)
    texts += [minted("t1") for _ in range(200)]
    secrets = [base64.urlsafe_b64decode(f"{text.removeprefix('scim_t1_')[:43]}=") for text in texts]
    assert len(set(secrets)) == len(texts)
    numbers = [int.from_bytes(secret, "big") for secret in secrets]
    # That a bit is the same 400 times happens to one of 2 ** 391 such tests.
    assert [bit for bit in range(256) if len({number >> bit & 1 for number in numbers}) == 1] == []
