"""The running local service is administered by the same command line as a deployed one."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import httpx2
import pytest
from click.testing import CliRunner

from local.apis import answering
from local.aws import FILES_PATH, aws_answer
from local.gateway import Gateway
from local.http import request_of
from local.seed import TENANT, TOKEN
from local.server import Server
from scim_cli.root import scim
from tests.fakes.serving import serving


@pytest.fixture(name="served", scope="module")
def _served() -> Iterator[tuple[Gateway, int]]:
    with (
        Gateway.start() as gateway,
        Server(0) as server,
        server.serving(answering(gateway, None)),
    ):
        yield gateway, server.server_address[1]


def test_a_token_made_at_the_command_line_opens_the_running_service(
    served: tuple[Gateway, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway, port = served
    monkeypatch.setenv("PORT", str(port))
    made = CliRunner().invoke(scim, ["token", "create", "--tenant", TENANT, "--local"])
    assert made.exit_code == 0, made.output
    # The function that makes it runs in this process, and may write its log to the same stream.
    headers = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
    assert gateway.handle("GET", "/scim/v2/Users", headers).status == 200


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"Host": "127.0.0.1:8080"}),
        ("POST", {"Host": "127.0.0.1:8080", "X-Amz-Target": "AWSCognito.SignUp"}),
        ("GET", {"Host": "127.0.0.1:8080", "X-Amz-Target": "DynamoDB_20120810.Scan"}),
        ("POST", {"Host": "evil.example", "X-Amz-Target": "DynamoDB_20120810.Scan"}),
        ("POST", {"X-Amz-Target": "DynamoDB_20120810.Scan"}),
    ],
    ids=["no target", "another service", "another method", "another name", "no name"],
)
def test_only_dynamodb_requests_reach_the_store(method: str, headers: dict[str, str]) -> None:
    assert aws_answer(request_of(method, "/", headers, b"{}")) is None


def test_a_secret_is_stored_where_functions_read_it(served: tuple[Gateway, int]) -> None:
    _, port = served
    client = boto3.client(
        "secretsmanager",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    client.create_secret(Name="scim/local/receiver", SecretString="Bearer x")
    assert client.get_secret_value(SecretId="scim/local/receiver")["SecretString"] == "Bearer x"


def test_the_links_of_a_job_lead_to_this_machine(served: tuple[Gateway, int]) -> None:
    _, port = served
    here = f"http://127.0.0.1:{port}"
    job = {"schemas": ["urn:serverless-scim:params:scim:schemas:core:1.0:Job"], "format": "ndjson"}
    with httpx2.Client(headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as client:
        made = client.post(f"{here}/scim/v2/Jobs", json={**job, "kind": "import"}).json()
        link = made["upload"]["$ref"]
        assert link.startswith(f"{here}{FILES_PATH}")
        line = b'{"meta": {"resourceType": "User"}, "userName": "kim"}'
        assert client.put(link, content=line).status_code == 200
        path = f"{here}/scim/v2/Jobs/{made['id']}"
        client.post(f"{path}/Start")
        while client.get(path).json()["status"] in {"pending", "running"}:
            time.sleep(0.05)
        made = client.post(f"{here}/scim/v2/Jobs", json={**job, "kind": "export"}).json()
        path = f"{here}/scim/v2/Jobs/{made['id']}"
        while client.get(path).json()["status"] in {"pending", "running"}:
            time.sleep(0.05)
        download = client.get(f"{path}/Result").json()["download"]["$ref"]
        assert '"userName":"kim"' in client.get(download).text


@pytest.mark.parametrize(
    ("method", "host", "files"),
    [
        ("GET", "evil.example", "jobs.s3.amazonaws.com"),
        ("GET", "127.0.0.1", "evil.example"),
        ("DELETE", "127.0.0.1", "jobs.s3.amazonaws.com"),
    ],
    ids=["another name", "another host", "another method"],
)
def test_only_files_of_jobs_are_served(method: str, host: str, files: str) -> None:
    path = f"{FILES_PATH}{files}/key"
    assert aws_answer(request_of(method, path, {"Host": host}, b"")) is None


class InPieces(BaseHTTPRequestHandler):
    """Answers in chunks, as DynamoDB Local does where a response is large."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("x-amzn-RequestId", "r1")
        self.end_headers()
        self.wfile.write(b"2\r\n{}\r\n0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing on the console."""


@pytest.mark.parametrize(
    ("target", "variable"),
    [
        ("DynamoDB_20120810.Scan", "AWS_ENDPOINT_URL_DYNAMODB"),
        ("secretsmanager.ListSecrets", "AWS_ENDPOINT_URL"),
    ],
    ids=["the table", "secrets that several servers share"],
)
def test_a_chunked_answer_of_another_process_is_passed_on_whole(
    target: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), InPieces)) as url:
        monkeypatch.setenv(variable, url)
        headers = {"Host": "127.0.0.1", "X-Amz-Target": target}
        answer = aws_answer(request_of("POST", "/", headers, b"{}"))
    assert answer is not None
    names = {name.lower() for name, _ in answer.headers}
    assert (answer.status, answer.body) == (200, b"{}")
    assert "x-amzn-requestid" in names
    assert not names & {"transfer-encoding", "content-length", "connection"}
