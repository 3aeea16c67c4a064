"""The log of the functions: the failed call of AWS behind an error, and the line for what could not be served."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scim.errors import ScimError, Unavailable

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

_TOO_MANY = 429


@cache
def logger() -> "Logger":
    """Return Powertools' logger; the first line that needs it imports it."""
    from aws_lambda_powertools import Logger  # noqa: PLC0415 - keeps cold starts short

    return Logger()


def log_not_served(error: ScimError, status: int = 0) -> None:
    """Log a response that stands for a failure, with the call of AWS that failed, or else with the traceback.

    A refusal of what was requested is no failure. `status` is that of the response if it is not the error's.
    """
    cause = cause_of(error)
    if cause or isinstance(error, Unavailable):
        members = {"status": status or error.status, "why": error.detail, "cause": cause}
        logger().warning("not served", extra=members, exc_info=None if cause else error)


def cause_of(error: BaseException | None) -> str:
    """Return what failed, for the log, such as `PutObject: AccessDenied`; empty if no call of AWS did.

    A refusal of a request (4xx, except 429) has no cause: a condition that does not hold is no failure.
    It contains no message of AWS, which may name resources and identities. botocore's errors are recognized by their
    form, because nobody but the store knows botocore.
    """
    status = getattr(error, "status", None)
    if isinstance(status, int) and status < 500 and status != _TOO_MANY:
        return ""
    while error is not None:
        response = getattr(error, "response", None)
        operation = getattr(error, "operation_name", None)
        if operation and isinstance(response, Mapping):
            return f"{operation}: {_code_of(response)}"
        if type(error).__module__ == "botocore.exceptions":
            endpoint = str(getattr(error, "kwargs", {}).get("endpoint_url") or "")
            return f"{urlsplit(endpoint).hostname or 'AWS'}: {type(error).__name__}"
        error = error.__cause__
    return ""


def _code_of(response: Mapping[str, object]) -> str:
    """Return the error's code, for a cancelled transaction with the codes of its steps."""
    error, reasons = response.get("Error"), response.get("CancellationReasons")
    code = str(error.get("Code")) if isinstance(error, Mapping) else ""
    codes = {str(reason.get("Code")) for reason in reasons} if isinstance(reasons, list) else set()
    causes = ", ".join(sorted(codes - {"None"}))
    return f"{code} ({causes})" if causes else code
