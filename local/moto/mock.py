"""DynamoDB in this process: moto, with what makes it slow on a few thousand items replaced."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any
from unittest.mock import patch

from moto import mock_aws
from moto.core.models import botocore_stubber
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import dynamodb_backends

from local.intrinsics import ACCOUNT_ID, REGION
from local.moto.backend import QuickBackend
from local.moto.wire import serialize_structure


@contextmanager
def quick_moto() -> Iterator[None]:
    """Answer AWS calls of this process with moto, one at a time, until the block ends."""
    answered = botocore_stubber.process_request
    one_at_a_time = RLock()

    def in_turn(request: Any) -> Any:
        with one_at_a_time:
            return answered(request)

    with (
        mock_aws(),
        patch.object(botocore_stubber, "process_request", in_turn),
        patch.object(BaseJSONSerializer, "_serialize_type_structure", serialize_structure),
    ):
        dynamodb_backends[ACCOUNT_ID][REGION].__class__ = QuickBackend
        yield
