"""A table as lines of DynamoDB's JSON, one an item."""

import json
from collections.abc import Iterable, Iterator

from moto.dynamodb.models import dynamodb_backends

from local.intrinsics import ACCOUNT_ID, REGION
from local.moto.wire import wire, with_bytes


def lines_of(table_name: str) -> Iterator[str]:
    """Return a table's items, one a line, in DynamoDB's JSON."""
    for item in dynamodb_backends[ACCOUNT_ID][REGION].get_table(table_name).all_items():
        attributes = {name: wire(value) for name, value in item.attrs.items()}
        yield json.dumps(attributes, separators=(",", ":"))


def put_lines(table_name: str, lines: Iterable[str]) -> None:
    """Put items into a table as `lines_of` wrote them."""
    table = dynamodb_backends[ACCOUNT_ID][REGION].get_table(table_name)
    for line in lines:
        table.put_item(json.loads(line, object_hook=with_bytes))
