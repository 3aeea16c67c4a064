"""Pages of large resources end before Lambda's limit, however a client asks for them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.gateway import Gateway
from local.seed import TOKEN
from tests.gateway.client import Client

LIMIT = 65_536
NUMBER = 24
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"


@pytest.fixture(name="gateway", scope="module")
def _gateway() -> Iterator[Gateway]:
    overrides = {"LogLevel": "ERROR", "MaxAnswerBytes": str(LIMIT)}
    with Gateway.start(overrides=overrides) as gateway:
        client = Client(gateway)
        for number in range(NUMBER):
            # Half of what is stored is quoted once more on the way.
            client.user(f"large{number:02d}", nickName='é"' * (300 * (number % 9)), active=True)
        yield gateway


def _asked(gateway: Gateway, method: str, path: str, query: dict[str, Any]) -> tuple[Any, int]:
    """Return the list, and how many bytes of Lambda's answer it was."""
    if method == "GET":
        told = "&".join(f"{name}={str(value).replace(' ', '%20')}" for name, value in query.items())
        path, body = f"{path}?{told}", b""
    else:
        path, body = f"{path}/.search", json.dumps({"schemas": [SEARCH], **query}).encode()
    sent = {"Content-Type": "application/scim+json", "Authorization": f"Bearer {TOKEN}"}
    answer = gateway.handle(method, f"/scim/v2{path}", sent, body)
    assert answer.status == 200, answer.body
    carried = json.dumps(answer.body.decode(), ensure_ascii=False).encode()
    return json.loads(answer.body), len(carried)


@pytest.mark.parametrize("cursor", [False, True], ids=["by index", "by cursor"])
@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/Users", {}),
        ("GET", "/Users", {"filter": "active eq true"}),
        ("POST", "/Users", {"sortBy": "userName"}),
        ("POST", "/Users", {"sortBy": "nickName", "sortOrder": "descending"}),
        ("GET", "", {"filter": "userName pr"}),
        ("POST", "", {"filter": "userName pr"}),
    ],
    ids=["list", "filtered", "sorted", "ranked", "root", "root search"],
)
@pytest.mark.sampled(3)
def test_a_walk_is_whole_though_its_pages_end_early(
    gateway: Gateway, method: str, path: str, query: dict[str, Any], cursor: bool
) -> None:
    names: list[str] = []
    sizes: list[int] = []
    place: dict[str, Any] = {"cursor": ""} if cursor else {"startIndex": 1}
    while True:
        page, carried = _asked(gateway, method, path, {"count": 1000, **query, **place})
        assert carried <= LIMIT
        assert page["itemsPerPage"] == len(page["Resources"]) > 0
        names += [each["userName"] for each in page["Resources"]]
        sizes.append(page["itemsPerPage"])
        assert page["totalResults"] == NUMBER
        if cursor:
            if "nextCursor" not in page:
                break
            place = {"cursor": page["nextCursor"]}
        else:
            place = {"startIndex": page["startIndex"] + page["itemsPerPage"]}
            if place["startIndex"] > page["totalResults"]:
                break
    assert len(sizes) > 1
    assert sorted(names) == [f"large{number:02d}" for number in range(NUMBER)]


def test_a_resource_larger_than_a_page_is_shown_alone(gateway: Gateway) -> None:
    client = Client(gateway)
    huge = client.user("zz-huge", nickName="x" * LIMIT, title="x" * LIMIT)
    page, carried = _asked(gateway, "GET", "/Users", {"filter": 'userName sw "zz"', "count": 5})
    assert ([each["id"] for each in page["Resources"]], page["totalResults"]) == ([huge["id"]], 1)
    assert carried > LIMIT
    page, _ = _asked(gateway, "POST", "/Users", {"sortBy": "userName", "startIndex": NUMBER + 1})
    assert [each["userName"] for each in page["Resources"]] == ["zz-huge"]
    client.send("DELETE", f"/Users/{huge['id']}")


def test_with_the_default_limits_a_page_fits_a_lambda_response() -> None:
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        client = Client(gateway)
        for number in range(8):
            addresses = [{"locality": str(n), "formatted": "x" * 65_000} for n in range(14)]
            client.user(f"large{number}", addresses=addresses)
        first, carried = _asked(gateway, "GET", "/Users", {"count": 1000})
        assert (first["itemsPerPage"], first["totalResults"]) == (5, 8)
        assert carried < 6_291_556
        rest, _ = _asked(gateway, "GET", "/Users", {"count": 1000, "startIndex": 6})
        assert (rest["itemsPerPage"], rest["totalResults"]) == (3, 8)
        found = [each["userName"] for page in (first, rest) for each in page["Resources"]]
        assert sorted(found) == [f"large{number}" for number in range(8)]


def test_a_resource_cannot_grow_until_no_response_shows_it() -> None:
    with Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway:
        client = Client(gateway)
        grown = client.user("grown")["id"]
        for number in range(10):
            more = [{"value": f"{number}.{n}", "display": '"' * 65_000} for n in range(7)]
            answer = client.patch(f"/Users/{grown}", {"op": "add", "path": "ims", "value": more})
            if answer.status == 413:
                break
        else:
            pytest.fail("it grew and grew")
        assert number > 1
        shown = client.send("GET", f"/Users/{grown}")
        assert (shown.status, len(shown.body["ims"])) == (200, 7 * number)
        assert client.send("GET", "/Users").status == 200
