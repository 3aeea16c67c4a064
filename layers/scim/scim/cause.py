"""The failed call of AWS behind an error, for the log: an error of ours does not say which service failed."""

from collections.abc import Mapping
from urllib.parse import urlsplit

_TOO_MANY = 429


def cause_of(error: BaseException | None) -> str:
    """Return what failed, such as `PutObject: AccessDenied`; empty if no call of AWS did.

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
