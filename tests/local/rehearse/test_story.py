"""The rehearsal's story stops at the first wrong answer."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from local.rehearse.story import (
    LIMITS,
    PEOPLE,
    UnexpectedError,
    people,
    require_as_expected,
    require_people,
    tell,
)

Answers = dict[tuple[str, str], list[httpx2.Response]]


def _answers() -> Answers:
    return {
        ("GET", "/ServiceProviderConfig"): [
            httpx2.Response(200, json={"filter": {"maxResults": LIMITS["MaxPageSize"]}})
        ],
        ("POST", "/Users"): [httpx2.Response(201, json={"id": "u1"}), httpx2.Response(409)],
        ("GET", "/Users"): [httpx2.Response(200, json={"Resources": [{"id": "u1"}]})],
        ("POST", "/Groups"): [httpx2.Response(201, json={"id": "g1"})],
        ("GET", "/Users/u1"): [
            httpx2.Response(200, json={"id": "u1", "groups": [{"value": "g1"}]}),
            httpx2.Response(404),
        ],
        ("DELETE", "/Users/u1"): [httpx2.Response(204)],
        ("DELETE", "/Groups/g1"): [httpx2.Response(204)],
        ("GET", "/Nothing"): [httpx2.Response(404)],
    }


def _tell(answers: Answers, refusal: int = 401) -> list[str]:
    """Tell the story to a service with these answers and return what was logged."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.headers.get("Authorization") != "Bearer secret":
            return httpx2.Response(refusal)
        return answers[request.method, request.url.path].pop(0)

    logged: list[str] = []
    with httpx2.Client(base_url="http://service", transport=httpx2.MockTransport(answer)) as client:
        tell(client, "secret", logged.append)
    return logged


def test_a_service_that_answers_as_it_should_hears_the_whole_story() -> None:
    answers = _answers()
    logged = _tell(answers)
    assert [path for path, left in answers.items() if left] == []
    assert len(logged) == 11
    assert "secret" not in "".join(logged)


def test_a_service_that_asks_for_no_token_fails_the_rehearsal() -> None:
    with pytest.raises(UnexpectedError, match="a request without a token: 200"):
        _tell(_answers(), refusal=200)


@pytest.mark.parametrize(
    ("place", "wrong", "complaint"),
    [
        (
            ("GET", "/ServiceProviderConfig"),
            lambda: [httpx2.Response(200, json={"filter": {"maxResults": 1000}})],
            "the largest page is 1000",
        ),
        (("POST", "/Users"), lambda: [httpx2.Response(500, text="oops")], "POST /Users: 500 oops"),
        (
            ("GET", "/Users"),
            lambda: [httpx2.Response(200, json={"Resources": []})],
            "the search found",
        ),
        (
            ("GET", "/Users/u1"),
            lambda: [httpx2.Response(200, json={"id": "u1"})],
            "the user's groups are",
        ),
        (("GET", "/Nothing"), lambda: [httpx2.Response(403)], "GET /Nothing: 403"),
    ],
    ids=["other-limits", "failed", "not-found", "not-in-its-group", "not-a-404"],
)
def test_a_wrong_answer_ends_the_story(
    place: tuple[str, str], wrong: Callable[[], list[httpx2.Response]], complaint: str
) -> None:
    answers = _answers()
    answers[place] = wrong()
    with pytest.raises(UnexpectedError, match=complaint):
        _tell(answers)


def test_a_failing_conversation_is_reported(tmp_path: Path) -> None:
    request = {
        "name": "probe", "method": "GET", "path": "/Users", "headers": {}, "body": None,
        "expect_status": [200], "check": [["$.totalResults", "eq", 0]],
    }  # fmt: skip
    file = tmp_path / "client.jsonl"
    file.write_text(json.dumps(request))

    def told(total: int) -> None:
        transport = httpx2.MockTransport(
            lambda _: httpx2.Response(200, json={"totalResults": total})
        )
        with httpx2.Client(base_url="http://service", transport=transport) as client:
            require_as_expected(client, "secret", file)

    told(0)
    with pytest.raises(UnexpectedError, match="probe"):
        told(1)


def test_a_missing_user_is_named(tmp_path: Path) -> None:
    names = {json.loads(line)["userName"] for line in people(tmp_path).read_text().splitlines()}
    assert names == PEOPLE
    shown = {"Resources": [{"userName": name} for name in sorted(PEOPLE)[1:]]}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=shown))
    with (
        httpx2.Client(base_url="http://service", transport=transport) as client,
        pytest.raises(UnexpectedError, match="imported-0"),
    ):
        require_people(client, "secret", PEOPLE)
