"""Filters in `attributes` and `excludedAttributes`: `emails[type eq "work"].value` (a tolerance).

A profile may have a short form of them, `credentials[OTP]` for `credentials[type eq "OTP"]`.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scim.errors import InvalidFilter, InvalidPath, InvalidValue
from scim.filter.binding.names import named, with_ids_as_text
from scim.filter.binding.predicate import Test, any_test, element_predicate
from scim.filter.parsing.limits import FilterLimits
from scim.filter.parsing.parse import parse_path
from scim.filter.parsing.tree import Filter, PatchPath, comparisons_in
from scim.profile import Profile, Tolerance
from scim.resource.budget import RequestBudget, values_in
from scim.resource.projection import Projection
from scim.schema.resource_type import AttributeRef, ResourceType

_Place = tuple[str | None, str]
_NEEDED = frozenset({Tolerance.FILTERED_ATTRIBUTES})
_PICK = re.compile(r"(?P<name>[^][]+)\[(?P<wanted>[^][]+)\](?P<part>.*)")


@dataclass(frozen=True, slots=True)
class SelectionRules:
    """The rules for the filters: the profile, their limits, and the budget that they are charged to."""

    profile: Profile
    limits: FilterLimits
    budget: RequestBudget

    @property
    def needed(self) -> frozenset[Tolerance]:
        """The tolerance that a filter needs, none if the profile has its own form of them."""
        return _NEEDED & self.profile.tolerances


def picks_as_filters(resource_type: ResourceType, names: Iterable[str], by: str) -> tuple[str, ...]:
    """Return `attributes` with `credentials[OTP]` as a filter on the sub-attribute `by`.

    An attribute without this sub-attribute keeps all its values.
    """
    found = [(each, _filter_of(resource_type, each, by)) for each in names]
    return tuple(wanted or _PICK.sub(r"\g<name>\g<part>", each) for each, wanted in found)


def excluded_picks_as_filters(
    resource_type: ResourceType, names: Iterable[str], by: str
) -> tuple[str, ...]:
    """Return `excludedAttributes` with `credentials[OTP]` as a filter on the sub-attribute `by`.

    Omits an attribute without this sub-attribute: all its values stay.
    """
    found = [(each, _filter_of(resource_type, each, by)) for each in names]
    return tuple(wanted or each for each, wanted in found if wanted or "[" not in each)


def _filter_of(resource_type: ResourceType, name: str, by: str) -> str | None:
    pick = _PICK.fullmatch(name)
    if pick is None:
        return None
    ref = resource_type.named(pick["name"])
    if ref is None or ref.attribute.sub(by) is None:
        return None
    return f"{pick['name']}[{by} eq {json.dumps(pick['wanted'].strip())}]{pick['part']}"


def showing_values(
    resource_type: ResourceType, names: Sequence[str], rules: SelectionRules
) -> Projection:
    """Return the projection of `attributes` with filters: it keeps only the values that match one.

    An attribute that is also named without a filter keeps all its values. Raises InvalidValue for an
    invalid filter of the attribute.
    """
    paths = _paths("attributes", names, rules)
    plain = [each for each in names if "[" not in each]
    with_parts = [_without_filter(path) for path in paths]
    projection = Projection.of(resource_type, [*plain, *with_parts], (), rules.profile)
    refs = [ref for each in plain if (ref := resource_type.named(each)) is not None]
    whole = {(ref.container, ref.attribute.name) for ref in refs}
    tests = _tests("attributes", resource_type, paths, rules)
    shown = {place: any_test(found) for place, found in tests.items() if place not in whole}
    return replace(projection, selections=shown, tolerated=projection.tolerated | rules.needed)


def leaving_out_values(
    resource_type: ResourceType, names: Sequence[str], rules: SelectionRules
) -> Projection:
    """Return the projection of `excludedAttributes` with filters: it removes the values that match one.

    Raises InvalidValue for an invalid filter of the attribute.
    """
    paths = _paths("excludedAttributes", names, rules)
    if any(path.sub is not None for path in paths):
        raise InvalidValue("excludedAttributes: a filter leaves out whole values, not their parts.")
    plain = [each for each in names if "[" not in each]
    projection = Projection.of(resource_type, (), plain, rules.profile)
    tests = _tests("excludedAttributes", resource_type, paths, rules)
    left = {place: _none_of(found) for place, found in tests.items()}
    return replace(projection, selections=left, tolerated=projection.tolerated | rules.needed)


def _paths(parameter: str, names: Iterable[str], rules: SelectionRules) -> list[PatchPath]:
    paths: list[PatchPath] = []
    for name in names:
        if "[" not in name:
            continue
        try:
            path = parse_path(name.strip(), rules.limits)
        except InvalidPath as error:
            raise InvalidValue(f"{parameter}: {error.detail}") from error
        if refused := path.tolerances - rules.profile.tolerances:
            raise InvalidValue(f"{parameter}: the filter needs {min(refused)}, which is off here.")
        paths.append(path)
    terms = sum(comparisons_in(path.filter) for path in paths if path.filter is not None)
    if terms > rules.limits.terms:
        raise InvalidValue(f"{parameter}: there are more than {rules.limits.terms} comparisons.")
    return paths


def _without_filter(path: PatchPath) -> str:
    return str(replace(path, filter=None))


def _tests(
    parameter: str, resource_type: ResourceType, paths: Iterable[PatchPath], rules: SelectionRules
) -> dict[_Place, list[Test]]:
    """Return the tests of the filters by attribute; ignores unknown attributes."""
    tests: dict[_Place, list[Test]] = {}
    for path in paths:
        found = named(resource_type, path.path, rules.profile)
        if found is None or path.filter is None:
            continue
        try:
            test = _counted(found.ref, with_ids_as_text(path.filter, rules.profile), rules)
        except InvalidFilter as error:
            raise InvalidValue(f"{parameter}: {error.detail}") from error
        tests.setdefault((found.ref.container, found.ref.attribute.name), []).append(test)
    return tests


def _counted(ref: AttributeRef, wanted: Filter, rules: SelectionRules) -> Test:
    """Return the test, which charges its comparisons to the budget."""
    test = element_predicate(ref.attribute, wanted, rules.profile)
    terms = comparisons_in(wanted)

    def counted(value: object) -> bool:
        rules.budget.compare(terms * values_in(value))
        return test(value)

    return counted


def _none_of(tests: Sequence[Test]) -> Test:
    return lambda value: not any(test(value) for test in tests)
