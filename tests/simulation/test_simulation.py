"""Histories of seeds show no fault, earlier failures stay mended, and a removed safeguard is noticed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from tests.sampled import sampled
from tests.simulation.broken import SAFEGUARDS, broken
from tests.simulation.case import Case
from tests.simulation.choices import Choices
from tests.simulation.faults import NOTHING
from tests.simulation.fresh import found_from
from tests.simulation.shrink import Shrinker

CASES = json.loads(Path(__file__).with_name("cases.json").read_text("utf-8"))
"""What clients do, and which faults there are, where a mistake was found or a safeguard is needed."""
FOUND = [pytest.param(each, id=each["why"]) for each in CASES["found"]]
CAUGHT = [pytest.param(name, case, id=name) for name, case in CASES["broken"].items()]
SEEDS = 120


def cases_of(held: Mapping[str, Any], seeds: int) -> Iterator[Case]:
    """Yield the histories of some seeds in which clients do the same."""
    plan = [[tuple(words) for words in client] for client in held["plan"]]
    rates = replace(NOTHING, **held["rates"])
    return (Case(str(seed), plan, rates=rates) for seed in range(seeds))


def first_failing(held: Mapping[str, Any], seeds: int = SEEDS) -> Case | None:
    return next((case for case in cases_of(held, seeds) if case.happen().verdict()), None)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logger = Logger()
    level = logger.log_level
    logger.setLevel("CRITICAL")
    yield
    logger.setLevel(level)


@pytest.mark.parametrize("seed", sampled(range(1, 61), every=5))
@pytest.mark.sampled(4)
def test_a_history_under_faults_shows_nothing_wrong(seed: int) -> None:
    assert Case.of_seed(seed).happen().verdict() == []


@pytest.mark.parametrize("seeds", [15, pytest.param(SEEDS, marks=pytest.mark.long)])
@pytest.mark.parametrize("held", FOUND)
@pytest.mark.sampled(3)
def test_histories_that_failed_once_do_not_fail_again(held: Mapping[str, Any], seeds: int) -> None:
    assert first_failing(held, seeds) is None


@pytest.mark.parametrize(("safeguard", "held"), CAUGHT)
@pytest.mark.sampled(2)
def test_a_safeguard_taken_out_shows(safeguard: str, held: Mapping[str, Any]) -> None:
    with broken(safeguard):
        found = first_failing(held)
    assert found is not None
    assert found.happen().verdict() == []


def test_every_safeguard_has_a_case() -> None:
    assert CASES["broken"].keys() == SAFEGUARDS.keys()


@pytest.mark.long
@pytest.mark.parametrize("safeguard", SAFEGUARDS)
def test_a_safeguard_taken_out_shows_from_any_seed(safeguard: str) -> None:
    assert found_from(safeguard, 30_000_000).wrong


def test_a_seed_is_one_history() -> None:
    once, again = ([], [])
    for trace in (once, again):
        Case.of_seed(3).happen(trace)
    assert once == again


def test_a_recorded_history_is_the_same_without_its_seed() -> None:
    seen, again = ([], [])
    case = Case.of_seed(2)
    case.happen(seen)
    case.recorded().happen(again)
    assert seen == again


@pytest.mark.long
def test_a_failing_history_becomes_smaller_and_still_fails() -> None:
    held = CASES["broken"]["nesting-guard"]
    more = [[("find", "p1"), ("get", "g2")], *held["plan"]]
    with broken("nesting-guard"):
        found = first_failing({**held, "plan": more})
        assert found is not None
        small = Shrinker(found).smallest()
        assert small.happen().verdict() != []
    assert sum(map(len, small.plan)) == 2


def test_choices_follow_what_was_recorded() -> None:
    first = Choices(7)
    drawn = [first.below(50) for _ in range(20)]
    again = Choices(recorded=first.taken)
    assert [again.below(50) for _ in range(25)] == drawn + [0] * 5
