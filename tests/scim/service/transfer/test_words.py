"""Names and words of a file are compared as people read them, and long ones are not remembered."""

import pytest

from scim.schema.schema import LONGEST_CACHED
from scim.service.transfer.words import Words, _short_folded, folded_name


@pytest.mark.parametrize("name", ["E-Mail Address", " e-mail  ADDRESS ", "\ufeffE-Mail\tAddress"])
def test_case_and_spaces_do_not_count(name: str) -> None:
    assert folded_name(name) == "e-mail address"


def test_accents_may_be_signs_of_their_own() -> None:
    assert folded_name("Pre\u0301nom") == folded_name("PR\u00c9NOM")


@pytest.mark.timeout(10)
def test_a_cell_of_combining_marks_is_compared_in_linear_time() -> None:
    marks = 400_000
    assert folded_name("A" + "\u0316\u0301" * marks)[: marks + 1] == "\u00e1" + "\u0316" * marks


def test_a_cell_of_megabytes_is_not_remembered() -> None:
    _short_folded.cache_clear()
    assert folded_name("x" * LONGEST_CACHED) == "x" * LONGEST_CACHED
    assert _short_folded.cache_info().currsize == 1
    assert folded_name("X" * 1_000_000) == "x" * 1_000_000
    with pytest.raises(ValueError, match=r"one of true, yes, 1, .* or false, no, 0, "):
        Words().flag("?" * 1_000_000)
    names = {"x" * LONGEST_CACHED, *map(folded_name, (*Words().true, *Words().false))}
    assert _short_folded.cache_info().currsize == len(names)


@pytest.mark.parametrize(
    ("words", "text", "flag"),
    [
        (Words(), " YES ", True),
        (Words(), "0", False),
        (Words(("on",), ("off",)), "Off", False),
        (Words(bit=2), "514", True),
        (Words(bit=2, bit_means=False), "514", False),
    ],
)
def test_a_word_means_true_or_false(words: Words, text: str, flag: object) -> None:
    assert words.flag(text) is flag
    assert words.flag(words.word(flag=bool(flag))) is flag
