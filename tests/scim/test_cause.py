"""The log names the call of AWS that failed."""

import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ReadTimeoutError

from scim.cause import cause_of
from scim.errors import Conflict, ScimError, TooManyRequests, Unavailable


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
