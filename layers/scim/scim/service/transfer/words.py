"""Names and words in a file, as they are compared, and the words of a column for true and for false."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from scim.resource.fold import normalized
from scim.schema.schema import LONGEST_CACHED

_NUMBER: Final = re.compile(r"-?[0-9]{1,20}")
_TRUE: Final = ("true", "yes", "1", "wahr", "vrai", "verdadero", "vero", "verdadeiro", "waar")
_FALSE: Final = ("false", "no", "0", "falsch", "faux", "falso", "onwaar")
"""Excel saves booleans in the language of its menus: WAHR, VRAI, …"""


def folded_name(name: str) -> str:
    """Return a column's name or a word as it is compared.

    Case, needless spaces and how an accent is encoded do not count.
    """
    return _short_folded(name) if len(name) <= LONGEST_CACHED else _folded(name)


def _folded(name: str) -> str:
    return normalized("NFC", " ".join(name.replace("\ufeff", "").split())).casefold()


_short_folded: Final = lru_cache(maxsize=4096)(_folded)


@dataclass(frozen=True)
class Words:
    """The words of a column for true and for false; the first of each is the one written.

    With a `bit` a cell is a number instead, and `bit_means` what it means that the bit is set.
    """

    true: tuple[str, ...] = _TRUE
    false: tuple[str, ...] = _FALSE
    bit: int = 0
    bit_means: bool = True

    def flag(self, text: str) -> bool:
        """Return the boolean in a cell. Raises ValueError, saying what a cell may have."""
        word = folded_name(text)
        if self.bit:
            if _NUMBER.fullmatch(word) is None:
                raise ValueError("a number")
            return (int(word) & self.bit != 0) is self.bit_means
        if word in self._folded_true:
            return True
        if word in self._folded_false:
            return False
        words = f"{', '.join(self.true)} or {', '.join(self.false)}"
        raise ValueError(f"boolean: one of {words}")

    def word(self, *, flag: bool) -> str:
        """Return the word written for a boolean."""
        if self.bit:
            return str(self.bit if flag is self.bit_means else 0)
        return self.true[0] if flag else self.false[0]

    @cached_property
    def _folded_true(self) -> frozenset[str]:
        return frozenset(map(folded_name, self.true))

    @cached_property
    def _folded_false(self) -> frozenset[str]:
        return frozenset(map(folded_name, self.false))


@dataclass(frozen=True)
class Translation:
    """Pairs of a cell's text and its meaning, empty for no value; of equal ones the first counts."""

    pairs: tuple[tuple[str, str], ...] = ()

    def meaning_of(self, text: str) -> str:
        """Return the meaning of a cell. Raises ValueError, saying what a cell may have."""
        if not self.pairs:
            return text
        meaning = self._meanings.get(folded_name(text))
        if meaning is None:
            raise ValueError(f"one of {', '.join(cell_text for cell_text, _ in self.pairs)}")
        return meaning

    def text_of(self, meaning: str) -> str:
        """Return the text of a cell that has this meaning."""
        return self._texts.get(meaning, meaning)

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return {folded_name(text): meaning for text, meaning in reversed(self.pairs)}

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {meaning: text for text, meaning in reversed(self.pairs)}
