"""Checks AWS's own signatures (Signature Version 4) as API Gateway does for routes with AWS_IAM.

There is one principal, with a well-known access key; IAM policies are not evaluated.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.api_gateway.refusal import Refusal
from local.http import Request
from local.intrinsics import ACCOUNT_ID, REGION

KEY = SECRET = "local"  # noqa: S105 - well known
PRINCIPAL = f"arn:aws:iam::{ACCOUNT_ID}:user/local"

_FORM = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/execute-api/aws4_request,"
    r"\s*SignedHeaders=(?P<headers>[a-z0-9;-]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_SKEW = timedelta(minutes=5)
_UNSIGNED = Refusal("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
_INCOMPLETE = Refusal("INVALID_SIGNATURE", "Authorization header requires 'Credential' parameter.")
_UNKNOWN = Refusal("ACCESS_DENIED", "The security token included in the request is invalid.")
_EXPIRED = Refusal("INVALID_SIGNATURE", "Signature expired.")
_DIFFERS = Refusal(
    "INVALID_SIGNATURE",
    "The request signature we calculated does not match the signature you provided.",
)


def identity_of(request: Request, now: datetime | None = None) -> dict[str, str] | Refusal:
    """Return the part of `requestContext.identity` about the signer of a request, or the gateway's refusal."""
    header = request.header("Authorization")
    if not header:
        return _UNSIGNED
    found = _FORM.fullmatch(header.strip())
    if found is None:
        return _INCOMPLETE
    if found["key"] != KEY:
        return _UNKNOWN
    stamp = request.header("X-Amz-Date") or ""
    if not _is_recent(stamp, now or datetime.now(UTC)):
        return _EXPIRED
    if not hmac.compare_digest(
        _signature(request, found["headers"].split(";"), stamp), found["signature"]
    ):
        return _DIFFERS
    return {
        "accountId": ACCOUNT_ID,
        "accessKey": KEY,
        "caller": KEY,
        "user": KEY,
        "userArn": PRINCIPAL,
    }


def _signature(request: Request, signed: list[str], stamp: str) -> str:
    headers = {name: value for name in signed if (value := request.header(name)) is not None}
    query = f"?{request.query}" if request.query else ""
    url = f"http://{request.header('Host')}{request.path}{query}"
    again = AWSRequest(request.method, url, headers, request.body)
    again.context["timestamp"] = stamp
    signer = SigV4Auth(Credentials(KEY, SECRET), "execute-api", REGION)
    text = signer.string_to_sign(again, signer.canonical_request(again))
    return signer.signature(text, again)


def _is_recent(stamp: str, now: datetime) -> bool:
    try:
        signed = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(now - signed) <= _SKEW
