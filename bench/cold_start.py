"""What a new process takes before it serves, function by function: `python -m bench.cold_start` (Linux).

The layer is copied and made as the build makes it: plain data of the definitions, bytecode. Each
function starts in a process of its own, in turn with a bare Python and with a naive stack: boto3's
client, Powertools' resolver and logger, a pydantic model. What counts is the CPU time beyond that
of the bare Python.
"""

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).parents[1]
FUNCTIONS: Final = {
    "users": "resource",
    "authorizer": "authorizer",
    "search": "search",
    "discovery": "discovery",
    "bulk": "bulk",
}
NAIVE: Final = """
import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from pydantic import BaseModel
class Model(BaseModel):
    name: str
boto3.client("dynamodb"); APIGatewayRestResolver(); Logger()
"""
_TOLD = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
# Not ru_maxrss, which a process has from the one that started it.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(used.ru_utime + used.ru_stime, status["VmHWM"].split()[0])
"""
_ENVIRONMENT: Final = {
    "TABLE_NAME": "scim",
    "RESOURCE_TYPE": "User",
    "BUCKET_NAME": "scim",
    "STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:1:stateMachine:scim",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",  # not one
    "POWERTOOLS_SERVICE_NAME": "scim",
    "HOME": "/nonexistent",
}
TURNS: Final = 9


@dataclass(frozen=True, slots=True)
class Started:
    """CPU beyond a bare Python's over the naive stack's, milliseconds of it, megabytes of memory."""

    ratio: float
    milliseconds: float
    megabytes: float


def cold_starts(turns: int = TURNS) -> dict[str, Started]:
    """Return what each function takes, `naive` among them; so many turns, of which the median."""
    with tempfile.TemporaryDirectory() as folder:
        layer = Path(folder)
        shutil.copytree(
            ROOT / "layers/scim/scim", layer / "scim", ignore=shutil.ignore_patterns("__pycache__")
        )
        environment = {**_ENVIRONMENT, "PATH": os.environ["PATH"], "PYTHONPATH": folder}
        compiling = [sys.executable, "-m", "scim.bootstrap.compiling"]
        subprocess.run(compiling, env=environment, cwd=layer, check=True)
        compileall.compile_dir(folder, quiet=1)
        programs = {"bare": "", "naive": NAIVE} | {
            name: f"import sys; sys.path.insert(0, {str(ROOT / 'functions' / of)!r}); import app"
            for name, of in FUNCTIONS.items()
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
        for _ in range(turns):
            for name, program in programs.items():
                found[name].append(_started(program, environment))
    return _told(found)


def _told(found: Mapping[str, list[tuple[float, float]]]) -> dict[str, Started]:
    seconds = {name: median(each for each, _ in turns) for name, turns in found.items()}
    naive = seconds["naive"] - seconds["bare"]
    return {
        name: Started(
            round((seconds[name] - seconds["bare"]) / naive, 2),
            round((seconds[name] - seconds["bare"]) * 1000),
            round(median(each for _, each in turns), 1),
        )
        for name, turns in found.items()
        if name != "bare"
    }


def _started(program: str, environment: Mapping[str, str]) -> tuple[float, float]:
    """Return the seconds of CPU a process takes, and its megabytes."""
    command = [sys.executable, "-c", program + _TOLD]
    run = subprocess.run(command, env=environment, capture_output=True, check=True, cwd="/")
    seconds, kilobytes = run.stdout.split()[-2:]
    return float(seconds), int(kilobytes) / 1024


if __name__ == "__main__":
    for NAME, STARTED in cold_starts().items():
        print(f"{NAME}: {STARTED.ratio} of naive, {STARTED.megabytes} MB")
