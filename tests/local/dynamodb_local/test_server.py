"""DynamoDB Local listens on this machine only and ends with the process that started it."""

import os
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from local.dynamodb_local.server import ENDPOINT_VARIABLE, java_command, running
from local.packages.npm import UnavailableError


def test_without_a_folder_everything_is_in_memory() -> None:
    assert java_command(Path("/jar"), None)[-3:] == ["-sharedDb", "-disableTelemetry", "-inMemory"]


def test_with_a_folder_tables_are_kept_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert java_command(Path("/jar"), folder)[-2:] == ["-dbPath", str(folder)]
    assert folder.is_dir()


@pytest.mark.dynamodb
def test_the_endpoint_is_on_the_loopback_interface_and_answers() -> None:
    endpoint = os.environ[ENDPOINT_VARIABLE]
    assert endpoint.startswith("http://127.0.0.1:")
    # It answers what is not signed with a 400 of its own.
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(endpoint, timeout=10)  # noqa: S310  our own address


@pytest.mark.dynamodb
def test_a_folder_serves_one_at_a_time(tmp_path: Path) -> None:
    taken = pytest.raises(UnavailableError, match="Another DynamoDB Local uses")
    with running(tmp_path), taken, running(tmp_path, patience=0.2):
        pass
    with running(tmp_path):
        pass
