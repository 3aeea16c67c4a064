"""The trees of parsed filters and PATCH paths: their text, before any schema resolves it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from scim.profile import Tolerance

Literal = str | bool | int | Decimal | None
# In Python True == 1 == Decimal(1), also inside trees: where types matter, compare the trees' texts.


class Operator(StrEnum):
    """The operators that take a value, RFC 7644 table 3; `pr` is a node of its own."""

    EQ = "eq"
    NE = "ne"
    CO = "co"
    SW = "sw"
    EW = "ew"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"


@dataclass(frozen=True, slots=True)
class AttributePath:
    """An attribute as the client names it, in the client's letters.

    Without the schemas, a bare schema URN looks like an attribute: `urn:…:2.0:User` is read as the
    attribute `User` of `urn:…:2.0`. Code that resolves a path first checks whether str(path) is the
    URN of a schema.
    """

    uri: str | None
    name: str
    sub: str | None = None

    def __str__(self) -> str:
        prefix = "" if self.uri is None else f"{self.uri}:"
        suffix = "" if self.sub is None else f".{self.sub}"
        return f"{prefix}{self.name}{suffix}"


# The nodes that filling a known filter creates are not frozen, although nothing changes them: the
# initialiser of a frozen node would take longer than all the rest.


@dataclass(slots=True, unsafe_hash=True)
class Comparison:
    path: AttributePath
    operator: Operator
    value: Literal

    def __str__(self) -> str:
        return f"{self.path} {self.operator} {literal_text(self.value)}"


@dataclass(frozen=True, slots=True)
class Present:
    path: AttributePath

    def __str__(self) -> str:
        return f"{self.path} pr"


@dataclass(slots=True, unsafe_hash=True)
class And:
    terms: tuple[Filter, ...]

    def __str__(self) -> str:
        return " and ".join(
            f"({term})" if isinstance(term, And | Or) else str(term) for term in self.terms
        )


@dataclass(slots=True, unsafe_hash=True)
class Or:
    terms: tuple[Filter, ...]

    def __str__(self) -> str:
        return " or ".join(
            f"({term})" if isinstance(term, Or) else str(term) for term in self.terms
        )


@dataclass(slots=True, unsafe_hash=True)
class Not:
    term: Filter

    def __str__(self) -> str:
        return f"not ({self.term})"


@dataclass(slots=True, unsafe_hash=True)
class ValuePath:
    """A filter that a single value of an attribute must satisfy: `emails[type eq "work" and …]`."""

    path: AttributePath
    filter: Filter

    def __str__(self) -> str:
        return f"{self.path}[{self.filter}]"


Filter = Comparison | Present | And | Or | Not | ValuePath


@dataclass(frozen=True, slots=True)
class PatchPath:
    """The path of a PATCH operation: `path`, or its values that match `filter`, or the `sub` of these.

    Without a filter, the sub-attribute is in `path.sub`, and `sub` is None. `text` is what the client
    sent, and `tolerances` are those that it needs beyond the RFC's grammar; comparisons ignore both.
    """

    path: AttributePath
    filter: Filter | None = None
    sub: str | None = None
    text: str = field(default="", compare=False)
    tolerances: frozenset[Tolerance] = field(default=frozenset(), compare=False)

    def __str__(self) -> str:
        values = "" if self.filter is None else f"[{self.filter}]"
        suffix = "" if self.sub is None else f".{self.sub}"
        return f"{self.path}{values}{suffix}"


def conjunction_of(terms: Iterable[Filter]) -> Filter:
    """Return the conjunction of the terms, flattened: `a and (b and c)` means `a and b and c`."""
    flat: list[Filter] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, And) else (term,))
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction_of(terms: Iterable[Filter]) -> Filter:
    """Return the disjunction of the terms, flattened."""
    flat: list[Filter] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Or) else (term,))
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def with_terms(
    filter_: Filter, leaf: Callable[[Comparison | Present | ValuePath], Filter]
) -> Filter:
    """Return the filter with each leaf replaced, under the same `and`, `or` and `not`."""
    match filter_:
        case And():
            return conjunction_of(with_terms(term, leaf) for term in filter_.terms)
        case Or():
            return disjunction_of(with_terms(term, leaf) for term in filter_.terms)
        case Not():
            return Not(with_terms(filter_.term, leaf))
        case _:
            return leaf(filter_)


def comparisons_in(filter_: Filter) -> int:
    """Return the number of comparisons that a filter makes with one value; `pr` is one."""
    match filter_:
        case And() | Or():
            return sum(map(comparisons_in, filter_.terms))
        case Not():
            return comparisons_in(filter_.term)
        case ValuePath():
            return comparisons_in(filter_.filter)
        case _:
            return 1


def literal_text(value: Literal) -> str:
    """Return a value as a literal of a filter."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
