"""Signing keys come from the environment or from botocore's chain, which refreshes them."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from botocore.exceptions import NoCredentialsError

from local.environment import environment
from scim.store.dynamodb.signature import Keys, SigningKeys

OWN = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
NONE = (*OWN, "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE")


@pytest.mark.parametrize(
    ("environ", "keys"),
    [
        (OWN, Keys("id", "secret", "token")),
        ({**OWN, "AWS_SESSION_TOKEN": ""}, Keys("id", "secret", "")),
        ({**OWN, "AWS_SECURITY_TOKEN": "old"}, Keys("id", "secret", "old")),
    ],
)
def test_the_keys_are_those_of_the_environment(environ: dict[str, str], keys: Keys) -> None:
    assert SigningKeys(environ)() == keys


def test_keys_that_were_refused_are_read_again() -> None:
    environ = dict(OWN)
    keys = SigningKeys(environ)
    assert not keys.renew()
    environ["AWS_SESSION_TOKEN"] = "another"
    assert keys.renew()
    assert keys().token == "another"


def test_without_any_keys_nothing_is_signed() -> None:
    nowhere = {"AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
    with environment(nowhere, without=NONE), pytest.raises(NoCredentialsError):
        SigningKeys({})()


class Container(BaseHTTPRequestHandler):
    """Gives keys that have nearly ended, others each time: so does Lambda to what a snapshot restores."""

    given = 0

    def do_GET(self) -> None:
        type(self).given += 1
        told = {
            "AccessKeyId": f"id{self.given}",
            "SecretAccessKey": "secret",
            "Token": "token",
            "Expiration": "2020-01-01T00:00:00Z" if self.given == 1 else "2099-01-01T00:00:00Z",
        }
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(name="container")
def _container() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Container) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/keys"
        server.shutdown()
        thread.join()


def test_keys_that_end_are_refreshed_by_the_chain(container: str) -> None:
    with environment({"AWS_CONTAINER_CREDENTIALS_FULL_URI": container}, without=NONE):
        keys = SigningKeys({})
        assert [keys().access_key for _ in range(3)] == ["id2", "id2", "id2"]
