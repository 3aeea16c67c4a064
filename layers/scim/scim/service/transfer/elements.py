"""Single list elements in a resource from a file: a member named `emails[type eq "work"]`.

Such a member says nothing about the rest of the list: a new resource gets the named elements only, an
existing one has them changed and keeps its others. A list in it replaces all elements of that name.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from scim.service.transfer.columns import is_chosen

_KEY: Final = re.compile(r'(?P<name>\w+)\[(?P<by>\w+) eq (?P<value>"(?:[^"\\]|\\.)*"|true|false)\]')

_PRIMARY: Final = "primary"


def has_elements(data: Mapping[str, object]) -> bool:
    """Tell whether the data names elements of lists."""
    return any(
        _KEY.fullmatch(name) is not None or (isinstance(value, Mapping) and has_elements(value))
        for name, value in data.items()
    )


def with_lists(
    data: Mapping[str, object], stored_data: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return the data with named elements turned into lists, merged into the lists of `stored_data`."""
    merged: dict[str, object] = {}
    for name, value in data.items():
        key = _KEY.fullmatch(name)
        if key is None:
            if isinstance(value, Mapping) and has_elements(value):
                stored_part = None if stored_data is None else stored_data.get(name)
                merged[name] = with_lists(
                    value, stored_part if isinstance(stored_part, Mapping) else None
                )
            else:
                merged[name] = value
    for name, value in data.items():
        key = _KEY.fullmatch(name)
        if key is not None:
            list_name = key["name"]
            stored_list = merged.get(
                list_name, None if stored_data is None else stored_data.get(list_name)
            )
            elements = list(stored_list) if isinstance(stored_list, list) else []
            if list_name not in merged and _has_primary(data, list_name):
                elements = [_secondary(element) for element in elements]
            condition = (key["by"], json.loads(key["value"]))
            merged[list_name] = (
                _with(elements, condition, value)
                if isinstance(value, Mapping)
                else _with_several(elements, condition, value)
            )
    return merged


def _has_primary(data: Mapping[str, object], list_name: str) -> bool:
    """Tell whether the data makes one element of the list its primary one."""
    for name, value in data.items():
        key = _KEY.fullmatch(name)
        # `emails[primary eq true]` is the element that is the primary one already.
        is_other = key is not None and key["name"] == list_name and key["by"] != _PRIMARY
        if is_other and isinstance(value, Mapping) and value.get(_PRIMARY) is True:
            return True
    return False


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
    new_elements = (
        [item for item in values if isinstance(item, Mapping)] if isinstance(values, list) else []
    )
    return [
        *not_matching,
        *({**stored_by_value.get(str(item.get("value")), {}), **item} for item in new_elements),
    ]
