"""Links to what an answer has no room for."""

from typing import Any

import pytest

from scim.http.message import links
from scim.http.message.links import OmittedValues, with_links
from scim.http.message.response import Reply

LISTED = OmittedValues(
    "urn:g:members", "https://s/Groups/1", "https://s/Users?1", "https://s/Users?{id}"
)
UNLISTED = OmittedValues("urn:g:members", "https://s/Groups/1", None, None)
LINK = '<https://s/Users?1>; rel="urn:g:members"; anchor="https://s/Groups/1"'


def told(monkeypatch: pytest.MonkeyPatch, reply: Reply, *left_out: OmittedValues) -> Any:
    monkeypatch.setattr(links, "omitted_values", lambda _endpoint: left_out)
    return dict(with_links(reply, [None]).headers)  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("status", "left_out", "headers"),
    [
        (200, [], {"ETag": "x"}),
        (200, [LISTED], {"ETag": "x", "Link": LINK}),
        (201, [LISTED, LISTED], {"ETag": "x", "Link": f"{LINK}, {LINK}"}),
        (304, [LISTED], {"ETag": "x"}),
        (204, [LISTED], {"ETag": "x"}),
    ],
    ids=["nothing", "one", "two", "unmodified", "no body"],
)
def test_an_answer_with_a_body_has_a_link_for_each(
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    left_out: list[OmittedValues],
    headers: dict[str, str],
) -> None:
    assert told(monkeypatch, Reply(status, headers={"ETag": "x"}), *left_out) == headers


def test_more_than_fit_share_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = told(monkeypatch, Reply(200), *[LISTED] * (links.MOST + 1))
    assert headers["Link"].count("anchor=") == links.MOST
    assert headers["Link-Template"] == '"https://s/Users?{id}"; rel="urn:g:members"'


def test_a_link_to_unlisted_values_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = told(monkeypatch, Reply(200), *[UNLISTED] * (links.MOST + 1))
    assert headers["Link"].startswith('<https://s/Groups/1>; rel="urn:g:members"; anchor=')
    assert "nothing lists them" in headers["Link"]
    assert headers["Link-Template"] == '"https://s/Groups/1"; rel="urn:g:members"'
