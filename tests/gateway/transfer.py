"""Imports and exports as a client does them, and directories compared by what they mean."""

import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from local.gateway import Gateway
from tests.contract.stores import files_client
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ENTERPRISE, GROUP, USER, Answered, Client

JOB = "urn:serverless-scim:params:scim:schemas:core:1.0:Job"
OPEN = {"waiting", "pending", "running"}
PEOPLE, GROUPS = 300, 30
MAPPING = {
    "columns": {
        "type": "meta.resourceType",
        "id": "id",
        "login": "userName",
        "name": "displayName",
        "first": "name.givenName",
        "last": "name.familyName",
        "mail": 'emails[type eq "work"].value',
        "home": 'emails[type eq "home"].value',
        "active": "active",
        "external": "externalId",
        "department": f"{ENTERPRISE}:department",
        "manager": f"{ENTERPRISE}:manager.value",
        "members": {"path": "members.value", "separator": " "},
        "kinds": {"path": "members.type", "separator": " "},
    }
}
"""Everything that the directories of these tests hold."""


def declared(client: Client, **members: Any) -> Answered:
    """Declare a job."""
    return client.send("POST", "/Jobs", {"schemas": [JOB], **members})


@contextmanager
def at_rest(client: Client) -> Iterator[None]:
    """Let no function run meanwhile: while one begins, boto3 cannot read the environment."""
    with client._gateway._runtime._lock:
        yield


def uploaded(job: Mapping[str, Any], content: bytes) -> None:
    """Put a file where the job says, as a client would by HTTP."""
    url = urlsplit(job["upload"]["$ref"])
    assert "X-Amz-Signature" in url.query or "Signature" in url.query
    bucket, _, key = unquote(url.path).removeprefix("/").partition("/")
    if not url.netloc.startswith("s3."):
        bucket, key = url.netloc.partition(".s3")[0], unquote(url.path).removeprefix("/")
    files_client().put_object(Bucket=bucket, Key=key, Body=content)


def started(client: Client, content: bytes, **members: Any) -> str:
    """Declare an import, upload its file and start it; return the job's path."""
    answer = declared(client, kind="import", **members)
    assert answer.status < 300, answer.body
    uploaded(answer.body, content)
    path = f"/Jobs/{answer.body['id']}"
    begun = client.send("POST", f"{path}/Start")
    assert begun.status < 300, begun.body
    return path


def ended(client: Client, path: str, seconds: float = 500) -> dict[str, Any]:
    """Wait until the job is over and return it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job: dict[str, Any] = client.send("GET", path).body
        if job["status"] not in OPEN:
            return job
        time.sleep(0.05)
    raise TimeoutError("the job does not end")


def imported(client: Client, content: bytes, **members: Any) -> tuple[dict[str, Any], list[Any]]:
    """Import a file; return the job and what became of each operation."""
    path = started(client, content, **members)
    job = ended(client, path)
    return job, result_of(client, path, job)


def result_of(client: Client, path: str, job: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what became of each operation so far."""
    found: list[dict[str, Any]] = []
    for start in range(1, job["operations"]["total"] + 1, 1000):
        found += client.send("GET", f"{path}/Result?startIndex={start}").body["Operations"]
    return found


def exported(client: Client, **members: Any) -> bytes:
    """Export the tenant and return the file."""
    answer = declared(client, kind="export", **members)
    assert answer.status < 300, answer.body
    path = f"/Jobs/{answer.body['id']}"
    job = ended(client, path)
    assert job["status"] == "completed", job
    url = urlsplit(client.send("GET", f"{path}/Result").body["download"]["$ref"])
    bucket, _, key = unquote(url.path).removeprefix("/").partition("/")
    if not url.netloc.startswith("s3."):
        bucket, key = url.netloc.partition(".s3")[0], unquote(url.path).removeprefix("/")
    return files_client().get_object(Bucket=bucket, Key=key)["Body"].read()


def lines_in(content: bytes) -> dict[str, Any]:
    """Return the resources of an NDJSON file by id, the values of relations in order."""
    found: dict[str, Any] = {}
    for line in content.splitlines():
        resource = json.loads(line)
        before = found.setdefault(resource["id"], resource)
        if before is not resource:
            before["members"] += resource["members"]
    for resource in found.values():
        if "members" in resource:
            resource["members"].sort(key=lambda each: each["value"])
    return found


def in_terms_of(text: bytes, ids: Mapping[str, str]) -> bytes:
    """Return a file with other ids."""
    written = text.decode()
    for old, new in ids.items():
        written = written.replace(old, new)
    return written.encode()


def ids_of(entries: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the new ids of what was imported by the old ones."""
    return {
        entry["bulkId"]: entry["location"].rpartition("/")[2]
        for entry in entries
        if entry.get("method") == "POST" and "location" in entry
    }


def directory(number: int = PEOPLE, groups_number: int = GROUPS) -> bytes:
    """Return people, each with a manager, and groups in groups, out of order, as NDJSON."""
    dice = random.Random(4)
    people: list[dict[str, Any]] = [
        {
            "id": f"p{n}",
            "schemas": [USER, ENTERPRISE],
            "userName": f"user{n}@example.com",
            "externalId": f"e{n}",
            "displayName": f'Ann "{n}", née Müller',
            "name": {"givenName": "Ann", "familyName": f"Number {n}"},
            "emails": [{"value": f"user{n}@example.com", "type": "work"}],
            "active": n % 7 != 0,
            "password": "never-exported-1",
            ENTERPRISE: {"department": f"D{n % 9}", "manager": {"value": f"p{(n * 7) % number}"}},
        }
        for n in range(number)
    ]
    groups: list[dict[str, Any]] = [
        {
            "id": f"g{n}",
            "schemas": [GROUP],
            "displayName": f"group {n}",
            "members": [
                *({"value": f"p{m}", "type": "User"} for m in dice.sample(range(number), 12)),
                # Each group contains two of those behind it: no circle, three levels and more.
                *(
                    {"value": f"g{m}", "type": "Group"}
                    for m in (n + 1, 2 * n + 2)
                    if m < groups_number
                ),
            ],
        }
        for n in range(groups_number)
    ]
    mixed = groups + people
    dice.shuffle(mixed)
    return b"".join(json.dumps(each).encode() + b"\n" for each in mixed)


def client_of(gateway: Gateway, tenant: str, *scopes: str) -> Client:
    with at_rest(Client(gateway)):
        make_tenant(gateway, tenant)
        return Client(gateway, secret_of(gateway, tenant, *(scopes or ("*",))))
