"""Servers on one table share the files of jobs and run each job once, even if one is killed."""

import json
import socket
import time
import uuid
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.dynamodb_local import running
from local.packages.npm import UnavailableError
from local.seed import TOKEN
from local.workers import Shared, shared

JOB = {"kind": "import", "format": "ndjson"}
USERS = 600
"""So many that the job still runs when it is started again and its first server is killed."""


def sent(url: str, method: str, path: str, content: bytes = b"", **headers: str) -> Any:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    assert answer.status < 300, text
    return json.loads(text) if text.startswith(b"{") else None


def asked(port: int, method: str, path: str, body: object = None) -> Any:
    known = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    content = b"" if body is None else json.dumps(body).encode()
    return sent(f"http://127.0.0.1:{port}", method, f"/scim/v2{path}", content, **known)


@pytest.mark.dynamodb
@pytest.mark.timeout(600)
def test_a_job_of_one_server_is_everybodys_and_done_once() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        first, second = (each.getsockname()[1] for each in (one, two))
    with (
        running() as endpoint,
        shared(endpoint, f"shared-{uuid.uuid4().hex[:8]}", {}) as common,
        common.servers([first, second]) as servers,
    ):
        job = asked(first, "POST", "/Jobs", JOB)
        url = urlsplit(job["upload"]["$ref"])
        lines = "".join(
            f'{{"id": "{n}", "userName": "u{n}", "meta": {{"resourceType": "User"}}}}\n'
            for n in range(USERS)
        )
        form = "application/x-www-form-urlencoded"  # as curl calls it
        place = f"{url.path}?{url.query}"
        sent(f"http://{url.netloc}", "PUT", place, lines.encode(), **{"Content-Type": form})
        path = f"/Jobs/{job['id']}"
        for port in (first, second, first):
            asked(port, "POST", f"{path}/Start")
        # Its execution is nobody's who dies.
        servers[0].kill()
        until = time.monotonic() + 120
        while (shown := asked(second, "GET", path))["status"] in {"pending", "running"}:
            assert time.monotonic() < until
            time.sleep(0.2)
        assert (shown["status"], shown["operations"]) == (
            "completed",
            {"total": USERS, "done": USERS, "failed": 0},
        )
        found = asked(second, "GET", "/Users?count=0")
        assert found["totalResults"] == USERS


def test_a_server_that_ends_before_it_serves_is_reported() -> None:
    nothing: Any = None
    with (
        pytest.raises(UnavailableError, match="The server on port 9090 ended before it served"),
        Shared(nothing, {}).servers([9090], ("-c", "")),
    ):
        pytest.fail("It serves.")
