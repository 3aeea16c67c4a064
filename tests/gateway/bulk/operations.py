"""Operations of requests to `/Bulk`, and their results."""

from typing import Any

from tests.gateway.client import GROUP, PATCH, USER, Answered, Client

REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
LIMITS = {"LogLevel": "ERROR", "MaxBulkOperations": "5", "MaxBulkPayloadBytes": "2000"}
DATA = {"schemas": [USER], "userName": "bad"}
POST = {"method": "POST", "path": "/Users", "bulkId": "x", "data": DATA}
PUT = {"method": "PUT", "path": "/Users/x", "data": DATA}
DELETE = {"method": "DELETE", "path": "/Users/x"}


def send(client: Client, *operations: Any, **members: Any) -> Answered:
    body = {"schemas": [REQUEST], "Operations": list(operations), **members}
    return client.send("POST", "/Bulk", body)


def done(client: Client, *operations: Any, **members: Any) -> list[dict[str, Any]]:
    """Return the entries of the BulkResponse."""
    answer = send(client, *operations, **members)
    assert (answer.status, answer.body["schemas"]) == (200, [RESPONSE])
    entries: list[dict[str, Any]] = answer.body["Operations"]
    return entries


def statuses(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["status"] for entry in entries]


def user(name: str, bulk_id: str, **more: Any) -> dict[str, Any]:
    data = {"schemas": [USER], "userName": name, **more}
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": data}


def group(name: str, bulk_id: str, *members: str) -> dict[str, Any]:
    values = [{"value": each} for each in members]
    data = {"schemas": [GROUP], "displayName": name, "members": values}
    return {"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data}


def patch(path: str, *operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    data = {"schemas": [PATCH], "Operations": list(operations)}
    return {"method": "PATCH", "path": path, "data": data, **more}


def id_of(entry: dict[str, Any]) -> str:
    return str(entry["location"].rpartition("/")[2])


def count(client: Client) -> int:
    return int(client.send("GET", "/?count=0").body["totalResults"])
