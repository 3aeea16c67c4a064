"""A reader of untrusted text fails only with a refusal."""

import pytest

from tests.fuzz.guided import covered, guided
from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("runs", [300, pytest.param(20_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", TARGETS)
def test_a_text_is_read_or_refused(name: str, runs: int) -> None:
    target = TARGETS[name]
    read = [target.survives(text) for text in mutated(target.texts(), 1, runs // target.one_of)]
    # Of few texts that are long perhaps none is read.
    assert any(read) or target.one_of > 1
    assert not all(read) or name in {"list", "csv"}


@pytest.mark.parametrize("name", TARGETS)
def test_the_seed_texts_are_read_or_refused_unchanged(name: str) -> None:
    target = TARGETS[name]
    assert any(target.survives(text) for text in target.texts())


def test_a_seed_makes_the_same_texts() -> None:
    assert list(mutated(["ab", "cd"], 3, 50)) == list(mutated(["ab", "cd"], 3, 50))


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("filter", 200),
        pytest.param("filter", 5_000, marks=pytest.mark.long),
        pytest.param("patch", 2_000, marks=pytest.mark.long),
    ],
)
def test_texts_that_lead_further_are_kept_and_lead_further_still(name: str, runs: int) -> None:
    target = TARGETS[name]
    kept, lines = guided(target, 1, runs)
    assert kept > 0
    assert lines > covered(target, target.texts())
