"""Small directories of things, filters about them, and what matches by a second, naive reading of the RFC.

The reading works on the parsed tree and on Python's own dates and numbers: it shares nothing
with binding, folding or predicates.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from scim.filter.parsing.tree import (
    And,
    AttributePath,
    Comparison,
    Filter,
    Literal,
    Not,
    Operator,
    Or,
    Present,
    ValuePath,
    conjunction_of,
    disjunction_of,
)
from tests.scim.filter.things import EXTENSION

IDS = ("i1", "i2", "i3", "i4")
Directory = dict[str, dict[str, Any]]

_words = st.sampled_from(["a", "A", "ab", "AB", "b", "ba", "Ba", "c d", "z", " a", "b "])
_parts = st.sampled_from(["", "a", "A", "b", "AB", "a b", " ", " a", "b "])
_integers = st.sampled_from([-100, -12, -1, 0, 1, 5, 12, 100])
_decimals = st.sampled_from(
    [Decimal(text) for text in ("-10.5", "-1", "0", "0.05", "0.5", "1", "1.50", "10", "99.9")]
)
_times = st.sampled_from(
    [
        "2020-01-01T00:00:00Z",
        "2020-01-01T01:00:00+01:00",
        "2020-01-01T00:00:00.500Z",
        "2019-12-31T23:59:59Z",
        "2020-01-01T00:00:00-05:00",
    ]
)
_ids = st.sampled_from(IDS)

_OF_PARTS = (Operator.CO, Operator.SW, Operator.EW)
_KINDS: dict[str, tuple[str, st.SearchStrategy[Any]]] = {
    "id": ("exact", _ids),
    "title": ("text", _words),
    "code": ("exact", _words),
    "count": ("number", _integers),
    "ratio": ("number", _decimals),
    "active": ("boolean", st.booleans()),
    "born": ("time", _times),
    "tags": ("text", _words),
    "parts.value": ("text", _words),
    "parts.kind": ("text", _words),
    "parts.weight": ("number", _decimals),
    "parts.primary": ("boolean", st.booleans()),
    "box.width": ("number", _integers),
    "box.labels": ("text", _words),
    "rank": ("number", _integers),
    "label": ("text", _words),
    "boss.value": ("exact", _words),
}
_OF_EXTENSION = frozenset({"rank", "label", "boss"})
_OPERATORS: dict[str, list[Operator]] = {
    "exact": list(Operator),
    "text": list(Operator),
    "number": [o for o in Operator if o not in _OF_PARTS],
    "time": [o for o in Operator if o not in _OF_PARTS],
    "boolean": [Operator.EQ, Operator.NE],
}
_ELEMENTS = {
    "parts": ("value", "kind", "weight", "primary"),
    "tags": ("",),
    "box": ("width", "labels"),
}


def _mixed_case(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.upper(), name.capitalize()])


def _path(name: str) -> st.SearchStrategy[AttributePath]:
    attribute, _, sub = name.partition(".")
    uri = EXTENSION if attribute in _OF_EXTENSION else None
    return _mixed_case(attribute).map(lambda text: AttributePath(uri, text, sub or None))


def _operands(
    kind: str, values: st.SearchStrategy[Any], operator: Operator
) -> st.SearchStrategy[Literal]:
    if operator in _OF_PARTS:
        return _parts
    return values | st.none() if operator in (Operator.EQ, Operator.NE) else values


def _comparisons(path: st.SearchStrategy[AttributePath], name: str) -> st.SearchStrategy[Filter]:
    kind, values = _KINDS[name]
    return st.sampled_from(_OPERATORS[kind]).flatmap(
        lambda operator: st.builds(
            Comparison, path, st.just(operator), _operands(kind, values, operator)
        )
    )


def _inside(attribute: str) -> st.SearchStrategy[Filter]:
    def about(sub: str) -> st.SearchStrategy[Filter]:
        path = _mixed_case(sub or "value").map(lambda text: AttributePath(None, text))
        return _comparisons(path, f"{attribute}.{sub}" if sub else attribute) | path.map(Present)

    leaves = st.sampled_from(_ELEMENTS[attribute]).flatmap(about)
    return st.recursive(leaves, _combined, max_leaves=3)


def _combined(terms: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    several = st.lists(terms, min_size=1, max_size=3)
    return several.map(conjunction_of) | several.map(disjunction_of) | terms.map(Not)


_links = st.builds(
    Comparison,
    st.sampled_from(["peers", "friends"]).flatmap(lambda name: _path(f"{name}.value")),
    st.sampled_from([Operator.EQ, Operator.NE]),
    _ids,
)
_leaves: st.SearchStrategy[Filter] = st.one_of(
    st.sampled_from(sorted(_KINDS)).flatmap(lambda name: _comparisons(_path(name), name)),
    st.sampled_from([*_KINDS, "parts", "box", "boss", "peers", "friends"])
    .flatmap(_path)
    .map(Present),
    st.sampled_from(sorted(_ELEMENTS)).flatmap(
        lambda name: st.builds(ValuePath, _path(name), _inside(name))
    ),
    _links,
)
thing_filters = st.recursive(_leaves, _combined, max_leaves=5)


def _some(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=parts)


_bodies = st.fixed_dictionaries(
    {"peers": st.sets(_ids, max_size=2)},
    optional={
        "title": _words,
        "code": _words,
        "count": _integers,
        "ratio": _decimals.map(float),
        "active": st.booleans(),
        "born": _times,
        "tags": st.lists(_words, min_size=1, max_size=2),
        "parts": st.lists(
            _some(
                value=_words, kind=_words, weight=_decimals.map(float), primary=st.booleans()
            ).filter(bool),
            min_size=1,
            max_size=3,
        ),
        "box": _some(width=_integers, labels=st.lists(_words, min_size=1, max_size=2)).filter(bool),
        EXTENSION: _some(
            rank=_integers, label=_words, boss=st.fixed_dictionaries({"value": _words})
        ).filter(bool),
    },
)
directories: st.SearchStrategy[Directory] = st.dictionaries(_ids, _bodies, max_size=4)


def view_of(directory: Directory, thing: str) -> dict[str, Any]:
    """A thing as predicates look at it: relations counted, back links with ids."""
    body = directory[thing]
    friends = sorted(each for each, other in directory.items() if thing in other["peers"])
    return {
        **body,
        "id": thing,
        "peers": len(body["peers"]),
        "friends": [{"value": each} for each in friends],
        "meta": {"resourceType": "Thing"},
    }


def matches(wanted: Filter, directory: Directory, thing: str) -> bool:
    """Whether the filter selects the thing, read naively."""
    whole = {
        **view_of(directory, thing),
        "peers": [{"value": each} for each in directory[thing]["peers"]],
    }
    whole.update(whole.pop(EXTENSION, {}))
    return _matches(wanted, {name.lower(): value for name, value in whole.items()}, "")


def _matches(wanted: Filter, subject: Any, above: str) -> bool:
    match wanted:
        case And(terms):
            return all(_matches(term, subject, above) for term in terms)
        case Or(terms):
            return any(_matches(term, subject, above) for term in terms)
        case Not(term):
            return not _matches(term, subject, above)
        case ValuePath(path, inner):
            name = path.name.lower()
            return any(_matches(inner, value, name) for value in _list(subject.get(name)))
        case Present(path):
            return bool(_values(path, subject))
        case Comparison(path, operator, literal):
            values = _values(path, subject)
            if literal is not None and _is_primary(path, above):
                values = [each.get("primary", False) for each in _elements(path, subject)]
            return _compares(_kind(path, above), values, operator, literal)


def _kind(path: AttributePath, above: str) -> str:
    name = path.name.lower() if path.sub is None else f"{path.name.lower()}.{path.sub}"
    if name in ("peers.value", "friends.value"):
        return "exact"
    if above:
        name = above if above == "tags" else f"{above}.{name}"
    return _KINDS[name][0]


def _is_primary(path: AttributePath, above: str) -> bool:
    return path.sub == "primary" or (above == "parts" and path.name.lower() == "primary")


def _elements(path: AttributePath, subject: Any) -> list[Any]:
    return [subject] if path.sub is None else _list(subject.get(path.name.lower()))


def _values(path: AttributePath, subject: Any) -> list[Any]:
    if not isinstance(subject, dict):
        return [subject]
    found = _list(subject.get(path.name.lower()))
    if path.sub is None:
        return found
    return [part for each in found for part in _list(each.get(path.sub))]


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _compares(kind: str, values: list[Any], operator: Operator, literal: Literal) -> bool:
    if literal is None:
        return (not values) == (operator is Operator.EQ)
    right = _native(kind, literal)
    lefts = [_native(kind, value) for value in values]
    if kind == "text" and operator in _OF_PARTS:
        lefts += [form for left in lefts for form in (left.lstrip(), left.rstrip())]
    elif kind == "text":
        right, lefts = right.strip(), [left.strip() for left in lefts]
    if operator is Operator.NE:
        return not lefts or any(left != right for left in lefts)
    return any(_HOLDS[operator](left, right) for left in lefts)


_HOLDS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: lambda left, right: left == right,
    Operator.CO: lambda left, right: right in left,
    Operator.SW: lambda left, right: left.startswith(right),
    Operator.EW: lambda left, right: left.endswith(right),
    Operator.GT: lambda left, right: left > right,
    Operator.GE: lambda left, right: left >= right,
    Operator.LT: lambda left, right: left < right,
    Operator.LE: lambda left, right: left <= right,
}


def _native(kind: str, value: Any) -> Any:
    match kind:
        case "text":
            return value.lower()
        case "number":
            return Decimal(str(value))
        case "time":
            return datetime.fromisoformat(value)
        case _:
            return value
