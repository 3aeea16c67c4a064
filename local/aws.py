"""The local store through AWS's own protocols, so that the command line can administer it.

These are DynamoDB's table, the functions' secrets, and the files of jobs at the URLs that jobs return.
"""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from moto.core.models import botocore_stubber

from local.http import Answer, Request
from local.intrinsics import REGION

_TARGET = "DynamoDB_20120810."
_WRITES = {"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"}
_LOOPBACK = {"127.0.0.1", "localhost"}
FILES_PATH = "/local-files/"
"""The path at which the files of jobs are, followed by the host and the path that they have at S3."""
_FILES = re.compile(r"[\w.-]+\.s3(?:[.-][\w-]+)?\.amazonaws\.com")
_LINK = re.compile(rb"https://(?=" + _FILES.pattern.encode() + rb"/)")
_OF_THE_WAY = {"connection", "content-encoding", "content-length", "transfer-encoding"}
"""Headers about how a response came, not what it is: its content is put together when it is passed on."""
_FORM = "application/x-www-form-urlencoded"
_SECRETS = "secretsmanager"
_STORES = {
    "DynamoDB_20120810": ("dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"),
    _SECRETS: (_SECRETS, "AWS_ENDPOINT_URL"),
}
"""What the command line writes: the service, and the variable with its address if it is not in this process."""
_SERVICES = {
    "AWSEvents": "events",
    "AWSStepFunctions": "states",
    "AmazonSQS": "sqs",
    "TrentService": "kms",
    _SECRETS: _SECRETS,
}
"""The services by the prefix of their requests' targets; S3 has none."""


def aws_answer(request: Request) -> Answer | None:
    """Return the store's response to a request of AWS's tools, None for another request.

    Only a client that was given this machine's address is served, not a browser that reached it under another
    name.
    """
    if not _is_meant_for_here(request):
        return None
    if request.path.startswith(FILES_PATH):
        return _file_answer(request)
    target = request.header("X-Amz-Target") or ""
    service = _STORES.get(target.partition(".")[0])
    if request.method != "POST" or service is None:
        return None
    name, variable = service
    url = f"https://{name}.{REGION}.amazonaws.com/"
    if endpoint := os.environ.get(variable):
        response = URLLib3Session().send(
            AWSRequest("POST", endpoint, _headers(request), request.body).prepare()
        )
        headers = [
            header for header in response.headers.items() if header[0].lower() not in _OF_THE_WAY
        ]
        return Answer(response.status_code, tuple(headers), response.content)
    return _of_moto(url, request)


def shared_answer(request: Request) -> Answer:
    """Return the response of the services besides DynamoDB, which other processes call at one address."""
    target = request.header("X-Amz-Target") or ""
    service = _SERVICES.get(target.partition(".")[0], "s3")
    url = f"https://{service}.{REGION}.amazonaws.com{request.path}"
    answer = _of_moto(f"{url}?{request.query}" if request.query else url, request)
    return answer or Answer(501, (), b"")


def job_answer(request: Request, serve: Callable[[Request], Answer]) -> Answer:
    """Return the response to a request about jobs, with links to their files that lead to this machine."""
    if not _is_meant_for_here(request):
        return serve(request)
    # A compressed response would have to be unpacked to find its links.
    plain = tuple(header for header in request.headers if header[0].lower() != "accept-encoding")
    answer = serve(replace(request, headers=plain))
    files_url = f"http://{request.header('Host')}{FILES_PATH}".encode()
    return answer._replace(body=_LINK.sub(files_url, answer.body))


def _file_answer(request: Request) -> Answer | None:
    host, _, path = request.path.removeprefix(FILES_PATH).partition("/")
    if _FILES.fullmatch(host) is None or request.method not in {"GET", "PUT"}:
        return None
    return _of_moto(f"https://{host}/{path}?{request.query}", request)


def _is_meant_for_here(request: Request) -> bool:
    return urlsplit(f"//{request.header('Host')}").hostname in _LOOPBACK


def is_aws_write(request: Request) -> bool:
    """Tell whether a request of AWS's tools changes items of the table."""
    target = request.header("X-Amz-Target") or ""
    return target.removeprefix(_TARGET) in _WRITES


def _headers(request: Request) -> dict[str, str]:
    # By default curl sends a file with the media type of a form, and moto would then drop the file.
    left_out = {"host", "content-type"} if request.header("Content-Type") == _FORM else {"host"}
    return {name: value for name, value in request.headers if name.lower() not in left_out}


def _of_moto(url: str, request: Request) -> Answer | None:
    aws_request = AWSRequest(request.method, url, _headers(request), request.body).prepare()
    # Looked up at each call, because local.moto replaces it while its store is open.
    match botocore_stubber.process_request(aws_request):
        case (int(status), dict(headers), str() | bytes() as body):
            content = body.encode() if isinstance(body, str) else body
            return Answer(status, tuple((k, str(v)) for k, v in headers.items()), content)
    return None
