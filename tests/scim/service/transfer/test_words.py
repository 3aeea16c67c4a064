"""Names and words of a file are compared as people read them, and long ones are not remembered."""

import pytest

from scim.schema.schema import LONGEST_CACHED
from scim.service.transfer.words import Translation, Words, _short_folded, folded_name


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


def test_many_words_are_folded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    number = 5000  # more than folded_name remembers
    translation = Translation(tuple((f"T{n}", f"means {n}") for n in range(number)))
    words = Words(tuple(f"yes {n}" for n in range(number)), tuple(f"no {n}" for n in range(number)))
    assert (translation.meaning_of("t1"), words.flag("YES 1"), words.flag("no 1")) == (
        "means 1",
        True,
        False,
    )
    folded: list[str] = []
    monkeypatch.setattr(
        "scim.service.transfer.words.folded_name", lambda name: folded.append(name) or name
    )
    assert (translation.meaning_of("t2"), words.flag("yes 2"), words.flag("no 2")) == (
        "means 2",
        True,
        False,
    )
    assert folded == ["t2", "yes 2", "no 2"]
    assert translation.text_of("means 3") == "T3"


def test_of_equal_texts_and_of_equal_meanings_the_first_counts() -> None:
    translation = Translation((("A", "one"), ("a ", "two"), ("b", "one")))
    assert (translation.meaning_of(" a"), translation.text_of("one")) == ("one", "A")
