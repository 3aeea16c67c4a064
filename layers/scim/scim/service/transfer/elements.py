"""Single list elements in a resource from a file: a member named `emails[type eq "work"]`.

Such a member says nothing about the rest of the list: a new resource gets the named elements only, an
existing one has them changed and keeps its others. A list in it replaces all elements of that name.
"""

import json
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from scim.errors import InvalidValue
from scim.service.transfer.columns import is_chosen

_JSON_TEXT: Final = r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"'
_KEY: Final = re.compile(rf"(?P<name>\w+)\[(?P<by>\w+) eq (?P<value>{_JSON_TEXT}|true|false)\]")

_PRIMARY: Final = "primary"
MOST_MEMBERS: Final = 1000


def has_elements(data: Mapping[str, object]) -> bool:
    """Tell whether the data names elements of lists."""
    return any(
        _KEY.fullmatch(name) is not None or (isinstance(value, Mapping) and has_elements(value))
        for name, value in data.items()
    )


def with_lists(
    data: Mapping[str, object], stored_data: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return the data with named elements turned into lists, merged into the lists of `stored_data`.

    Raises InvalidValue for more than MOST_MEMBERS: each is looked for in a whole list.
    """
    stored = {} if stored_data is None else stored_data
    members = _members_in(data)
    if len(members) > MOST_MEMBERS:
        raise InvalidValue(
            f"{len(members)} names like {members[0].list_name}[…] are in one object; at most {MOST_MEMBERS} are taken."
        )
    merged = {
        name: _with_inner_lists(value, stored.get(name))
        for name, value in data.items()
        if _KEY.fullmatch(name) is None
    }
    lists_with_new_primary = {member.list_name for member in members if member.has_new_primary}
    for list_name, condition, value in members:
        elements = _elements(merged.get(list_name, stored.get(list_name)))
        if list_name not in merged and list_name in lists_with_new_primary:
            elements = [_secondary(element) for element in elements]
        merged[list_name] = (
            _with(elements, condition, value)
            if isinstance(value, Mapping)
            else _with_several(elements, condition, value)
        )
    return merged


class _Member(NamedTuple):
    """A member that names elements of a list."""

    list_name: str
    condition: tuple[str, str | bool]
    value: object

    @property
    def has_new_primary(self) -> bool:
        """Tell whether it makes another element the primary one of the list."""
        # `emails[primary eq true]` is the element that is the primary one already.
        is_other = self.condition[0] != _PRIMARY
        return is_other and isinstance(self.value, Mapping) and self.value.get(_PRIMARY) is True


def _members_in(data: Mapping[str, object]) -> list[_Member]:
    return [
        _Member(key["name"], (key["by"], json.loads(key["value"])), value)
        for name, value in data.items()
        if (key := _KEY.fullmatch(name)) is not None
    ]


def _with_inner_lists(value: object, stored_value: object) -> object:
    if isinstance(value, Mapping) and has_elements(value):
        return with_lists(value, stored_value if isinstance(stored_value, Mapping) else None)
    return value


def _elements(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _secondary(element: object) -> object:
    """Return an element of a list that is not its primary one: there is one at most (RFC 7643 section 2.4)."""
    if not isinstance(element, Mapping):
        return element
    return {name: value for name, value in element.items() if name != _PRIMARY}


def _with(
    elements: list[object], condition: tuple[str, str | bool], element: Mapping[str, object]
) -> list[object]:
    """Return the elements with one changed or added; of several that match, the primary one is changed."""
    matching = [n for n, candidate in enumerate(elements) if is_chosen(candidate, condition)]
    if not matching:
        return [*elements, dict(element)]
    position = next((n for n in matching if is_chosen(elements[n], (_PRIMARY, True))), matching[0])
    matched = elements[position]
    stored = dict(matched) if isinstance(matched, Mapping) else {}
    return [
        *elements[:position],
        {**stored, **element, condition[0]: stored.get(condition[0], condition[1])},
        *elements[position + 1 :],
    ]


def _with_several(
    elements: list[object], condition: tuple[str, str | bool], values: object
) -> list[object]:
    """Return the elements with several in place of all that match; those that stay keep what they have."""
    matching = [
        item for item in elements if is_chosen(item, condition) and isinstance(item, Mapping)
    ]
    stored_by_value = {str(item.get("value")): item for item in matching}
    not_matching = [item for item in elements if not is_chosen(item, condition)]
    new_elements = [item for item in _elements(values) if isinstance(item, Mapping)]
    return [
        *not_matching,
        *({**stored_by_value.get(str(item.get("value")), {}), **item} for item in new_elements),
    ]
