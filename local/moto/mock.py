"""DynamoDB in this process: starts moto with the replacements of this package."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from secrets import token_hex
from threading import RLock
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from botocore.awsrequest import AWSPreparedRequest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from moto import mock_aws
from moto.core import responses
from moto.core.models import botocore_stubber
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamRecord
from moto.dynamodbstreams.models import ShardIterator, dynamodbstreams_backends
from moto.kms.responses import KmsResponse

from local.intrinsics import ACCOUNT_ID, REGION
from local.moto import operations
from local.moto.backend import ForgettingStreams, QuickBackend
from local.moto.expressions import expressions_read_once
from local.moto.wire import serialize_structure
from scim.store.dynamodb.connections import Connections, HttpAnswer

if TYPE_CHECKING:
    from botocore.compat import HTTPHeaders

_really = Connections.exchange
_method_names = cache(method_names_from_class)
"""Cached, because moto computes them for each request."""


@contextmanager
def quick_moto() -> Iterator[None]:
    """Answer AWS calls of this process by moto, one at a time, until the block ends."""
    answered = botocore_stubber.process_request
    one_at_a_time = RLock()

    def in_turn(request: Any) -> Any:
        with one_at_a_time:
            done = operations.answered(request.url, request.headers, request.body)
            return answered(request) if done is None else done

    with (
        mock_aws(),
        patch.object(botocore_stubber, "process_request", in_turn),
        patch.object(responses, "method_names_from_class", _method_names),
        patch.object(responses, "gen_amzn_requestid_long", _request_id),
        patch.object(BaseJSONSerializer, "_serialize_type_structure", serialize_structure),
        expressions_read_once(),
        patch.object(KmsResponse, "sign", _signs_digests(KmsResponse.sign)),
        patch.object(Connections, "exchange", _exchange),
        _untracked(Item, StreamRecord, ShardIterator),
    ):
        dynamodb_backends[ACCOUNT_ID][REGION].__class__ = QuickBackend
        dynamodbstreams_backends[ACCOUNT_ID][REGION].__class__ = ForgettingStreams
        yield


class _Nothing(list[object]):
    """A list to which nothing is added."""

    def append(self, _: object) -> None:
        """Add nothing."""


@contextmanager
def _untracked(*models: type) -> Iterator[None]:
    """Let objects of these classes end: moto lists all that it ever made, each state of each item among them."""
    with ExitStack() as patches:
        for model in models:
            patches.enter_context(patch.object(model, "instances_tracked", _Nothing()))
        yield


def _request_id(headers: dict[str, Any] | None = None) -> str:
    """Return a request id and add it to a response's headers; moto's own takes 52 random numbers."""
    id_ = token_hex(26).upper()
    if headers is not None:
        headers["x-amzn-requestid"] = id_
    return id_


def _signs_digests(usual: Callable[[KmsResponse], str]) -> Callable[[KmsResponse], str]:
    """Return moto's Sign, which takes a digest for a message, corrected for digests with P-256 keys."""

    def sign(self: KmsResponse) -> str:
        if self._get_param("MessageType") != "DIGEST":
            return usual(self)
        key = self.kms_backend.describe_key(self._get_param("KeyId"))
        held: Any = key.private_key
        digest = self._get_param("Message")
        signature = held.private_key.sign(digest, ECDSA(Prehashed(SHA256())))
        answer = {"KeyId": key.arn, "Signature": b64encode(signature).decode()}
        return json.dumps({**answer, "SigningAlgorithm": self._get_param("SigningAlgorithm")})

    return sign


def _exchange(connections: Connections, headers: dict[str, str], body: bytes) -> HttpAnswer:
    """Have moto respond to what the store sends to AWS: moto does not intercept the store's own connections."""
    if not connections.host.endswith(".amazonaws.com"):
        return _really(connections, headers, body)
    request = AWSPreparedRequest(
        "POST", connections.url, cast("HTTPHeaders", headers), body, stream_output=False
    )
    # Looked up at each call, because a test may replace it.
    match botocore_stubber.process_request(request):
        case (int(status), dict(answered), str() | bytes() as text):
            content = text.encode() if isinstance(text, str) else text
            received = {name.lower(): str(value) for name, value in answered.items()}
            return HttpAnswer(status, received, content)
    return _really(connections, headers, body)
