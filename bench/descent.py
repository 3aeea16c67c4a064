"""A handwritten filter parser: a baseline for the service's speed, and a check of its trees.

One regular expression splits the text into words, and one function for each rule of RFC 7644 section 3.4.2.2
reads them: no cache, no bounds, no positions. It builds the service's own trees, so that they can be
compared.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from scim.filter.parsing.tree import (
    AttributePath,
    Comparison,
    Filter,
    Literal,
    Not,
    Operator,
    Present,
    ValuePath,
    conjunction_of,
    disjunction_of,
)

_TOKEN: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"|[()\[\]]|[^\s()\[\]"]+')
_PATH: Final = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*:.+):)?(\$?[A-Za-z][\w$-]*)(?:\.(\$?[A-Za-z][\w$-]*))?"
)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?(?:[eE][+-]?\d+)?")
_OPERATORS: Final = {operator.value: operator for operator in Operator}
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


def descended(text: str) -> Filter:
    """Return the tree of a filter. Raises ValueError if the text is not a filter."""
    reader = _Reader(_TOKEN.findall(text))
    found = reader.disjunction()
    if reader.here < len(reader.words):
        raise ValueError(f"{reader.word()} is left over")
    return found


@dataclass(slots=True)
class _Reader:
    """The words of a text, and how many have been read."""

    words: list[str]
    here: int = 0

    def word(self) -> str:
        """Return the next word in lower case, empty at the end."""
        return self.words[self.here].lower() if self.here < len(self.words) else ""

    def took(self, word: str) -> bool:
        """Skip the next word if it is `word`, and tell whether it was."""
        if self.word() != word:
            return False
        self.here += 1
        return True

    def expect(self, word: str) -> None:
        """Skip the next word. Raises ValueError if it is not `word`."""
        if not self.took(word):
            raise ValueError(f"expected {word}, found {self.word()}")

    def disjunction(self) -> Filter:
        terms = [self.conjunction()]
        while self.took("or"):
            terms.append(self.conjunction())
        return disjunction_of(terms)

    def conjunction(self) -> Filter:
        terms = [self.term()]
        while self.took("and"):
            terms.append(self.term())
        return conjunction_of(terms)

    def term(self) -> Filter:
        if self.took("not"):
            self.expect("(")
            inner = self.disjunction()
            self.expect(")")
            return Not(inner)
        if self.took("("):
            inner = self.disjunction()
            self.expect(")")
            return inner
        path = self.path()
        if self.took("["):
            return self.value_path(path)
        return self.condition(path)

    def value_path(self, path: AttributePath) -> Filter:
        inner = self.disjunction()
        self.expect("]")
        if self.word().startswith("."):
            sub = self.words[self.here][1:]
            self.here += 1
            inner = conjunction_of((inner, self.condition(AttributePath(None, sub))))
        return ValuePath(path, inner)

    def condition(self, path: AttributePath) -> Filter:
        if self.took("pr"):
            return Present(path)
        operator = _OPERATORS.get(self.word())
        if operator is None:
            raise ValueError(f"{self.word()} is no operator")
        self.here += 1
        return Comparison(path, operator, self.literal())

    def path(self) -> AttributePath:
        found = _PATH.fullmatch(self.words[self.here]) if self.here < len(self.words) else None
        if found is None:
            raise ValueError(f"{self.word()} is no attribute")
        self.here += 1
        return AttributePath(*found.groups())

    def literal(self) -> Literal:
        if self.here == len(self.words):
            raise ValueError("a value is missing")
        word = self.words[self.here]
        self.here += 1
        if word.startswith('"'):
            return str(json.loads(word)) if "\\" in word else word[1:-1]
        if word.lower() in _CONSTANTS:
            return _CONSTANTS[word.lower()]
        if _NUMBER.fullmatch(word) is None:
            raise ValueError(f"{word} is no value")
        return int(word) if word.lstrip("-").isdecimal() else Decimal(word)
