"""The installed command line: its wheel and the packages of cli.lock, without the test bed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scim_cli import __version__

ROOT = Path(__file__).parents[3]
LOCK = ROOT / "local" / "locks" / "cli.lock"

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]  # eighty megabytes are fetched


@pytest.fixture(name="scim", scope="module")
def _scim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment of its own."""
    folder = tmp_path_factory.mktemp("cli")
    python = folder / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    # The wheel is built by the hatchling that is here: nothing but what the lock names is fetched.
    wheel = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT]
    subprocess.run([*pip, *wheel], check=True)
    install = [*pip, "--python", python, "install", "--no-deps", "--no-compile"]
    locked = ["--only-binary", ":all:", "--require-hashes", "-r", LOCK]
    if subprocess.run([*install, *locked], check=False).returncode != 0:
        pytest.skip("no package index here")
    (built,) = folder.glob("*.whl")
    subprocess.run([*install, built], check=True)
    return folder / "venv" / "bin" / "scim"


def _run(scim: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    known = {"PATH": os.defpath, "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
    return subprocess.run(
        [scim, *words],
        cwd=scim.parent,
        env={**known, "PORT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_prints_its_version(scim: Path) -> None:
    assert _run(scim, "--version").stdout == f"scim, version {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "tenant",
        "token create",
        "status",
        "doctor",
        "users list",
        "import",
        "conform",
        "simulate",
    ],
)
def test_every_kind_of_command_loads(scim: Path, words: str) -> None:
    told = _run(scim, *words.split(), "--help")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("Usage: scim")


def test_the_doctor_names_what_is_missing(scim: Path) -> None:
    told = _run(scim, "doctor")
    assert told.returncode == 3
    assert "region" in told.stdout
    assert "none: give --region, or set AWS_REGION" in " ".join(told.stdout.split())
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("words", ["tenant list", "status", "users list"])
def test_an_unreachable_service_is_reported(scim: Path, words: str) -> None:
    told = _run(scim, *words.split(), "--local")
    assert told.returncode not in (0, 1), told.stdout
    assert "127.0.0.1:1" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_help_costs_less_than_a_third_of_a_second(scim: Path) -> None:
    # CPU, the least of some: what else the machine does says nothing of the command.
    spent = []
    for _ in range(5):
        before = os.times()
        assert _run(scim, "--help").returncode == 0
        after = os.times()
        spent.append(sum(after[2:4]) - sum(before[2:4]))
    assert min(spent) < 0.3


def test_the_wheel_contains_no_test_bed(scim: Path) -> None:
    listing = "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"
    told = subprocess.run(
        [scim.parent / "python", "-c", listing], capture_output=True, text=True, check=True
    )
    names = set(told.stdout.lower().split())
    assert "boto3" in names
    assert not names & {"moto", "pytest", "mypy", "ruff", "cfn-lint", "aws-sam-translator"}
