"""The log names the call of AWS that failed, or shows where another failure was."""

import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ReadTimeoutError

from scim.errors import Conflict, InvalidValue, ScimError, TooManyRequests, Unavailable
from scim.log import cause_of, log_not_served


def _refused(code: str, **more: object) -> ClientError:
    message = "User: arn:aws:iam::123456789012:role/x is not authorized"
    response = {"Error": {"Code": code, "Message": message}, **more}
    return ClientError(response, "PutObject")  # type: ignore[arg-type]


def _behind(error: Exception) -> Unavailable:
    unavailable = Unavailable("Try again.")
    unavailable.__cause__ = error
    return unavailable


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (_refused("AccessDenied"), "PutObject: AccessDenied"),
        (
            _refused(
                "TransactionCanceledException",
                CancellationReasons=[{"Code": "None"}, {"Code": "TransactionConflict"}],
            ),
            "PutObject: TransactionCanceledException (TransactionConflict)",
        ),
        (
            ReadTimeoutError(endpoint_url="https://kms.eu-west-1.amazonaws.com/?X-Amz-Secret"),
            "kms.eu-west-1.amazonaws.com: ReadTimeoutError",
        ),
        (NoCredentialsError(), "AWS: NoCredentialsError"),
        (ValueError("nothing of AWS"), ""),
    ],
)
def test_the_cause_is_the_call_and_its_error(error: Exception, cause: str) -> None:
    assert cause_of(_behind(error)) == cause_of(_behind(_behind(error))) == cause


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (Conflict("It has changed."), ""),
        (TooManyRequests("Slow down."), "PutObject: ThrottlingException"),
    ],
)
def test_a_refused_request_has_no_cause(error: ScimError, cause: str) -> None:
    error.__cause__ = _refused("ThrottlingException")
    assert cause_of(error) == cause


def test_an_error_of_our_own_has_no_cause() -> None:
    assert cause_of(Unavailable("Try again.")) == ""


@pytest.mark.parametrize(
    ("error", "behind", "cause", "has_traceback"),
    [
        (
            TooManyRequests("Slow down."),
            _refused("ThrottlingException"),
            "PutObject: ThrottlingException",
            False,
        ),
        (
            Unavailable("Try again."),
            _refused("ThrottlingException"),
            "PutObject: ThrottlingException",
            False,
        ),
        (Unavailable("Try again."), TimeoutError("the issuer"), "", True),
    ],
    ids=["throttled", "call-of-aws", "other-cause"],
)
def test_the_line_names_the_failed_call_or_has_the_traceback(
    caplog: pytest.LogCaptureFixture,
    error: ScimError,
    behind: Exception,
    cause: str,
    has_traceback: bool,
) -> None:
    error.__cause__ = behind
    log_not_served(error)
    (line,) = caplog.records
    members = vars(line)
    assert (line.levelname, line.message) == ("WARNING", "not served")
    assert (members["status"], members["cause"]) == (error.status, cause)
    assert members["why"] == error.detail
    assert (line.exc_info is not None) is has_traceback


@pytest.mark.parametrize("error", [InvalidValue("no"), TooManyRequests("Slow down.")])
def test_a_refusal_of_what_was_requested_is_not_logged(
    caplog: pytest.LogCaptureFixture, error: ScimError
) -> None:
    log_not_served(error)
    assert caplog.records == []
