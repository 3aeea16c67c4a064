"""A token in the query counts only where a parameter for it is named."""

from typing import Any

import pytest

from scim.auth.authorizer import with_query_token


def seen(parameter: str, headers: Any, query: Any) -> Any:
    event = {"headers": headers, "multiValueQueryStringParameters": query}
    handler = with_query_token(lambda event, _: {"headers": event["headers"]}, parameter)
    return handler(event, None)["headers"]


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        ({}, {"access_token": ["t"]}, {"Authorization": "Bearer t"}),
        (None, {"access_token": ["t"]}, {"Authorization": "Bearer t"}),
        (
            {"Accept": "*/*"},
            {"access_token": ["t"]},
            {"Accept": "*/*", "Authorization": "Bearer t"},
        ),
        ({"authorization": "x"}, {"access_token": ["t"]}, {"authorization": "x"}),
        ({}, {"access_token": ["t", "t"]}, {}),
        ({}, {"token": ["t"]}, {}),
        ({}, {}, {}),
        ({}, None, {}),
    ],
)
def test_a_token_in_the_query_counts_where_no_header_has_one(
    headers: Any, query: Any, expected: Any
) -> None:
    assert seen("access_token", headers, query) == expected


def test_without_a_configured_parameter_the_query_is_ignored() -> None:
    assert seen("", {}, {"access_token": ["t"], "": ["t"]}) == {}
