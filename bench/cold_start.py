"""The time that a new process takes to start, by function: `python -m bench.cold_start` (Linux).

The functions and their environment come from template.yaml, including functions that a parameter enables. If
several run the same code, the first represents all. The layer is copied and prepared as the build does: plain
data of the definitions, bytecode. Each function starts in its own process, alternating with a bare Python and
with a naive stack: boto3's client, Powertools' resolver and logger, a pydantic model. The CPU time beyond the
bare Python counts. No function can reach a service while it starts; one that tries to does not start.
"""

import compileall
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.goal import goal_told
from local.functions import Function, functions_of
from local.intrinsics import REGION
from local.template import TEMPLATE, document_of, read

ROOT: Final = Path(__file__).parents[1]
GOALS: Final = {"users": 0.5, "authorizer": 0.35}
"""The highest ratio to the naive stack."""
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
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",  # no service listens there
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",  # not a key
    "HOME": "/nonexistent",
}
TURNS: Final = 9
FEWER: Final = 5
"""Turns for functions without a goal."""


@dataclass(frozen=True, slots=True)
class Started:
    """The ratio of CPU to the naive stack's, both beyond a bare Python's; milliseconds of CPU; megabytes of memory."""

    ratio: float
    milliseconds: float
    megabytes: float
    others: Sequence[str] = ()
    """Other functions that run the same code."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A function, and the others that run the same code."""

    function: Function
    same: Sequence[str]

    @property
    def program(self) -> str:
        """Return a program that loads the function as Lambda does."""
        module = self.function.handler.rpartition(".")[0]
        return f"import sys; sys.path.insert(0, {str(self.function.code)!r}); import {module}"


class NotMeasuredError(Exception):
    """A function does not start alone, or no single parameter deploys it; the text says which and why."""


def functions() -> Mapping[str, Measured]:
    """Return the functions to measure, by name: TableCheckFunction is `table check`.

    Raises NotMeasuredError if a function cannot be deployed.
    """
    deployed = functions_of(read(TEMPLATE, parameters=dict(_switched_on())), {})
    by_id = {each.logical_id: each for each in deployed.values()}
    # In the template's order; the translated template has another.
    written = [each for each in document_of(TEMPLATE)["Resources"] if each in by_id]
    codes: dict[tuple[Path, str], list[str]] = {}
    for each in written:
        codes.setdefault((by_id[each].code, by_id[each].handler), []).append(each)
    return {
        _name(first): Measured(by_id[first], [_name(one) for one in others])
        for first, *others in codes.values()
    }


def _switched_on() -> Iterator[tuple[str, str]]:
    """Yield the parameters, with their values, that deploy all functions."""
    document = document_of(TEMPLATE)
    for name, resource in document["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function" and "Condition" in resource:
            match document["Conditions"][resource["Condition"]]:
                case {"Fn::Equals": [{"Ref": parameter}, value]}:
                    yield parameter, value
                case _:
                    raise NotMeasuredError(f"{name} is deployed under {resource['Condition']}.")


def _name(logical_id: str) -> str:
    """Return the function's name in the table: `bulk job` for BulkJobFunction."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", logical_id.removesuffix("Function")).lower()


def cold_starts() -> dict[str, Started]:
    """Return the median of each function's start over several turns, and of `naive`.

    Raises NotMeasuredError if a function does not start alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        layer = Path(folder)
        shutil.copytree(
            ROOT / "layers/scim/scim", layer / "scim", ignore=shutil.ignore_patterns("__pycache__")
        )
        bare = {**_ENVIRONMENT, "PATH": os.environ["PATH"], "PYTHONPATH": folder}
        compiling = [sys.executable, "-m", "scim.bootstrap.compiling"]
        subprocess.run(compiling, env=bare, cwd=layer, check=True)
        compileall.compile_dir(folder, quiet=1)
        measured = functions()
        programs = {
            "bare": ("", bare),
            "naive": (NAIVE, {**bare, "POWERTOOLS_SERVICE_NAME": "scim"}),
        }
        for name, each in measured.items():
            programs[name] = each.program, {**each.function.environment, **bare}
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
        for turn in range(TURNS):
            for name, (program, environment) in programs.items():
                if turn < FEWER or name not in measured or name in GOALS:
                    found[name].append(_started(name, program, environment))
    same = {name: each.same for name, each in measured.items()}
    return _told(found, same)


def _told(
    found: Mapping[str, list[tuple[float, float]]], same: Mapping[str, Sequence[str]]
) -> dict[str, Started]:
    seconds = {name: median(each for each, _ in turns) for name, turns in found.items()}
    naive = seconds["naive"] - seconds["bare"]
    return {
        name: Started(
            round((seconds[name] - seconds["bare"]) / naive, 2),
            round((seconds[name] - seconds["bare"]) * 1000),
            round(median(each for _, each in turns), 1),
            same.get(name, ()),
        )
        for name, turns in found.items()
        if name != "bare"
    }


def _started(name: str, program: str, environment: Mapping[str, str]) -> tuple[float, float]:
    """Return the CPU seconds of a process, and its megabytes."""
    command = [sys.executable, "-c", program + _TOLD]
    run = subprocess.run(command, env=environment, capture_output=True, check=False, cwd="/")
    if run.returncode != 0:
        raise NotMeasuredError(f"{name} does not start alone: {run.stderr.decode()[-2000:]}")
    seconds, kilobytes = run.stdout.split()[-2:]
    return float(seconds), int(kilobytes) / 1024


def rows(found: Mapping[str, Mapping[str, Any]]) -> Sequence[str]:
    """Return the lines of a table in Markdown, fastest first."""
    return [
        "| function | ratio | goal | memory, MB | other functions with this code |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {each['ratio']} | {goal_told(GOALS.get(name), each['ratio'])} | {each['megabytes']} |"
            f" {', '.join(each.get('others', ()))} |"
            for name, each in sorted(found.items(), key=lambda row: float(row[1]["ratio"]))
        ),
    ]


if __name__ == "__main__":
    for NAME, STARTED in cold_starts().items():
        print(f"{NAME}: {STARTED.ratio} of naive, {STARTED.megabytes} MB")
