"""Each refusal is one row of RFC 7644 table 9, told to the client as section 3.12 has it."""

import pytest

from scim import errors
from scim.errors import (
    ERROR_URN,
    LONGEST_DETAIL,
    BadRequest,
    BreakerOpen,
    Conflict,
    ExpiredCursor,
    Forbidden,
    InternalError,
    InvalidCount,
    InvalidCursor,
    InvalidFilter,
    InvalidPath,
    InvalidSchemas,
    InvalidSyntax,
    InvalidValue,
    InvalidVersion,
    KeyReused,
    MethodNotAllowed,
    MissingExtension,
    Mutability,
    NoTarget,
    NotFound,
    NotImplementedHere,
    PayloadTooLarge,
    PreconditionFailed,
    ScimError,
    Sensitive,
    TooMany,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Uniqueness,
    UnknownResource,
    UnknownTarget,
    UnsupportedMediaType,
)

ROWS = [
    (BadRequest("x"), 400, None),
    (InvalidFilter("x"), 400, "invalidFilter"),
    (TooMany("x"), 400, "tooMany"),
    (InvalidCursor("x"), 400, "invalidCursor"),
    (ExpiredCursor("x"), 400, "expiredCursor"),
    (InvalidCount("x"), 400, "invalidCount"),
    (Uniqueness("x"), 409, "uniqueness"),
    (Mutability("x"), 400, "mutability"),
    (InvalidSyntax("x"), 400, "invalidSyntax"),
    (InvalidSchemas("x"), 400, "invalidSyntax"),
    (InvalidPath("x"), 400, "invalidPath"),
    (NoTarget("x"), 400, "noTarget"),
    (InvalidValue("x"), 400, "invalidValue"),
    (MissingExtension("x"), 400, "invalidValue"),
    (UnknownTarget("x"), 400, "invalidValue"),
    (InvalidVersion("x"), 400, "invalidVers"),
    (Unauthorized("x"), 401, None),
    (Forbidden("x"), 403, None),
    (Sensitive("x"), 403, "sensitive"),
    (NotFound("x"), 404, None),
    (UnknownResource("x"), 404, None),
    (MethodNotAllowed("x", ("GET",)), 405, None),
    (Conflict("x"), 409, None),
    (PreconditionFailed("x"), 412, None),
    (PayloadTooLarge("x"), 413, None),
    (UnsupportedMediaType("x"), 415, None),
    (KeyReused("x"), 422, None),
    (TooManyRequests("x", 5), 429, None),
    (BreakerOpen("x", 5), 429, None),
    (NotImplementedHere("x"), 501, None),
    (InternalError("x"), 500, None),
    (Unavailable("x"), 503, None),
]


@pytest.mark.parametrize(
    ("error", "status", "scim_type"), ROWS, ids=[type(row[0]).__name__ for row in ROWS]
)
def test_a_class_is_a_row(error: ScimError, status: int, scim_type: str | None) -> None:
    assert (error.status, error.scim_type) == (status, scim_type)


@pytest.mark.parametrize("error", [row[0] for row in ROWS], ids=lambda each: type(each).__name__)
def test_the_status_is_told_as_text_and_the_type_only_where_there_is_one(error: ScimError) -> None:
    expected = {"schemas": [ERROR_URN], "status": str(error.status), "detail": "x"}
    if error.scim_type is not None:
        expected["scimType"] = error.scim_type
    assert error.body() == expected


def test_every_class_is_in_the_table() -> None:
    classes = {
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, ScimError) and each is not ScimError
        if not each.__name__.startswith("_")
    }
    assert classes == {type(error) for error, _, _ in ROWS}, "add it to ROWS above"


def test_every_scim_type_of_the_rfc_has_its_class() -> None:
    assert {scim_type for _, _, scim_type in ROWS if scim_type} == {
        "invalidFilter",
        "tooMany",
        "uniqueness",
        "mutability",
        "invalidSyntax",
        "invalidPath",
        "noTarget",
        "invalidValue",
        "invalidVers",
        "sensitive",
        "invalidCursor",  # these three are RFC 9865's
        "expiredCursor",
        "invalidCount",
    }


@pytest.mark.parametrize(
    ("error", "headers"),
    [
        (Unauthorized("x"), {"WWW-Authenticate": 'Bearer realm="scim"'}),
        (MethodNotAllowed("x", ("GET", "PUT")), {"Allow": "GET, PUT"}),
        (TooManyRequests("x", 30), {"Retry-After": "30"}),
        (Unavailable("x"), {"Retry-After": "1"}),
        (Unavailable("x", 4), {"Retry-After": "4"}),
        (NotFound("x"), {}),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_row_has_the_headers_http_asks_for(error: ScimError, headers: dict[str, str]) -> None:
    assert error.headers() == headers


def test_the_tree_is_drawn_in_the_modules_docstring() -> None:
    for error, status, scim_type in ROWS:
        (line,) = (
            line
            for line in str(errors.__doc__).splitlines()
            if f" {type(error).__name__} " in f"{line} "
        )
        assert scim_type is None or scim_type in line
        assert type(error).__mro__[1] is not ScimError or str(status) in line


@pytest.mark.parametrize(
    ("error", "kind", "subject"),
    [
        (InvalidSchemas("x"), "schemas", ""),
        (MissingExtension("x"), "extension", ""),
        (UnknownTarget("x", "User"), "target", "User"),
        (UnknownResource("x", "Group"), "resource", "Group"),
        (InvalidValue("x"), None, ""),
    ],
    ids=lambda each: type(each).__name__,
)
def test_errors_that_profiles_word_differently_have_a_kind(
    error: ScimError, kind: str | None, subject: str
) -> None:
    assert (error.kind, error.subject) == (kind, subject)


@pytest.mark.parametrize(("length", "length_shown"), [(1000, 1000), (1001, 1001), (5000, 1001)])
def test_a_detail_has_an_end(length: int, length_shown: int) -> None:
    error = InvalidValue("x" * length)
    assert len(str(error.body()["detail"])) == len(error.detail) == len(str(error)) == length_shown
    assert error.detail.endswith("…") == (length > LONGEST_DETAIL)
