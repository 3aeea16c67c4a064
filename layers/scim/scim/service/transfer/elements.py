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
        _KEY.fullmatch(name) is not None or (isinstance(each, Mapping) and has_elements(each))
        for name, each in data.items()
    )


def with_lists(
    data: Mapping[str, object], held: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return the data with named elements turned into lists, merged into the lists of `held`."""
    found: dict[str, object] = {}
    for name, each in data.items():
        key = _KEY.fullmatch(name)
        if key is None:
            below = None if held is None else held.get(name)
            is_part = isinstance(each, Mapping) and has_elements(each)
            found[name] = (
                with_lists(each, below if isinstance(below, Mapping) else None)
                if is_part and isinstance(each, Mapping)
                else each
            )
    for name, each in data.items():
        key = _KEY.fullmatch(name)
        if key is not None:
            list_name = key["name"]
            before = found.get(list_name, None if held is None else held.get(list_name))
            elements = list(before) if isinstance(before, list) else []
            if list_name not in found and _has_primary(data, list_name):
                elements = [_secondary(element) for element in elements]
            chosen = (key["by"], json.loads(key["value"]))
            found[list_name] = (
                _with(elements, chosen, each)
                if isinstance(each, Mapping)
                else _with_several(elements, chosen, each)
            )
    return found


def _has_primary(data: Mapping[str, object], list_name: str) -> bool:
    """Tell whether the data makes one element of the list its primary one."""
    for name, each in data.items():
        key = _KEY.fullmatch(name)
        # `emails[primary eq true]` is the element that is the primary one already.
        is_other = key is not None and key["name"] == list_name and key["by"] != _PRIMARY
        if is_other and isinstance(each, Mapping) and each.get(_PRIMARY) is True:
            return True
    return False


def _secondary(element: object) -> object:
    """Return an element of a list that is not its primary one: there is one at most (RFC 7643 section 2.4)."""
    if not isinstance(element, Mapping):
        return element
    return {name: each for name, each in element.items() if name != _PRIMARY}


def _with(
    elements: list[object], chosen: tuple[str, str | bool], element: Mapping[str, object]
) -> list[object]:
    """Return the elements with one changed or added; of several that match, the primary one is changed."""
    meant = [n for n, each in enumerate(elements) if is_chosen(each, chosen)]
    if not meant:
        return [*elements, dict(element)]
    place = next((n for n in meant if is_chosen(elements[n], (_PRIMARY, True))), meant[0])
    before = elements[place]
    kept = dict(before) if isinstance(before, Mapping) else {}
    return [
        *elements[:place],
        {**kept, **element, chosen[0]: kept.get(chosen[0], chosen[1])},
        *elements[place + 1 :],
    ]


def _with_several(
    elements: list[object], chosen: tuple[str, str | bool], several: object
) -> list[object]:
    """Return the elements with several in place of all that match; those that stay keep what they have."""
    before = [each for each in elements if is_chosen(each, chosen) and isinstance(each, Mapping)]
    known = {str(each.get("value")): each for each in before}
    kept = [each for each in elements if not is_chosen(each, chosen)]
    named = (
        [each for each in several if isinstance(each, Mapping)] if isinstance(several, list) else []
    )
    return [*kept, *({**known.get(str(each.get("value")), {}), **each} for each in named)]
