"""Acknowledged writes survive the death of all processes: `DATA` on DynamoDB Local."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from local.seed import TOKEN

pytestmark = [pytest.mark.dynamodb, pytest.mark.timeout(600)]
ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT, ROOT / "layers" / "scim", ROOT / "local" / "cli")


@contextmanager
def served(data: Path) -> Iterator[int]:
    """Serve from the folder until the block ends, then kill the service at once."""
    own = {name: value for name, value in os.environ.items() if name != "DYNAMODB_LOCAL_URL"}
    told = {
        "PORT": "0",
        "STORE": "dynamodb-local",
        "DATA": str(data),
        "PYTHONPATH": os.pathsep.join(map(str, FOLDERS)),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "local"], env=own | told, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as service:
        try:
            assert service.stdout is not None
            address = service.stdout.readline().split()[-1]
            yield int(address.partition("/scim")[0].rpartition(":")[2])
        finally:
            service.send_signal(signal.SIGKILL)


def asked(port: int, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Return the status and the body of an answer."""
    known = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, f"/scim/v2{path}", content, known)
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    return answer.status, json.loads(text) if text else None


def test_acknowledged_writes_survive_a_kill(tmp_path: Path) -> None:
    user = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}
    with served(tmp_path) as port:
        _, gone = asked(port, "POST", "/Users", {**user, "userName": "gone"})
        _, kept = asked(port, "POST", "/Users", {**user, "userName": "kept"})
        assert asked(port, "DELETE", f"/Users/{gone['id']}")[0] == 204
    with served(tmp_path) as port:
        assert asked(port, "GET", f"/Users/{gone['id']}")[0] == 404
        assert asked(port, "GET", f"/Users/{kept['id']}") == (
            200,
            kept | {"meta": _moved(kept, port)},
        )
        assert asked(port, "GET", "/Users?count=0")[1]["totalResults"] == 1
        assert asked(port, "POST", "/Users", {**user, "userName": "gone"})[0] == 201
        assert asked(port, "POST", "/Users", {**user, "userName": "kept"})[0] == 409


def _moved(resource: dict[str, Any], port: int) -> dict[str, Any]:
    """Return the meta of a resource that is served at another port now."""
    place = f"http://127.0.0.1:{port}/scim/v2/Users/{resource['id']}"
    return {**resource["meta"], "location": place}
