"""The methods of boto3's low-level DynamoDB client that the store uses."""

from collections.abc import Callable
from typing import Any, Protocol


class TableClient(Protocol):
    """The part of boto3's low-level DynamoDB client that the store uses."""

    @property
    def get_item(self) -> Callable[..., Any]: ...
    @property
    def batch_get_item(self) -> Callable[..., Any]: ...
    @property
    def query(self) -> Callable[..., Any]: ...
    @property
    def put_item(self) -> Callable[..., Any]: ...
    @property
    def update_item(self) -> Callable[..., Any]: ...
    @property
    def transact_write_items(self) -> Callable[..., Any]: ...
