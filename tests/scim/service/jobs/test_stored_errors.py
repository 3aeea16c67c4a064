"""A stored error comes back as it was."""

import pytest

from scim import errors
from scim.errors import MethodNotAllowed, ScimError, TooManyRequests
from scim.service.jobs.batches import restored_error, stored_error

KINDS = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ScimError)
]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_comes_back_as_it_was(kind: type[ScimError]) -> None:
    again = restored_error(*stored_error(kind("a.b: unknown")))
    assert (type(again), again.detail) == (kind, "a.b: unknown")


@pytest.mark.parametrize("error", [TooManyRequests("x", 5), MethodNotAllowed("x", ("GET",))])
def test_an_error_with_further_values_comes_back_with_its_status(error: ScimError) -> None:
    again = restored_error(*stored_error(error))
    assert (again.status, again.detail) == (error.status, "x")


def test_a_name_that_no_error_has_is_refused() -> None:
    with pytest.raises(KeyError):
        restored_error("Exception", "x")
