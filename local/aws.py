"""The local store by AWS's own protocols, so that the command line can administer it.

DynamoDB's table, the secrets that functions read, and the files of jobs at the addresses that jobs hand out.
"""

import os
import re
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from moto.core.models import botocore_stubber

from local.http import Answer, Request
from local.intrinsics import REGION

_TARGET = "DynamoDB_20120810."
_WRITES = {"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"}
_LOOPBACK = {"127.0.0.1", "localhost"}
_FILES = re.compile(r"[\w.-]+\.s3(?:[.-][\w-]+)?\.amazonaws\.com")
_REAL = "AWS_ENDPOINT_URL_DYNAMODB"
_FORM = "application/x-www-form-urlencoded"
_SECRETS = "secretsmanager"
_SERVICES = {
    "AWSEvents": "events",
    "AWSStepFunctions": "states",
    "AmazonSQS": "sqs",
    "TrentService": "kms",
    _SECRETS: _SECRETS,
}
"""The services by how the targets of their requests begin; S3 has none."""


def aws_answer(request: Request) -> Answer | None:
    """Return the store's answer to a request of AWS's tools, None when it is none of those.

    Only a client that was told this machine's address is meant: what a browser was led to by
    another name is not.
    """
    host = urlsplit(f"//{request.header('Host')}").hostname
    if is_of_files(host) and request.method in {"GET", "PUT"}:
        return _of_moto(f"https://{host}{request.path}?{request.query}", request)
    is_meant = request.method == "POST" and host in _LOOPBACK
    target = request.header("X-Amz-Target") or ""
    if is_meant and target.startswith(f"{_SECRETS}."):
        return _of_moto(f"https://{_SECRETS}.{REGION}.amazonaws.com/", request)
    if not is_meant or not target.startswith(_TARGET):
        return None
    endpoint = os.environ.get(_REAL)
    url = endpoint or f"https://dynamodb.{REGION}.amazonaws.com/"
    if endpoint:
        sent = URLLib3Session().send(
            AWSRequest("POST", url, _headers(request), request.body).prepare()
        )
        return Answer(sent.status_code, tuple(sent.headers.items()), sent.content)
    return _of_moto(url, request)


def shared_answer(request: Request) -> Answer:
    """Return what the services beside DynamoDB answer other processes, which ask at one address."""
    target = request.header("X-Amz-Target") or ""
    service = _SERVICES.get(target.partition(".")[0], "s3")
    url = f"https://{service}.{REGION}.amazonaws.com{request.path}"
    answer = _of_moto(f"{url}?{request.query}" if request.query else url, request)
    return answer or Answer(501, (), b"")


def is_of_files(host: str | None) -> bool:
    """Tell whether a host is where a job's files are."""
    return _FILES.fullmatch(host or "") is not None


def is_aws_write(request: Request) -> bool:
    """Tell whether a request of AWS's tools changes items of the table."""
    target = request.header("X-Amz-Target") or ""
    return target.removeprefix(_TARGET) in _WRITES


def _headers(request: Request) -> dict[str, str]:
    # curl calls a file a form unless it is told otherwise, and moto would drop the file then.
    left_out = {"host", "content-type"} if request.header("Content-Type") == _FORM else {"host"}
    return {name: value for name, value in request.headers if name.lower() not in left_out}


def _of_moto(url: str, request: Request) -> Answer | None:
    prepared = AWSRequest(request.method, url, _headers(request), request.body).prepare()
    # Looked up anew each time: local.moto replaces it while its store is open.
    match botocore_stubber.process_request(prepared):
        case (int(status), dict(answered), str() | bytes() as body):
            content = body.encode() if isinstance(body, str) else body
            return Answer(status, tuple((k, str(v)) for k, v in answered.items()), content)
    return None
