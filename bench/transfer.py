"""Exports a directory and imports it again: checks that nothing is lost or changed, and measures the time.

`python -m bench.transfer [PEOPLE [GROUPS]]`, on DynamoDB Local (make bench-transfer).
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3

from local.gateway import Gateway
from scim.access.tenant import Tenant
from scim.access.token import StoredToken, hash_of
from scim.bootstrap.access import access_in
from scim.fsck import open_work, violations

OPEN = {"waiting", "pending", "running"}
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
NOW, NEVER = "2026-01-01T00:00:00.000Z", "9999-12-31T00:00:00.000Z"
MEMBERS = 40


@dataclass(frozen=True, slots=True)
class Directory:
    """A tenant's directory, as its client sees it."""

    gateway: Gateway
    tenant: str

    @classmethod
    def made(cls, gateway: Gateway, tenant: str) -> "Directory":
        """Return a new, empty directory."""
        (table,) = gateway.store.tables.values()
        access = access_in(boto3.client("dynamodb"), table)
        access.tenants.create(Tenant(tenant, NOW))
        token = StoredToken(tenant, tenant, ("*",), "", NOW, NEVER)
        access.tokens.save(hash_of(cls(gateway, tenant).secret), token)
        return cls(gateway, tenant)

    @property
    def secret(self) -> str:
        return f"{self.tenant}-token-that-is-long-enough-for-anybody"

    def imported(self, content: bytes) -> list[dict[str, Any]]:
        """Import lines and return the result of each."""
        job = self._call("POST", "/Jobs", {"kind": "import", "format": "ndjson"})
        bucket, key = _object(job["upload"])
        boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=content)
        path = f"/Jobs/{job['id']}"
        self._call("POST", f"{path}/Start")
        ended = self._ended(path)
        total = ended["operations"]["total"]
        pages = (f"{path}/Result?startIndex={start}" for start in range(1, total + 1, 1000))
        return [entry for page in pages for entry in self._call("GET", page)["Operations"]]

    def exported(self) -> bytes:
        """Export lines."""
        job = self._call("POST", "/Jobs", {"kind": "export", "format": "ndjson"})
        self._ended(f"/Jobs/{job['id']}")
        link = self._call("GET", f"/Jobs/{job['id']}/Result")["download"]
        bucket, key = _object(link)
        content: bytes = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def _ended(self, path: str) -> dict[str, Any]:
        while True:
            job = self._call("GET", path)
            if job["status"] == "completed":
                return job
            if job["status"] not in OPEN:
                raise SystemExit(f"the job is {job['status']}: {job.get('error')}")
            time.sleep(0.5)

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self.secret}",
            "Content-Type": "application/scim+json",
        }
        content = b"" if body is None else json.dumps(body).encode()
        answer = self.gateway.handle(method, f"/scim/v2{path}", headers, content)
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.body[:300]!r}")
        found: dict[str, Any] = json.loads(answer.body)
        return found


def main(people: int, groups: int) -> int:
    """Print how long each direction takes; return 0 if the copy is equal."""
    with Gateway.start("dynamodb-local", {"LogLevel": "ERROR"}) as gateway:
        one, other = Directory.made(gateway, "one"), Directory.made(gateway, "other")
        content = b"".join(_lines(people, groups))
        told = _timed("import", lambda: one.imported(content))
        before = _timed("export", one.exported)
        again = _timed("import of it", lambda: other.imported(before))
        after = _timed("export of that", other.exported)
        refused = [each for each in (*told, *again) if "response" in each]
        written = before.decode()
        ids = {each["bulkId"]: each["location"].rpartition("/")[2] for each in again}
        expected = _directory(written.encode(), ids)
        items = [
            item
            for table in gateway.store.tables.values()
            for page in boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
            for item in page["Items"]
        ]
        wrong = violations(items) + open_work(items) + [str(each) for each in refused[:3]]
    found = _directory(after, {id_: id_ for id_ in ids.values()})
    if found != expected or len(found) != people + groups:
        wrong.append("the copy is another directory")
    print(f"resources           {people} people, {groups} groups in groups, {len(before)} bytes")
    print(f"wrong               {wrong or 'nothing'}")
    return 1 if wrong else 0


def _lines(people: int, groups: int) -> Iterator[bytes]:
    dice = random.Random(11)  # noqa: S311 - no secret
    for n in range(groups):
        # Each contains two later groups: no cycles, and the depth of a heap.
        inner = [{"value": f"g{m}"} for m in (2 * n + 1, 2 * n + 2) if m < groups]
        members = [{"value": f"p{m}"} for m in dice.sample(range(people), MEMBERS)]
        group = {"id": f"g{n}", "schemas": [GROUP], "displayName": f"group {n}"}
        yield json.dumps({**group, "members": members + inner}).encode() + b"\n"
    for n in range(people):
        name = f"user{n}@example.com"
        person = {
            "id": f"p{n}",
            "schemas": [USER],
            "userName": name,
            "externalId": f"e{n}",
            "name": {"givenName": "Ann", "familyName": f"Number {n}"},
            "emails": [{"value": name, "type": "work"}],
        }
        yield json.dumps(person).encode() + b"\n"


def _directory(content: bytes, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return the resources in a file, with the ids of another directory."""
    found: dict[str, Any] = {}
    for line in content.splitlines():
        resource = json.loads(line)
        resource["id"] = ids[resource["id"]]
        for member in resource.get("members", ()):
            member["value"] = ids[member["value"]]
        resource.get("members", []).sort(key=lambda each: each["value"])
        found[resource["id"]] = resource
    return found


def _timed(what: str, act: Any) -> Any:
    started = time.monotonic()
    done = act()
    print(f"{what:19} {time.monotonic() - started:.0f} s", flush=True)
    return done


def _object(link: Mapping[str, Any]) -> tuple[str, str]:
    """Return the bucket and key of a URL, because no socket exists to follow it."""
    url = urlsplit(link["$ref"])
    bucket, key = url.netloc.partition(".s3")[0], unquote(url.path).removeprefix("/")
    if url.netloc.startswith("s3."):
        bucket, _, key = key.partition("/")
    return bucket, key


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main((given or [10_000])[0], (given[1:] or [500])[0]))
