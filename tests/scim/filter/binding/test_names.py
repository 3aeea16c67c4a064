"""What attribute paths mean in a resource type."""

from dataclasses import replace

import pytest

from scim.filter.binding.names import compared_ref, is_readable, named, within
from scim.filter.parsing.parse import parse_attribute, parse_filter
from scim.filter.parsing.tree import AttributePath
from scim.profile import Tolerance
from scim.profile.parts import Domains
from scim.schema.resource_type import Extension
from scim.schema.schema import Attribute, Schema
from tests.scim.filter.things import BASE, EXTENSION, STRICT, THING, TOLERANT


@pytest.mark.parametrize(
    ("text", "strict", "tolerant"),
    [
        ("title", "title", "title"),
        ("TITLE", "title", "title"),
        (f"{BASE}:title", "title", "title"),
        (f"{EXTENSION}:title", f"{EXTENSION}:title", f"{EXTENSION}:title"),
        (f"{EXTENSION.lower()}:BOSS.VALUE", f"{EXTENSION}:boss.value", f"{EXTENSION}:boss.value"),
        ("meta.lastmodified", "meta.lastModified", "meta.lastModified"),
        ("rank", None, f"{EXTENSION}:rank"),
        (f"{EXTENSION}.rank", None, f"{EXTENSION}:rank"),
        (f"{EXTENSION}.boss.display", None, f"{EXTENSION}:boss.display"),
        (f"{EXTENSION}.nope", None, None),
        ("boss.display", None, f"{EXTENSION}:boss.display"),
        (f"{BASE}:rank", None, None),
        ("title.value", None, None),
        ("tags.value", None, "tags"),
        ("parts", "parts", "parts"),
        ("boss.nope", None, None),
        ("nope", None, None),
    ],
)
def test_a_name_means_a_place(text: str, strict: str | None, tolerant: str | None) -> None:
    for profile, expected in ((STRICT, strict), (TOLERANT, tolerant)):
        found = named(THING, parse_attribute(text), profile)
        assert (None if found is None else str(found.ref)) == expected


def test_the_values_of_an_extensions_simple_list_are_named_under_its_urn() -> None:
    schema = Schema("urn:test:list:1.0:Thing", "List", "", (Attribute("tags", multi_valued=True),))
    both = replace(THING, extensions=(Extension(schema),))
    found = named(both, parse_attribute("urn:test:list:1.0:Thing:tags.value"), TOLERANT)
    assert found is not None
    assert str(found.ref) == "urn:test:list:1.0:Thing:tags"
    assert found.tolerated == {Tolerance.WRAPPED_VALUES}


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("labels.VALUE", Tolerance.SHORT_EXTENSION_NAME),
        ("urn:test:list:1.0:Thing.labels.value", Tolerance.DOTTED_URN),
    ],
)
def test_the_values_of_a_list_may_be_named_by_its_other_names(text: str, also: Tolerance) -> None:
    attributes = (Attribute("labels", multi_valued=True), Attribute("label"))
    both = replace(
        THING, extensions=(Extension(Schema("urn:test:list:1.0:Thing", "List", "", attributes)),)
    )
    found = named(both, parse_attribute(text), TOLERANT)
    assert found is not None
    assert str(found.ref) == "urn:test:list:1.0:Thing:labels"
    assert found.tolerated == {also, Tolerance.WRAPPED_VALUES}
    for other in (f"{text}.value", text.lower().replace("labels", "label")):
        assert named(both, AttributePath(None, other), TOLERANT) is None


def test_a_short_name_that_two_extensions_define_means_neither() -> None:
    schema = THING.extensions[0].schema
    other = Extension(Schema("urn:test:other:1.0:Thing", "Other", "", schema.attributes))
    both = replace(THING, extensions=(*THING.extensions, other))
    assert named(both, AttributePath(None, "rank"), TOLERANT) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("title", True),
        ("secret", False),
        ("pin", False),
        ("parts.key", False),
        ("parts.value", True),
        ("meta.created", True),
        (f"{EXTENSION}:hidden", False),
    ],
)
def test_a_value_that_is_never_returned_is_not_readable(name: str, expected: bool) -> None:
    ref = THING.named(name)
    assert ref is not None
    assert is_readable(ref) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("title", "title"),
        ("parts", "parts.value"),
        ("parts.kind", "parts.kind"),
        ("box", None),
        ("meta", None),
    ],
)
def test_the_value_of_a_complex_attribute_stands_for_it(name: str, expected: str | None) -> None:
    ref = THING.named(name)
    assert ref is not None
    compared = compared_ref(ref)
    assert (None if compared is None else str(compared)) == expected


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('title eq "kim"', 'title eq "kim" or title ew "/kim"'),
        ('title sw "kim"', 'title sw "kim" or title co "/kim"'),
        ('title ew "kim"', 'title ew "kim"'),
        (f'{EXTENSION}:title eq "kim"', f'{EXTENSION}:title eq "kim"'),
        (f'{BASE}:title eq "kim"', f'{BASE}:title eq "kim" or {BASE}:title ew "/kim"'),
    ],
    ids=["whole", "beginning", "end", "an extension's", "with the URN"],
)
def test_a_name_without_a_domain_is_one_of_any_domain(text: str, meant: str) -> None:
    domains = Domains(names={THING.name: ("title",)}, eq_is_exact=False)
    assert within(THING, parse_filter(text).filter, domains, None) == parse_filter(meant).filter
