"""The requests of the Test button, and the explanation of each answer."""

import json
from collections.abc import Callable

import httpx2
import pytest

from scim_cli.deployment.trial import Finding, trial

LIST = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0}
CONFIG = {"patch": {"supported": True}}
TOKEN = "right"
Answer = Callable[[httpx2.Request], httpx2.Response]


def _sound(request: httpx2.Request) -> httpx2.Response:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return httpx2.Response(401, json={"detail": "No."})
    return httpx2.Response(200, json=CONFIG if "Config" in request.url.path else LIST)


def _found(answer: Answer, base: str = "https://x.example/scim/v2") -> list[Finding]:
    with httpx2.Client(transport=httpx2.MockTransport(answer)) as http:
        return list(trial(http, base, TOKEN))


def test_a_sound_server_is_found_well() -> None:
    found = _found(_sound)
    assert len(found) == 7
    assert all(each.is_well for each in found)


def _on(path: str, status: int, content: object) -> Answer:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if path in str(request.url) and request.headers.get("Authorization") == f"Bearer {TOKEN}":
            return httpx2.Response(status, content=json.dumps(content))
        return _sound(request)

    return answer


def _open(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json=CONFIG if "Config" in request.url.path else LIST)


def _closed(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(403, json={"message": "Forbidden"})


def _moved(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(301, headers={"Location": "https://y.example"})


def _page(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, text="<html>Sign in</html>")


def _down(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("[Errno -2] Name or service not known", request=request)


def _nested(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, content=b"[" * 100_000)


def _untrusted(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed", request=request)


@pytest.mark.parametrize(
    ("answer", "number", "said"),
    [
        pytest.param(_on("Config", 401, {"detail": "Ended."}), 1, "Ended.", id="bad token"),
        pytest.param(_on("Config", 404, {}), 1, "end in /scim/v2?", id="wrong path"),
        pytest.param(_on("Config", 500, {}), 1, "The server failed", id="server fails"),
        pytest.param(_on("Config", 200, [1]), 1, "not a SCIM server", id="other JSON"),
        pytest.param(_on("Users?start", 403, {}), 7, "give it the scope", id="no scope"),
        pytest.param(_on("Users?start", 200, {}), 7, "not a ListResponse", id="no list"),
        pytest.param(
            _on("Users?start", 200, {"schemas": None}), 7, "not a ListResponse", id="null schemas"
        ),
        pytest.param(
            _on("filter", 200, {**LIST, "totalResults": 3}),
            7,
            "is 3: the server ignored the filter",
            id="no filter",
        ),
        pytest.param(_open, 7, "200 instead of 401: anybody can read", id="open to all"),
        pytest.param(_closed, 7, "this address may not call", id="closed to this address"),
        pytest.param(_moved, 1, "moved to https://y.example", id="redirect"),
        pytest.param(_page, 1, "this is a page", id="HTML"),
        pytest.param(_nested, 1, "this is a page", id="nested"),
        pytest.param(_down, 1, "cannot be reached", id="no such host"),
        pytest.param(_untrusted, 1, "certificate is not trusted", id="certificate"),
    ],
)
def test_a_problem_is_reported_with_its_cause(answer: Answer, number: int, said: str) -> None:
    found = _found(answer)
    assert len(found) == number
    assert said in next(each.explanation for each in found if not each.is_well)


def test_a_server_that_refuses_this_address_is_not_called_open() -> None:
    *_, without_token, with_wrong_token = _found(_closed)
    assert without_token.explanation == with_wrong_token.explanation == "403 instead of 401."
