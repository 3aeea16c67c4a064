"""A clone works on another machine, whatever is set there, and `make -n` changes nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REAL = {
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "https://dynamodb.eu-west-1.amazonaws.com",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "SCIM_STACK": "scim-prod",
    "https_proxy": "http://proxy.example.com:3128",
    "PORT": "9090",
}
"""What people have set who use AWS, a proxy, or a deployment of this service."""


@pytest.fixture(name="clone")
def _clone(tmp_path: Path) -> Path:
    """Return a folder with the Makefile, and an environment that is older than its lock files."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv").mkdir()
    for name in (".run", ".made"):
        (tmp_path / ".venv" / name).touch()
        os.utime(tmp_path / ".venv" / name, (0, 0))
    shutil.copytree(ROOT / "local" / "locks", tmp_path / "local" / "locks")
    return tmp_path


def make(folder: Path, *words: str, **variables: str) -> str:
    return subprocess.run(
        ["make", *words],  # noqa: S607 - the one on the PATH
        cwd=folder,
        # `make test` sets these two.
        env={**os.environ, **REAL, "MAKEFLAGS": "", "MAKELEVEL": "0", **variables},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_a_dry_run_removes_no_environment(clone: Path) -> None:
    assert "rm -rf .venv" in make(clone, "-n", "test")
    assert (clone / ".venv" / ".made").is_file()


def test_an_environment_whose_python_is_gone_is_made_again(clone: Path) -> None:
    for name in (".run", ".made"):
        (clone / ".venv" / name).touch()
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    assert "Installing" not in make(clone, "-n", "simulate")
    python.unlink()
    python.symlink_to(clone / "gone")
    assert "--clear .venv" in make(clone, "-n", "simulate")


def test_targets_that_must_not_reach_aws_get_no_credentials(clone: Path) -> None:
    command = make(clone, "-n", "simulate").splitlines()[-1]
    printed = subprocess.run(
        [*command.partition(" PYTHONHASHSEED")[0].split(), "env"],
        env=os.environ | REAL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert {line for line in printed.splitlines() if line.startswith("AWS_")} == {
        "AWS_CONFIG_FILE=/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE=/nonexistent",
        "AWS_EC2_METADATA_DISABLED=true",
    }


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"NO_PROXY": "corp.example"}, "127.0.0.1,localhost,corp.example"),
        ({"no_proxy": ".corp, db"}, "127.0.0.1,localhost,.corp, db"),
    ],
)
def test_servers_of_this_machine_are_reached_without_a_proxy(
    clone: Path, variables: dict[str, str], expected: str
) -> None:
    printed = make(clone, "--eval", "said: ; @env", "said", **variables).splitlines()
    assert {f"no_proxy={expected}", f"NO_PROXY={expected}"} <= set(printed)


def test_packages_go_into_the_environment(clone: Path) -> None:
    assert "PIP_USER=0" in make(clone, "--eval", "said: ; @env", "said").splitlines()


def test_the_tests_take_no_setting_of_the_shell() -> None:
    printed = subprocess.run(
        [sys.executable, "-c", "import os, tests.conftest; print(*os.environ)"],
        cwd=ROOT,
        env=os.environ | REAL | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert not REAL.keys() & set(printed.split())


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_for_windows_leaves_the_lines_as_they_are(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        settings = ("-c", "core.autocrlf=true", "-c", "user.name=a", "-c", "user.email=a@b.c")
        subprocess.run(
            ["git", *settings, *words],  # noqa: S607 - the one on the PATH
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )

    shutil.copy(ROOT / ".gitattributes", tmp_path)
    (tmp_path / "Makefile").write_bytes(b"help:\n")
    git("init")
    git("add", ".")
    git("commit", "-m", "all")
    (tmp_path / "Makefile").unlink()
    git("checkout", ".")
    assert (tmp_path / "Makefile").read_bytes() == b"help:\n"
