"""A resource built from its cells in a file, whatever the file's format."""

from collections.abc import Mapping, Sequence
from typing import Final

from scim.errors import InvalidValue
from scim.service.transfer.columns import ID_PATH, TYPE_PATH, Column
from scim.service.transfer.mapping import Columns
from scim.service.transfer.operations import Resources

MOST_CHARACTERS: Final = 5_242_880
"""The most characters that a mapping makes of a row: as many as a line of a file has bytes at most."""


def resource_of(
    cells: Sequence[tuple[Column, str]],
    cells_by_column: Mapping[str, str],
    mapping: Columns,
    resources: Resources,
) -> dict[str, object]:
    """Return the resource in the cells; templates take their text from `filled`, by column name.

    Raises InvalidValue for a cell that does not fit its attribute, and for more text than a file's line may have.
    """
    filled = sum(len(text) for _, text in cells)
    if filled + sum(t.length(cells_by_column) for t in mapping.templates) > MOST_CHARACTERS:
        raise InvalidValue(
            f"The mapping makes more than {MOST_CHARACTERS} characters of the cells."
        )
    type_name = next(
        (column.meaning_of(text).strip() for column, text in cells if column.path == TYPE_PATH),
        None,
    )
    resource: dict[str, object] = {"meta": {"resourceType": type_name or mapping.resource_type}}
    resource_type = resources.type_of(resource)
    for column, text in cells:
        if column.path == ID_PATH:
            resource[ID_PATH] = text.strip()
        elif column.path != TYPE_PATH:
            column.put(resource, resource_type, text)
    for template in mapping.templates:
        text = template.filled(cells_by_column)
        if text and template.column.is_of(resource_type):
            template.column.put(resource, resource_type, text)
    return _without_empty_places(resource)


def _without_empty_places(resource: dict[str, object]) -> dict[str, object]:
    """Return the resource without list elements that no column gave a value."""
    cleaned: dict[str, object] = {}
    for name, value in resource.items():
        if isinstance(value, list):
            cleaned[name] = [element for element in value if element != {}]
        elif isinstance(value, dict):
            cleaned[name] = _without_empty_places(value)
        else:
            cleaned[name] = value
    return cleaned
