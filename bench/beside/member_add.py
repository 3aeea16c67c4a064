"""CPU of adding a member to groups of two sizes, compared with scim2-server: `python -m bench.beside.member_add`.

Both servers run in their own processes on loopback and are called by the same client. The CPU time of the
server's process counts, as the kernel reports it. Our data is in DynamoDB Local, another process, which is
not counted: on AWS, DynamoDB is charged by request (`make bench-groups`). scim2-server's data is in its own
memory.
"""

import http.client
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3

from bench.caller import PATCH_URN
from bench.loader import Loader
from local.child_process import await_answer, child, free_port
from local.dynamodb_local import ENDPOINT_VARIABLE
from local.intrinsics import REGION
from local.seed import TENANT, TOKEN
from scim.service.system import SystemClock

SIZES = (1_000, 10_000)
ADDITIONS = 20
PEER = Path(__file__).parents[2] / ".venv-peer" / "bin" / "scim2-server"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@dataclass(frozen=True, slots=True)
class Served:
    """A server on loopback: its address and its process."""

    port: int
    base: str
    pid: int

    def call(self, method: str, path: str, body: object) -> dict[str, Any]:
        """Make a request. Raises ValueError when it fails."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
        content = None if body is None else json.dumps(body)
        connection.request(method, self.base + path, content, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise ValueError(f"{method} {path}: {answer.status} {text[:300]!r}")
        found: dict[str, Any] = json.loads(text) if text else {}
        return found

    def seconds(self) -> float:
        """Return the CPU time of the process so far."""
        stat = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        user, system = int(stat[11]), int(stat[12])
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def adding(self, group: str, users: Sequence[str]) -> float:
        """Return the CPU time of adding a member, in milliseconds."""
        before = self.seconds()
        for user in users:
            operation = {"op": "add", "path": "members", "value": [{"value": user}]}
            message = {"schemas": [PATCH_URN], "Operations": [operation]}
            self.call("PATCH", f"/Groups/{group}", message)
        return (self.seconds() - before) / len(users) * 1000


def main() -> str:
    ours, theirs = _ours(), _theirs()
    lines = [
        "| members | ours, ms | scim2-server, ms | ratio |",
        "| --- | --- | --- | --- |",
        *(
            f"| {size:,} | {ours[size]:.1f} | {theirs[size]:.1f} | {theirs[size] / ours[size]:.1f} |"
            for size in SIZES
        ),
    ]
    return "\n".join(lines)


def _ours() -> dict[int, float]:
    endpoint = os.environ[ENDPOINT_VARIABLE]
    client = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - DynamoDB Local asks for some
    )
    known = set(client.list_tables()["TableNames"])
    environment = {**os.environ, "STORE": "dynamodb-local", "SCIM_METER": "0"}
    with running([sys.executable, "-m", "local"], "/scim/v2", environment) as served:
        (table,) = set(client.list_tables()["TableNames"]) - known
        loader = Loader(client, table, TENANT, SystemClock().now())
        groups = loader.load(SIZES, "large")
        users = [
            served.call("POST", "/Users", {"schemas": [USER], "userName": f"joiner{n}"})["id"]
            for n in range(ADDITIONS)
        ]
        for group in groups.values():
            served.adding(group, users[:2])
        return {size: served.adding(group, users[2:]) for size, group in groups.items()}


def _theirs() -> dict[int, float]:
    with running([str(PEER)], "/v2", dict(os.environ)) as served:
        found: dict[int, float] = {}
        for size in SIZES:
            members = [{"value": str(uuid.uuid4())} for _ in range(size)]
            body = {"schemas": [GROUP], "displayName": f"of {size}", "members": members}
            group = served.call("POST", "/Groups", body)["id"]
            users = [str(uuid.uuid4()) for _ in range(ADDITIONS)]
            served.adding(group, users[:2])
            found[size] = served.adding(group, users[2:])
        return found


@contextmanager
def running(command: list[str], base: str, environment: dict[str, str]) -> Iterator[Served]:
    """Run a server until the block ends. Raises NotStartedError if it does not respond."""
    port = free_port()
    if command[0] == str(PEER):
        command = [*command, "--port", str(port)]
    settings = {**environment, "PORT": str(port)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with child(command, env=settings, **quiet) as process:
        served = Served(port, base, process.pid)
        asked = partial(served.call, "GET", "/ServiceProviderConfig", None)
        await_answer(command[0], process, asked, 120)
        yield served


if __name__ == "__main__":
    print("CPU of adding one member, by group size\n")
    print(main())
