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
from scim.resource.body import AttributeKey
from scim.resource.budget import RequestBudget, values_in
from scim.resource.projection import Projection
from scim.schema.resource_type import AttributeRef, ResourceType

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
    return tuple(_filter_of(resource_type, name, by) or _without_pick(name) for name in names)


def excluded_picks_as_filters(
    resource_type: ResourceType, names: Iterable[str], by: str
) -> tuple[str, ...]:
    """Return `excludedAttributes` with `credentials[OTP]` as a filter on the sub-attribute `by`.

    Omits an attribute without this sub-attribute: all its values stay.
    """
    names_and_filters = [(name, _filter_of(resource_type, name, by)) for name in names]
    return tuple(
        filter_ or name for name, filter_ in names_and_filters if filter_ or "[" not in name
    )


def _without_pick(name: str) -> str:
    # `sub` would look for a match at each character of a long name.
    pick = _PICK.fullmatch(name)
    return name if pick is None else f"{pick['name']}{pick['part']}"


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
    names_without_filter = [name for name in names if "[" not in name]
    with_parts = [_without_filter(path) for path in paths]
    projection = Projection.of(
        resource_type, [*names_without_filter, *with_parts], (), rules.profile
    )
    refs = [ref for name in names_without_filter if (ref := resource_type.named(name)) is not None]
    whole_attributes = {(ref.container, ref.attribute.name) for ref in refs}
    tests = _tests("attributes", resource_type, paths, rules)
    selections = {
        attribute_key: any_test(tests_of_attribute)
        for attribute_key, tests_of_attribute in tests.items()
        if attribute_key not in whole_attributes
    }
    return replace(projection, selections=selections, tolerated=projection.tolerated | rules.needed)


def leaving_out_values(
    resource_type: ResourceType, names: Sequence[str], rules: SelectionRules
) -> Projection:
    """Return the projection of `excludedAttributes` with filters: it removes the values that match one.

    Raises InvalidValue for an invalid filter of the attribute.
    """
    paths = _paths("excludedAttributes", names, rules)
    if any(path.sub is not None for path in paths):
        raise InvalidValue("excludedAttributes: a filter leaves out whole values, not their parts.")
    names_without_filter = [name for name in names if "[" not in name]
    projection = Projection.of(resource_type, (), names_without_filter, rules.profile)
    tests = _tests("excludedAttributes", resource_type, paths, rules)
    selections = {
        attribute_key: _none_of(tests_of_attribute)
        for attribute_key, tests_of_attribute in tests.items()
    }
    return replace(projection, selections=selections, tolerated=projection.tolerated | rules.needed)


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
) -> dict[AttributeKey, list[Test]]:
    """Return the tests of the filters by attribute; ignores unknown attributes."""
    tests: dict[AttributeKey, list[Test]] = {}
    for path in paths:
        named_attribute = named(resource_type, path.path, rules.profile)
        if named_attribute is None or path.filter is None:
            continue
        try:
            test = _counted(
                named_attribute.ref, with_ids_as_text(path.filter, rules.profile), rules
            )
        except InvalidFilter as error:
            raise InvalidValue(f"{parameter}: {error.detail}") from error
        tests.setdefault(
            (named_attribute.ref.container, named_attribute.ref.attribute.name), []
        ).append(test)
    return tests


def _counted(ref: AttributeRef, filter_: Filter, rules: SelectionRules) -> Test:
    """Return the test, which charges its comparisons to the budget."""
    test = element_predicate(ref.attribute, filter_, rules.profile)
    terms = comparisons_in(filter_)

    def counted(value: object) -> bool:
        rules.budget.compare(terms * values_in(value))
        return test(value)

    return counted


def _none_of(tests: Sequence[Test]) -> Test:
    return lambda value: not any(test(value) for test in tests)
