"""The stack as SAM builds it for one architecture, and as it is deployed."""

import platform
import subprocess
from pathlib import Path

from local.environment import without_python_path

ARCHITECTURES = ("arm64", "x86_64")
"""Lambda's architectures; the first is the template's default."""
SAM = Path(".venv-sam/bin/sam")
LAYER = "ScimLayer"
_MACHINES = {"aarch64": "arm64", "amd64": "x86_64"}


class BuildError(Exception):
    """SAM could not build; the text is its output."""


def of_this_machine() -> str:
    """Return this machine's architecture by Lambda's name."""
    machine = platform.machine().lower()
    return _MACHINES.get(machine, machine)


def folder_of(architecture: str) -> Path:
    """Return the folder of the stack built for an architecture."""
    return Path(".aws-sam") / f"local-{architecture}"


def cache_of(architecture: str) -> Path:
    """Return SAM's cache folder, one for each architecture: SAM does not know what a layer's Makefile reads."""
    return Path(".aws-sam") / f"cache-{architecture}"


def building(architecture: str) -> list[str]:
    """Return the command that builds; the layer reads LAYER_ARCHITECTURE from its environment."""
    folder = folder_of(architecture)
    kept = ["--cached", "--cache-dir", str(cache_of(architecture))]
    chosen = ["--parameter-overrides", f"Architecture={architecture}"]
    return [str(SAM), "build", "--build-dir", str(folder), *kept, *chosen]


def variables_of(architecture: str) -> dict[str, str]:
    """Return the additional environment variables for SAM."""
    return {"LAYER_ARCHITECTURE": architecture, "SAM_CLI_TELEMETRY": "0"}


def built(architecture: str) -> Path:
    """Build the stack and return its folder. Raises BuildError."""
    done = subprocess.run(
        building(architecture),
        env=without_python_path() | variables_of(architecture),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildError(done.stdout)
    return folder_of(architecture)
