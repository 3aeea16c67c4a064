"""Storms of clients on several servers, some killed, and storms without a safeguard, which must be noticed."""

import pytest

from tests.concurrency.servers import storm

pytestmark = [pytest.mark.dynamodb, pytest.mark.timeout(900)]
BROKEN = ("-m", "tests.concurrency.broken_server")


def test_nothing_is_lost_between_servers_of_which_one_is_killed(endpoint: str) -> None:
    with storm(endpoint, seed=1, servers=3) as blowing:
        assert blowing.blow(rounds=2, deeds=16, crossings=3, kills=[2]) == []
        assert blowing.history.answers["none"] > 0
        assert blowing.left_undone() == []


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3])
def test_nothing_is_lost_in_a_long_storm_with_kills(endpoint: str, seed: int) -> None:
    with storm(endpoint, seed, servers=4) as blowing:
        assert blowing.blow(rounds=8, deeds=30, crossings=5, kills=[3, 2]) == []
        assert blowing.left_undone() == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("safeguard", "sign", "rounds"),
    [
        pytest.param("guard", "contains itself", 30, id="the guard against cycles"),
        pytest.param("condition", " was ", 30, id="the version a change was made from"),
        pytest.param("retry", "come again", 8, id="another attempt with what others made"),
    ],
)
def test_a_storm_shows_that_a_safeguard_is_missing(
    endpoint: str, safeguard: str, sign: str, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROKEN", safeguard)
    with storm(endpoint, seed=7, servers=3, program=BROKEN) as blowing:
        # It ends with the first contradiction, which takes longer where races are rare on a busy
        # machine; how many were told to come again is counted at the end.
        wrong = blowing.blow(rounds, deeds=16, crossings=5)
    assert any(sign in each for each in wrong), wrong
