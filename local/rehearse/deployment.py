"""Building the stack, deploying it with SAM, and taking it down again."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import boto3

from local.rehearse.emulator import ENVIRONMENT, REGION, credentials
from local.tools.deploy import ENVIRONMENTS, QUESTIONS, SAM, commands, section_of

BUILD = Path(".aws-sam/rehearsal")
STACK = f"scim-{ENVIRONMENTS[0]}"
STAGE = "live"
TENANT = "demo"


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where the deployed service is."""

    endpoint: str
    api_id: str
    table: str

    @property
    def base_url(self) -> str:
        """The URL an identity provider would be given, on the emulator."""
        return f"{self.endpoint}/_aws/execute-api/{self.api_id}/{STAGE}/scim/v2"


def build() -> None:
    """Build functions and layer for this machine, since that is where the emulator runs them."""
    python = ENVIRONMENT.resolve() / "bin" / "python"
    building, _ = _commands()
    _run([*building, "--no-cached"], {"LAYER_FOR_THIS_MACHINE": "1", "PYTHON": str(python)})


def _commands(**more: str) -> list[list[str]]:
    """Return what `make deploy` runs, as if somebody had answered its questions and added `more`."""
    usual = {each.parameter: each.usual for each in QUESTIONS}
    # The emulator knows no alarms on metrics that are computed, as that of tenants is.
    given = {**usual, "DeletionProtection": "false", "Metrics": "operations", **more}
    BUILD.parent.mkdir(exist_ok=True)
    config = BUILD.parent / "rehearsal.toml"
    config.write_text(f"version = 0.1\n{section_of(ENVIRONMENTS[0], given)}", "utf-8")
    return commands(ENVIRONMENTS[0], BUILD, "--config-file", str(config.resolve()))


def deploy(endpoint: str, **more: str) -> Deployment:
    """Deploy what was built, with the very commands that deploy to AWS; `more` are parameters."""
    _, deploying = _commands(**more)
    _run(deploying, credentials(endpoint))
    stacks = boto3.client(
        "cloudformation",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  the emulator takes any
    ).describe_stacks(StackName=STACK)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}
    return Deployment(endpoint, outputs["ApiId"], outputs["TableName"])


def token(deployment: Deployment) -> str:
    """Create a token by the command an operator uses and return it."""
    made = _scim(deployment, "token", "create", "--tenant", TENANT, "--create")
    return made.strip().splitlines()[-1]


def imported(deployment: Deployment, secret: str, file: Path) -> None:
    """Import a file by the command a client uses; it is a job of the deployment's."""
    known = {"SCIM_URL": deployment.base_url, "SCIM_TOKEN": secret}
    _operate(["import", str(file)], credentials(deployment.endpoint) | known)


def restored(deployment: Deployment, name: str) -> dict[str, str]:
    """Restore the table by the command an operator uses; return the parameters that serve it."""
    parameters: dict[str, str] = json.loads(_scim(deployment, "restore", name, "--json"))
    return parameters


def checked(deployment: Deployment) -> str:
    """Check the table that is served; return what was found when nothing is wrong with it."""
    return _scim(deployment, "fsck").strip()


def _scim(deployment: Deployment, *words: str) -> str:
    where = ["--table", deployment.table, "--endpoint-url", deployment.endpoint]
    return _operate([*words, *where], credentials(deployment.endpoint))


def _operate(words: list[str], known: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "scim_cli", *words],
        env=os.environ | known,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def delete(endpoint: str) -> None:
    """Take the stack down."""
    _run([str(SAM), "delete", "--stack-name", STACK, "--no-prompts"], credentials(endpoint))


def _run(command: list[str], extra: Mapping[str, str]) -> None:
    """Run one of SAM's commands, whose many words are only worth reading when it fails."""
    # PYTHONPATH is the Makefile's and would reach into SAM's own environment.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command,
        env=environment | dict(extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout)
        raise subprocess.CalledProcessError(done.returncode, command)
