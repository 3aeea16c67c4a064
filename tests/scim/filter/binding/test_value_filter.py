"""Value filters of PATCH paths."""

from typing import Any

import pytest

from scim.errors import InvalidFilter
from scim.filter.binding.predicate import element_predicate
from scim.filter.binding.value_filter import bound_element
from scim.filter.parsing.parse import parse_path
from scim.filter.parsing.tree import Filter
from scim.profile import Tolerance
from scim.schema.schema import Attribute
from tests.scim.filter.things import STRICT, THING, TOLERANT, TYPES, line


def _read(path: str, type_name: str = "Thing") -> tuple[Attribute, Filter]:
    read = parse_path(path)
    attribute = TYPES[type_name].attribute(read.path.name)
    assert attribute is not None
    assert read.filter is not None
    return attribute, read.filter


@pytest.mark.parametrize(
    ("path", "element", "expected"),
    [
        ('parts[kind eq "WORK"]', {"kind": "work"}, True),
        ('parts[kind eq "WORK"]', {"kind": "home"}, False),
        ('parts[kind eq "work"]', {}, False),
        ('parts[KIND eq "work"].value', {"kind": "work"}, True),
        ('parts[kind ne "work"]', {}, True),
        ("parts[kind pr]", {"kind": ""}, False),
        ("parts[kind eq null]", {"value": "x"}, True),
        ('parts[kind eq "work" and value co "@x"]', {"kind": "work", "value": "a@X"}, True),
        ('parts[kind eq "a" or kind eq "b"]', {"kind": "b"}, True),
        ('parts[not (kind eq "a")]', {"kind": "b"}, True),
        ("parts[primary eq true]", {"primary": True}, True),
        ("parts[weight gt 1]", {"weight": 1.5}, True),
        ('tags[value eq "RED"]', "red", True),
        ('tags[value sw "b"]', "red", False),
        ('box[labels eq "b"]', {"labels": ["a", "B"]}, True),
        ('box[labels eq "b"]', {}, False),
        ('box[labels ne "b"]', {"labels": ["a", "B"]}, True),
        ('box[labels ne "b"]', {"labels": ["b"]}, False),
        ('box[labels ne "b"]', {}, True),
        ('peers[value eq "i1"]', {"value": "i1"}, True),
        ('peers[display co "x" and value pr]', {"value": "i1", "display": "Max"}, True),
    ],
)
def test_a_value_filter_selects_values(path: str, element: Any, expected: bool) -> None:
    attribute, wanted = _read(path)
    assert element_predicate(attribute, wanted, STRICT)(element) is expected


def test_a_tolerance_a_value_filter_needs_is_named() -> None:
    attribute, wanted = _read('roles[primary eq "True"]', "User")
    made = bound_element(attribute, wanted, TOLERANT)
    assert line(made.tree) == "roles.primary eq 'true'"
    assert made.tolerated == {Tolerance.STRING_BOOLEAN}
    with pytest.raises(InvalidFilter, match="expected true or false"):
        bound_element(attribute, wanted, STRICT)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ('parts[nope eq "x"]', "'nope' is not a sub-attribute of 'parts'"),
        ('parts[parts.kind eq "x"]', "'parts.kind' is not a sub-attribute of 'parts'"),
        ('parts[urn:test:core:1.0:Thing:kind eq "x"]', "is not a sub-attribute of 'parts'"),
        ('parts[key sw "x"]', "'key' is never returned and cannot be used in a filter"),
        ("parts[weight co 1]", "'weight' is of type decimal, which has no 'co'"),
        ("tags[type pr]", "'type' is not a sub-attribute of 'tags'; possible are value"),
    ],
)
def test_a_filter_that_cannot_select_values_is_refused(path: str, detail: str) -> None:
    attribute, wanted = _read(path)
    with pytest.raises(InvalidFilter) as refused:
        element_predicate(attribute, wanted, TOLERANT)
    assert detail in refused.value.detail


def test_a_secret_attribute_has_no_value_filter() -> None:
    locks = THING.attribute("locks")
    assert locks is not None
    with pytest.raises(InvalidFilter, match="never returned"):
        element_predicate(locks, _read('parts[value eq "x"]')[1], TOLERANT)
