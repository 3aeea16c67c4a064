"""Keeps an application's table of users and groups right, from a tenant's delta query: copy it."""

import json
import urllib.request
from typing import Any

URN = "urn:ietf:params:scim:api:messages:2.0:delta:request"


def ask(url: str, token: str, body: Any = None) -> Any:
    """Return the JSON answer to a GET, or to a POST of a body."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:  # noqa: S310
        return json.load(answer)


def follow(base: str, token: str, since: str, table: dict[str, Any], ask: Any = ask) -> str:
    """Bring the table, resources by id, up to date; return the token to call this with next time.

    Begin with `ask(base + "/.deltaToken", token)["value"]`, then fill the table from the lists.
    """
    page: dict[str, Any] = {}
    while "nextDeltaToken" not in page:
        more = {"cursor": page["nextCursor"]} if page else {}
        page = ask(f"{base}/.delta", token, {"schemas": [URN], "deltaToken": since, **more})
        for each in page["Resources"]:
            if each["changeType"] == "Delete":
                table.pop(each["changedResourceId"], None)
            else:
                table[each["changedResourceId"]] = each["data"]
    return str(page["nextDeltaToken"]["value"])
