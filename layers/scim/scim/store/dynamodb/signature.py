"""Signs requests to DynamoDB: AWS Signature Version 4, for one region.

The steps and their names are those of "Create a signed AWS API request" in the IAM User Guide. A
request to DynamoDB is always a POST of one path without a query, which leaves little of them.
"""

import time
from collections.abc import Callable
from hashlib import sha256
from hmac import digest
from typing import NamedTuple

ALGORITHM = "AWS4-HMAC-SHA256"
CONTENT_TYPE = "application/x-amz-json-1.0"
SERVICE = "dynamodb"


class Keys(NamedTuple):
    """What a request is signed with; `token` is empty for keys that do not end."""

    access_key: str
    secret_key: str
    token: str


class Signer:
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
        self._path = path
        self._keys = keys
        self._clock = clock
        self._skew = 0.0
        self._derived: tuple[str, str, bytes] = ("", "", b"")

    def headers(self, target: str, body: bytes) -> dict[str, str]:
        """Return the headers of a request, with its Authorization, for a value of X-Amz-Target."""
        keys = self._keys()
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock() + self._skew))
        headers = {
            "content-type": CONTENT_TYPE,
            "host": self._host,
            "x-amz-date": moment,
        }
        if keys.token:
            headers["x-amz-security-token"] = keys.token
        headers["x-amz-target"] = target
        signed = ";".join(headers)
        lines = "".join([f"{name}:{value}\n" for name, value in headers.items()])
        canonical = f"POST\n{self._path}\n\n{lines}\n{signed}\n{sha256(body).hexdigest()}"
        scope = f"{moment[:8]}/{self._region}/{SERVICE}/aws4_request"
        text = f"{ALGORITHM}\n{moment}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        signature = digest(self._key(moment[:8], keys.secret_key), text.encode(), "sha256").hex()
        headers["authorization"] = (
            f"{ALGORITHM} Credential={keys.access_key}/{scope}, "
            f"SignedHeaders={signed}, Signature={signature}"
        )
        return headers

    def set_clock(self, now: float) -> None:
        """Sign by another clock from now on, which shows `now`, in seconds since 1970."""
        self._skew = now - self._clock()

    def is_off(self, now: float, most: float) -> bool:
        """Tell whether what is signed by differs from a clock that shows `now` by more seconds."""
        return abs(self._clock() + self._skew - now) > most

    def _key(self, day: str, secret: str) -> bytes:
        """Return the key of a day, derived once."""
        known_day, known_secret, key = self._derived
        if known_day != day or known_secret != secret:
            key = f"AWS4{secret}".encode()
            for part in (day, self._region, SERVICE, "aws4_request"):
                key = digest(key, part.encode(), "sha256")
            self._derived = (day, secret, key)
        return key
