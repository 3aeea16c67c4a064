"""The local store by DynamoDB's own protocol, so that the command line can administer it."""

import os
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from moto.core.models import botocore_stubber

from local.http import Answer, Request
from local.intrinsics import REGION

_TARGET = "DynamoDB_20120810."
_LOOPBACK = {"127.0.0.1", "localhost"}
_REAL = "AWS_ENDPOINT_URL_DYNAMODB"


def aws_answer(request: Request) -> Answer | None:
    """Return the store's answer to a request of AWS's tools, None when it is none of those.

    Only a client that was told this machine's address is meant: what a browser was led to by
    another name is not.
    """
    host = urlsplit(f"//{request.header('Host')}").hostname
    is_meant = request.method == "POST" and host in _LOOPBACK
    if not is_meant or not (request.header("X-Amz-Target") or "").startswith(_TARGET):
        return None
    endpoint = os.environ.get(_REAL)
    url = endpoint or f"https://dynamodb.{REGION}.amazonaws.com/"
    headers = {name: value for name, value in request.headers if name.lower() != "host"}
    prepared = AWSRequest("POST", url, headers, request.body).prepare()
    if endpoint:
        sent = URLLib3Session().send(prepared)
        return Answer(sent.status_code, tuple(sent.headers.items()), sent.content)
    # Looked up anew each time: local.moto replaces it while its store is open.
    match botocore_stubber.process_request(prepared):
        case (int(status), dict(answered), str() | bytes() as body):
            content = body.encode() if isinstance(body, str) else body
            return Answer(status, tuple((k, str(v)) for k, v in answered.items()), content)
    return None
