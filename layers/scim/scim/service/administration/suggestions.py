"""Suggestions for misspelled words."""

import difflib
from collections.abc import Iterable


def suggestion(word: str, names: Iterable[str]) -> str:
    """Return a sentence with the nearest of the names, preceded by a space; empty if none is near."""
    by_fold = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower(), by_fold, 1, cutoff=0.6)
    return f" Did you mean {by_fold[near[0]]}?" if near else ""
