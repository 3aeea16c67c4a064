"""Several values in one cell, joined by a separator: each keeps its place.

A value that contains the separator, or begins or ends with a space, is quoted and its quotation marks
are doubled, as in CSV itself.
"""

import re
from collections.abc import Sequence
from functools import lru_cache


def split_list(text: str, separator: str) -> list[str]:
    """Return the values of a cell; an empty place is an empty text."""
    pattern = _pattern(separator)
    values: list[str] = []
    position = 0
    while True:
        match = pattern.match(text, position)
        if match is None:
            end = text.find(separator, position)
            value = (text[position:] if end < 0 else text[position:end]).strip()
            position = len(text) + 1 if end < 0 else end + len(separator)
        else:
            value = match["quoted"].replace('""', '"')
            position = match.end() if match["end"] else len(text) + 1
        values.append(value)
        if position > len(text):
            return values


def joined_list(values: Sequence[str], separator: str) -> str:
    """Return the values joined into one text, empty where all values are empty."""
    if not any(values):
        return ""
    return separator.join(_guarded(value, separator) for value in values)


def _guarded(value: str, separator: str) -> str:
    is_plain = separator not in value and value == value.strip() and not value.startswith('"')
    return value if is_plain else '"' + value.replace('"', '""') + '"'


@lru_cache(maxsize=64)
def _pattern(separator: str) -> re.Pattern[str]:
    sign = re.escape(separator)
    # A separator that is itself a space has no spaces around it.
    spaces = r"\s*" if separator.strip() else ""
    return re.compile(rf'{spaces}"(?P<quoted>(?:[^"]|"")*)"{spaces}(?:(?P<end>{sign})|\Z)')
