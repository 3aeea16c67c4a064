"""Signs requests to DynamoDB with AWS Signature Version 4, for one region.

The steps and their names come from "Create a signed AWS API request" in the IAM User Guide. Every request to
DynamoDB is a POST to one path without a query string, so few of the steps remain.
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
"""Header names in alphabetical order; the headers are sent in the same order."""


class Keys(NamedTuple):
    """The keys that sign a request; `token` is empty for long-term keys."""

    access_key: str
    secret_key: str
    token: str


class SigningKeys:
    """Returns the keys to sign with now.

    A Lambda function finds them in its environment. If they are absent there, or may expire while the process
    runs (a snapshot, a container, a role), botocore finds and refreshes them.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._keys = _in_environment(environ)
        self._chain: Any = None

    def __call__(self) -> Keys:
        """Return the keys. Raises NoCredentialsError when there are none."""
        if self._keys is not None:
            return self._keys
        if self._chain is None:
            self._chain = _chain()
        if self._chain is None:
            raise NoCredentialsError
        now = self._chain.get_frozen_credentials()
        return Keys(now.access_key, now.secret_key, now.token or "")

    def renew(self) -> bool:
        """Look the keys up again after AWS refused them, and return whether they have changed."""
        before = self()
        self.forget()
        return self() != before

    def forget(self) -> None:
        """Look the keys up again before the next signature: the known ones belong to another process."""
        self._keys, self._chain = _in_environment(self._environ), None


def _in_environment(environ: Mapping[str, str]) -> Keys | None:
    access, secret = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
    if not access or not secret or environ.get("AWS_CREDENTIAL_EXPIRATION"):
        return None
    token = environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN")
    return Keys(access, secret, token or "")


def _chain() -> Any:
    import botocore.session  # noqa: PLC0415 - imported only when needed: it takes longer than all other imports

    return botocore.session.Session().get_credentials()


@lru_cache(maxsize=2)
def _moment(second: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(second))


class _Day(NamedTuple):
    """What is computed once a day: the scope, and an HMAC that is initialized with the derived key."""

    date: str
    secret: str
    scope: str
    mac: hmac.HMAC


class RequestSigner:
    """Signs requests for one host and region; `keys` returns the current keys."""

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
        """Return the headers of a request, including Authorization; `target` is its X-Amz-Target."""
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
        mac = day.mac.copy()  # already initialized with the day's key
        mac.update(text.encode())
        signature = mac.hexdigest()
        headers["authorization"] = (
            f"{ALGORITHM} Credential={access}/{day.scope}, "
            f"SignedHeaders={signed}, Signature={signature}"
        )
        return headers

    def set_clock(self, now: float) -> None:
        """Use `now`, in seconds since 1970, as the time of signatures from here on."""
        self._skew = now - self._clock()

    def is_off(self, now: float, most: float) -> bool:
        """Tell whether the time of signatures differs from `now` by more than `most` seconds."""
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
