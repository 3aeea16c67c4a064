"""Suggestions for misspelled words."""

import difflib
from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a sentence with the nearest known word, preceded by a space; empty if none is near."""
    by_fold = {each.lower(): each for each in known}
    near = difflib.get_close_matches(word.lower(), by_fold, 1, cutoff=0.6)
    return f" Did you mean {by_fold[near[0]]}?" if near else ""
