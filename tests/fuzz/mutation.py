"""Texts made of known ones: pieces cut, doubled, swapped between two, and words of the trade put in."""

import random
from collections.abc import Iterator, Sequence

WORDS = (
    *(
        '"',
        "\\",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        " ",
        "\n",
        "\x00",
        "\ud800",
        "\ufeff",
    ),
    *(
        "and",
        "or",
        "not",
        "eq",
        "ne",
        "co",
        "sw",
        "ew",
        "pr",
        "gt",
        "le",
        "true",
        "null",
        "members",
    ),
    *(
        "emails",
        "value",
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "1e999",
        "-0",
        "NaN",
        "9" * 40,
    ),
    *("\u00df", "\ufb01", "\u0130", "\u202e", '"path":', '"op":"remove"', '"value":[{}]', "$ref"),
)
LONGEST = 8_000


def mutated(texts: Sequence[str], seed: int, number: int) -> Iterator[str]:
    """Yield so many texts."""
    dice = random.Random(seed)
    for _ in range(number):
        text = dice.choice(texts)
        for _ in range(dice.choice((1, 1, 2, 3, 6))):
            text = _changed(dice, text, texts)[:LONGEST]
        yield text


def _changed(dice: random.Random, text: str, texts: Sequence[str]) -> str:
    start, end = sorted((dice.randrange(len(text) + 1), dice.randrange(len(text) + 1)))
    match dice.randrange(6):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return text[:end] + text[start:end] * dice.choice((1, 2, 40)) + text[end:]
        case 2:
            other = dice.choice(texts)
            return text[:start] + other[dice.randrange(len(other) + 1) :]
        case 3:
            return (
                text[:start]
                + chr(dice.choice((dice.randrange(128), dice.randrange(0x3000))))
                + text[start:]
            )
        case _:
            return text[:start] + dice.choice(WORDS) * dice.choice((1, 1, 3)) + text[start:]
