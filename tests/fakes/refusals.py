"""An AWS that refuses everything, on a port of this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fakes.posts import Posted, answering


@contextmanager
def refusing(code: str) -> Iterator[str]:
    """Yield the address of a DynamoDB that answers every request with this error."""
    kind = f"com.amazonaws.dynamodb.v20120810#{code}"
    content = json.dumps({"__type": kind, "message": f"The answer is {code}."}).encode()
    with answering(lambda _: Posted(400, "application/x-amz-json-1.0", content)) as address:
        yield address
