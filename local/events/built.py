"""The stack built by SAM for one kind of processor, as it is deployed."""

import os
import platform
import subprocess
from pathlib import Path

ARCHITECTURES = ("arm64", "x86_64")
"""The processors Lambda has; the first is the template's own choice."""
SAM = Path(".venv-sam/bin/sam")
LAYER = "ScimLayer"
_MACHINES = {"aarch64": "arm64", "amd64": "x86_64"}


class BuildError(Exception):
    """SAM could not build; the text is what it said."""


def of_this_machine() -> str:
    """Return the architecture of this machine by Lambda's name."""
    machine = platform.machine().lower()
    return _MACHINES.get(machine, machine)


def folder_of(architecture: str) -> Path:
    """Return where the stack is built for an architecture."""
    return Path(".aws-sam") / f"local-{architecture}"


def cache_of(architecture: str) -> Path:
    """Return where SAM keeps what it built: it does not know what a layer's Makefile reads."""
    return Path(".aws-sam") / f"cache-{architecture}"


def building(architecture: str) -> list[str]:
    """Return the command that builds; the layer reads LAYER_ARCHITECTURE of its environment."""
    folder = folder_of(architecture)
    kept = ["--cached", "--cache-dir", str(cache_of(architecture))]
    chosen = ["--parameter-overrides", f"Architecture={architecture}"]
    return [str(SAM), "build", "--build-dir", str(folder), *kept, *chosen]


def variables_of(architecture: str) -> dict[str, str]:
    """Return what SAM finds in its environment beside what is there."""
    return {"LAYER_ARCHITECTURE": architecture, "SAM_CLI_TELEMETRY": "0"}


def built(architecture: str) -> Path:
    """Build the stack and return its folder; raises BuildError."""
    # PYTHONPATH is the Makefile's and would reach into SAM's own environment.
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        building(architecture),
        env=plain | variables_of(architecture),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildError(done.stdout)
    return folder_of(architecture)
