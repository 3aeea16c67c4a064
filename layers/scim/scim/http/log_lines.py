"""Lines of the log: a request's is written as Powertools' Logger writes it, without importing that."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from scim.compact import encode_by
from scim.service.metrics import of_request

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

_SHOWN = frozenset({"", "NOTSET", "DEBUG", "INFO"})


@dataclass(frozen=True, slots=True)
class RequestLines:
    """Writes one line for each request, unless the level of the log is above INFO.

    `trace` returns the trace that the invocation belongs to, empty for none; requests are metrics
    with the dimensions `measured_by`, none without.
    """

    service: str = "service_undefined"
    level: str = "INFO"
    trace: Callable[[], str] = str
    measured_by: Sequence[Sequence[str]] = ()

    def write(self, told: Mapping[str, object], status: int) -> None:
        """Write a line with these members, of a request that was answered with this status."""
        if self.level.upper() not in _SHOWN:
            return
        now = time.time()
        second = int(now)
        line = {
            "level": "INFO",
            "message": "request",
            "timestamp": f"{_second(second)},{int((now - second) * 1000):03}+0000",
            "service": self.service,
            **told,
            **(of_request(status, self.measured_by) if self.measured_by else {}),
        }
        trace = self.trace()
        if trace:
            line["xray_trace_id"] = trace
        sys.stdout.write(_encode(line) + "\n")


_encode = encode_by(str, ", ", ": ")


@lru_cache(maxsize=2)
def _second(since_1970: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(since_1970))


@cache
def logger() -> "Logger":
    """Return Powertools' logger, which is imported with the first line that is not a request's."""
    from aws_lambda_powertools import Logger  # noqa: PLC0415 - no cold start waits for it

    return Logger()


_KINDS = (
    ("okta", "okta"),
    ("azure", "entra"),
    ("microsoft", "entra"),
    ("onelogin", "onelogin"),
    ("google", "google"),
    ("jumpcloud", "jumpcloud"),
    ("ping", "ping"),
    ("keycloak", "keycloak"),
    ("authentik", "authentik"),
    ("rippling", "rippling"),
    ("oracle", "oracle"),
    ("sailpoint", "sailpoint"),
    ("curl", "curl"),
    ("python", "python"),
    ("java", "java"),
    ("okhttp", "java"),
    ("go-http-client", "go"),
    ("node", "node"),
    ("axios", "node"),
    ("mozilla", "browser"),
)
"""What a User-Agent holds, and what kind of client that is; the first that fits counts."""


@lru_cache(maxsize=256)
def client_kind(agent: str) -> str:
    """Return what kind of client a User-Agent is of, `none` for one that does not say, `other` for the rest.

    It is one of the words above: what the client wrote stays out of the log.
    """
    if not agent:
        return "none"
    return next((kind for part, kind in _KINDS if part in agent.lower()), "other")
