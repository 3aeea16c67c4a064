"""MiniStack, the emulator of AWS for the rehearsal."""

import os
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from local.child_process import await_answer, child, free_port

ENVIRONMENT = Path(".venv-ministack")
REGION = "us-east-1"
KEYS = ("test", "test")
"""The access key and its secret; the emulator accepts any, and these belong to the account itself."""


def credentials(endpoint: str) -> dict[str, str]:
    """Return the environment in which AWS's own tools call the emulator and nothing else."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": KEYS[0],
        "AWS_SECRET_ACCESS_KEY": KEYS[1],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "SAM_CLI_TELEMETRY": "0",
    }


@contextmanager
def running(log: Path, patience: float = 60) -> Iterator[str]:
    """Run the emulator on a free port of the loopback interface and yield its URL."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    settings = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    with (
        log.open("wb") as output,
        child(
            [ENVIRONMENT / "bin" / "ministack"],
            # Functions inherit this environment, so it must not contain this process's Python settings.
            env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
            | credentials(endpoint)
            | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        await_answer("MiniStack", server, partial(_healthy, endpoint), patience)
        yield endpoint


def _healthy(endpoint: str) -> None:
    urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=5).close()  # noqa: S310 - our own address
