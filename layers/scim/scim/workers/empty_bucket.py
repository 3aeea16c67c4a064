"""A custom resource of CloudFormation that empties a bucket when it is deleted."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from scim.log import cause_of

logger = Logger()


class Objects(Protocol):
    """The objects in buckets."""

    def versions(self, bucket: str) -> Iterator[list[tuple[str, str]]]:
        """Yield the keys and versions of a bucket's objects, up to 1,000 at once."""
        ...

    def delete(self, bucket: str, versions: Sequence[tuple[str, str]]) -> None: ...


Answer = Callable[[str, bytes], None]
"""Puts an answer at the URL where CloudFormation waits for it."""


Emptier = Callable[[Mapping[str, Any], Any], dict[str, object]]


def bucket_emptier(objects: Objects, answer: Answer) -> Emptier:
    """Return the Lambda handler. It always answers CloudFormation, which would otherwise wait for its timeout."""

    def handler(event: Mapping[str, Any], _context: Any) -> dict[str, object]:
        response: dict[str, object] = {
            "Status": "SUCCESS",
            "PhysicalResourceId": event.get("PhysicalResourceId") or event["LogicalResourceId"],
            **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
        }
        try:
            if event["RequestType"] == "Delete":
                bucket = str(event["ResourceProperties"]["Bucket"])
                for versions in objects.versions(bucket):
                    objects.delete(bucket, versions)
        except Exception as error:
            logger.exception("the bucket is not empty")
            response |= {"Status": "FAILED", "Reason": cause_of(error) or type(error).__name__}
        answer(str(event["ResponseURL"]), json.dumps(response).encode())
        return response

    return handler
