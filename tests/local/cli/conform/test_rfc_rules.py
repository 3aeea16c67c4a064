"""Rules of RFC 7643 and RFC 7644 check what the text requires and nothing that it leaves open."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from scim_cli.conform.answer import ERROR, Fault, NotTried
from scim_cli.conform.probe import Probe
from scim_cli.conform.rfc_lists import me_is_located, names_have_urns, values_are_filtered
from scim_cli.conform.rfc_writing import bodies_are_json, names_are_prepared, put_replaces

Answer = tuple[int, dict[str, Any]]
CONFIG = {"filter": {"supported": True}}


def probe_of(answer: Callable[[httpx2.Request], Answer], **headers: str) -> Probe:
    def handled(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/ServiceProviderConfig"):
            return httpx2.Response(200, json=CONFIG)
        status, body = answer(request)
        return httpx2.Response(status, json=body, headers=headers)

    client = httpx2.Client(transport=httpx2.MockTransport(handled))
    return Probe("http://server/scim", client, may_write=True)


def error(status: int, scim_type: str | None = None) -> Answer:
    kind = {} if scim_type is None else {"scimType": scim_type}
    return status, {"schemas": [ERROR], "status": str(status), **kind}


@pytest.mark.parametrize("scim_type", [None, "invalidSyntax"])
def test_a_refusal_needs_no_scim_type(scim_type: str | None) -> None:
    bodies_are_json(probe_of(lambda _: error(400, scim_type)))


@pytest.mark.parametrize("answer", [error(400, "invalidFilter"), error(500), (400, {})], ids=str)
def test_a_refusal_has_no_other_scim_type_status_or_form(answer: Answer) -> None:
    with pytest.raises(Fault):
        bodies_are_json(probe_of(lambda _: answer))


@pytest.mark.parametrize("answer", [(200, {}), error(400, "invalidFilter")], ids=str)
def test_brackets_are_supported_or_refused(answer: Answer) -> None:
    values_are_filtered(probe_of(lambda _: answer))


@pytest.mark.parametrize("answer", [error(400), error(500, "invalidFilter")], ids=str)
def test_brackets_are_refused_as_an_invalid_filter(answer: Answer) -> None:
    with pytest.raises(Fault):
        values_are_filtered(probe_of(lambda _: answer))


def test_me_has_the_location_of_its_resource() -> None:
    me = {"meta": {"location": "http://server/scim/Users/1"}}
    me_is_located(probe_of(lambda _: (200, me), Location="http://server/scim/Users/1"))
    for headers in ({}, {"Location": "http://server/scim/Me"}):
        with pytest.raises(Fault):
            me_is_located(probe_of(lambda _: (200, me), **headers))
    with pytest.raises(NotTried):
        me_is_located(probe_of(lambda _: error(501)))


def test_a_urn_names_an_attribute() -> None:
    users: list[dict[str, Any]] = [{"id": "1", "userName": "ann"}]
    answer = {"totalResults": 1, "Resources": users}
    names_have_urns(probe_of(lambda _: (200, answer)))
    del users[0]["userName"]
    with pytest.raises(Fault):
        names_have_urns(probe_of(lambda _: (200, answer)))


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [(201, 409, None), (201, 400, None), (201, 201, Fault), (400, 400, NotTried)],
)
def test_names_that_prepare_alike_are_equal(
    first: int, second: int, outcome: type[Exception] | None
) -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> Answer:
        asked.append(json.loads(request.content)["userName"])
        return (first if len(asked) % 2 else second), {"id": str(len(asked))}

    if outcome is None:
        names_are_prepared(probe_of(answer))
        assert len(set(asked)) == 4
        return
    with pytest.raises(outcome):
        names_are_prepared(probe_of(answer))


@pytest.mark.parametrize("kept", ["", "nickName", "title"])
def test_a_put_has_to_clear_only_what_it_sends_as_null(kept: str) -> None:
    stored: dict[str, Any] = {}

    def answer(request: httpx2.Request) -> Answer:
        if request.method != "GET":
            sent = {**json.loads(request.content), "id": "1"}
            changes = sent if request.method == "POST" else {**sent, kept: stored.get(kept)}
            stored.update(changes)
        return (201 if request.method == "POST" else 200), {**stored, "locale": "omitted and kept"}

    if kept:
        with pytest.raises(Fault):
            put_replaces(probe_of(answer))
        return
    put_replaces(probe_of(answer))
