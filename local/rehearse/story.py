"""The rehearsal's requests to the deployed service, step by step."""

import json
import time
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import httpx2

from local.http import Answer
from local.judge.conversation import recorded, replayed

_SCIM = "application/scim+json"
_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
_USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "bjensen@example.com",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "emails": [{"value": "bjensen@example.com", "type": "work", "primary": True}],
}
LIMITS = {"MaxPageSize": 900, "PageSize": 90}
"""What is deployed with other limits than the defaults."""
PEOPLE = frozenset(f"imported-{number}" for number in range(10))


class UnexpectedError(Exception):
    """The service did not respond as it should."""


def tell(client: httpx2.Client, token: str, log: Callable[[str], None]) -> None:
    """Create, find, group and delete a user. Raises UnexpectedError at the first wrong response."""

    def ask(
        method: str, path: str, status: int, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        asked = time.monotonic()
        answer = client.request(
            method,
            path,
            json=body,
            headers={"Authorization": f"Bearer {token}", "Content-Type": _SCIM},
        )
        log(f"{method} {path} {answer.status_code} {(time.monotonic() - asked) * 1000:.0f} ms")
        _expect(
            answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        )
        return answer.json() if answer.content else {}

    refused = client.get("/Users")
    log(f"GET /Users without a token {refused.status_code}")
    _expect(refused.status_code == 401, f"a request without a token: {refused.status_code}")

    most = ask("GET", "/ServiceProviderConfig", 200)["filter"]["maxResults"]
    _expect(most == LIMITS["MaxPageSize"], f"the largest page is {most}")
    user = ask("POST", "/Users", 201, _USER)["id"]
    ask("POST", "/Users", 409, _USER)
    found = ask("GET", '/Users?filter=userName eq "BJENSEN@example.com"', 200)
    _expect([one["id"] for one in found["Resources"]] == [user], f"the search found {found}")
    group = ask(
        "POST",
        "/Groups",
        201,
        {"schemas": [_GROUP], "displayName": "Tour Guides", "members": [{"value": user}]},
    )["id"]
    groups = [one["value"] for one in ask("GET", f"/Users/{user}", 200).get("groups", [])]
    _expect(groups == [group], f"the user's groups are {groups}")
    ask("DELETE", f"/Users/{user}", 204)
    ask("GET", f"/Users/{user}", 404)
    ask("DELETE", f"/Groups/{group}", 204)
    ask("GET", "/Nothing", 404)


def require_as_expected(client: httpx2.Client, token: str, conversation: Path) -> None:
    """Replay a recorded client. Raises UnexpectedError if the client would not accept the responses."""

    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        answer = client.request(method, path, headers=dict(headers), content=body)
        # The client has already decompressed the body.
        sent = tuple(pair for pair in answer.headers.items() if pair[0] != "content-encoding")
        return Answer(answer.status_code, sent, answer.content)

    # The emulator uses its own response when the authorizer refuses.
    requests = [each for each in recorded(conversation) if each["expect_status"] != [401]]
    complaints = list(replayed(ask, requests, str(client.base_url).rstrip("/"), token))
    _expect(not complaints, "; ".join(complaints[:5]))


def people(folder: Path) -> Path:
    """Write a file of users to import and return its path."""
    file = folder / "people.ndjson"
    lines = (
        {"id": name, "userName": name, "meta": {"resourceType": "User"}} for name in sorted(PEOPLE)
    )
    file.write_text("".join(f"{json.dumps(each)}\n" for each in lines), "utf-8")
    return file


def require_people(client: httpx2.Client, token: str, names: AbstractSet[str]) -> None:
    """Raise UnexpectedError if any of these users is missing from the directory."""
    answer = client.get("/Users?count=1000", headers={"Authorization": f"Bearer {token}"})
    _expect(answer.status_code == 200, f"GET /Users: {answer.status_code} {answer.text}")
    found = {each["userName"] for each in answer.json()["Resources"]}
    _expect(names <= found, f"users are missing: {sorted(names - found)}")


def _expect(met: bool, otherwise: str) -> None:  # noqa: FBT001 - as in assert
    if not met:
        raise UnexpectedError(otherwise)
