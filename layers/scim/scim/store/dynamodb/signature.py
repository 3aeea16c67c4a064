"""Signs requests to DynamoDB: AWS Signature Version 4, for one region.

The steps and their names are those of "Create a signed AWS API request" in the IAM User Guide. A
request to DynamoDB is always a POST of one path without a query, which leaves little of them.
"""

import hmac
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from botocore.exceptions import NoCredentialsError

ALGORITHM = "AWS4-HMAC-SHA256"
CONTENT_TYPE = "application/x-amz-json-1.0"
SERVICE = "dynamodb"
SIGNED = "content-type;host;x-amz-date;x-amz-target"
SIGNED_IN_SESSION = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"
"""Names of headers, in the order of the alphabet, in which they are sent as well."""


class Keys(NamedTuple):
    """What a request is signed with; `token` is empty for keys that do not end."""

    access_key: str
    secret_key: str
    token: str


class SigningKeys:
    """Returns the keys to sign with now.

    A function on Lambda has them in its environment. Where they are not, or may end before the
    process does (a snapshot, a container, a role), botocore finds and refreshes them.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._keys = _in_environment(environ)
        self._chain: Any = None

    def __call__(self) -> Keys:
        """Return the keys. Raises NoCredentialsError where there are none."""
        if self._keys is not None:
            return self._keys
        if self._chain is None:
            self._chain = _chain()
        if self._chain is None:
            raise NoCredentialsError
        now = self._chain.get_frozen_credentials()
        return Keys(now.access_key, now.secret_key, now.token or "")

    def renew(self) -> bool:
        """Look again, after keys were refused; tell whether there are others now."""
        before = self()
        self.forget()
        return self() != before

    def forget(self) -> None:
        """Look again when the next request is signed: what was known is another process's."""
        self._keys, self._chain = _in_environment(self._environ), None


def _in_environment(environ: Mapping[str, str]) -> Keys | None:
    access, secret = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
    if not access or not secret or environ.get("AWS_CREDENTIAL_EXPIRATION"):
        return None
    token = environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN")
    return Keys(access, secret, token or "")


def _chain() -> Any:
    import botocore.session  # noqa: PLC0415 - loaded where it is used: it takes longer than all else

    return botocore.session.Session().get_credentials()


@lru_cache(maxsize=2)
def _moment(second: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(second))


class _Day(NamedTuple):
    """What is signed with on one day: the scope, and an HMAC that has taken in the key derived for it."""

    date: str
    secret: str
    scope: str
    mac: hmac.HMAC


class RequestSigner:
    """Signs for one host and region; `keys` returns what is to be signed with now."""

    def __init__(
        self,
        host: str,
        region: str,
        path: str,
        keys: Callable[[], Keys],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._host = host
        self._region = region
        self._start = f"POST\n{path}\n\n"
        self._keys = keys
        self._clock = clock
        self._skew = 0.0
        self._day = _Day("", "", "", hmac.new(b"", digestmod="sha256"))

    def headers(self, target: str, body: bytes) -> dict[str, str]:
        """Return the headers of a request, with its Authorization, for a value of X-Amz-Target."""
        access, secret, token = self._keys()
        moment = _moment(int(self._clock() + self._skew))
        headers = {"content-type": CONTENT_TYPE, "host": self._host, "x-amz-date": moment}
        signed = SIGNED
        if token:
            headers["x-amz-security-token"] = token
            signed = SIGNED_IN_SESSION
        headers["x-amz-target"] = target
        lines = "\n".join(map(":".join, headers.items()))
        canonical = f"{self._start}{lines}\n\n{signed}\n{sha256(body).hexdigest()}"
        day = self._day
        if day.date != moment[:8] or day.secret != secret:
            day = self._day = self._begun(moment[:8], secret)
        text = f"{ALGORITHM}\n{moment}\n{day.scope}\n{sha256(canonical.encode()).hexdigest()}"
        mac = day.mac.copy()  # it has taken the key in, once a day
        mac.update(text.encode())
        signature = mac.hexdigest()
        headers["authorization"] = (
            f"{ALGORITHM} Credential={access}/{day.scope}, "
            f"SignedHeaders={signed}, Signature={signature}"
        )
        return headers

    def set_clock(self, now: float) -> None:
        """Sign by another clock from now on, which shows `now`, in seconds since 1970."""
        self._skew = now - self._clock()

    def is_off(self, now: float, most: float) -> bool:
        """Tell whether what is signed by differs from a clock that shows `now` by more seconds."""
        return abs(self._clock() + self._skew - now) > most

    def _begun(self, date: str, secret: str) -> _Day:
        """Return what is derived once for a day and a secret key."""
        key = f"AWS4{secret}".encode()
        for part in (date, self._region, SERVICE, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return _Day(
            date,
            secret,
            f"{date}/{self._region}/{SERVICE}/aws4_request",
            hmac.new(key, digestmod="sha256"),
        )
