"""A stored error comes back as it was."""

import pytest

from scim.errors import (
    BadRequest,
    InvalidPath,
    InvalidValue,
    MethodNotAllowed,
    ScimError,
    TooManyRequests,
    UnknownTarget,
)
from scim.service.jobs.batches import restored_error, stored_error


@pytest.mark.parametrize(
    "error", [InvalidValue("x"), InvalidPath("a.b: unknown"), UnknownTarget("y"), BadRequest("z")]
)
def test_an_error_comes_back_as_it_was(error: ScimError) -> None:
    again = restored_error(*stored_error(error))
    assert (type(again), again.detail) == (type(error), error.detail)


@pytest.mark.parametrize("error", [TooManyRequests("x", 5), MethodNotAllowed("x", ("GET",))])
def test_an_error_with_further_values_comes_back_with_its_detail(error: ScimError) -> None:
    assert restored_error(*stored_error(error)).detail == "x"


def test_a_name_that_no_error_has_is_refused() -> None:
    with pytest.raises(KeyError):
        restored_error("Exception", "x")
