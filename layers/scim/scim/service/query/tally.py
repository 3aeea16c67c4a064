"""How much one query has read, within what the deployment allows."""

from scim.errors import TooMany
from scim.schema.resource_type import ResourceType


class Tally:
    """Counts the items a query reads; more than `most` are too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.items = 0

    def add(self, number: int, resource_type: ResourceType) -> None:
        """Count items of a type. Raises TooMany saying what would narrow the query."""
        self.items += number
        if self.items > self._most:
            raise TooMany(
                f"The query would read more than {self._most} items of {resource_type.name};"
                f" narrow it by one of: {_indexed(resource_type)};"
                " or let the operator index what it asks for."
            )


def _indexed(resource_type: ResourceType) -> str:
    return ", ".join(["id", *(index.attribute for index in resource_type.indexes)])
