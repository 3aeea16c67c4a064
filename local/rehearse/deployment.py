"""Builds the stack, deploys it with SAM, and takes it down again."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from local.environment import without_python_path
from local.rehearse.emulator import ENVIRONMENT, REGION, credentials
from local.rehearse.story import LIMITS, UnexpectedError
from local.tools.deploy import (
    ENVIRONMENTS,
    QUESTIONS,
    building,
    deploying,
    overrides_of,
    section_of,
)

BUILD = Path(".aws-sam/rehearsal")
CONFIG = BUILD.parent / "rehearsal.toml"
STACK = f"scim-{ENVIRONMENTS[0]}"
STAGE = "live"
TENANT = "demo"


@dataclass(frozen=True, slots=True)
class Deployment:
    """The deployed service: its endpoint, APIs and table."""

    endpoint: str
    api_id: str
    table: str
    admin_id: str = ""

    @property
    def base_url(self) -> str:
        """The URL for an identity provider, on the emulator."""
        return f"{self._url(self.api_id)}/scim/v2"

    @property
    def pages(self) -> str:
        """The URL prefix of `/console` and `/setup`."""
        return self._url(self.api_id)

    @property
    def admin_url(self) -> str:
        """The URL of the Admin API."""
        return f"{self._url(self.admin_id)}/admin/v1"

    def _url(self, api: str) -> str:
        return f"{self.endpoint}/_aws/execute-api/{api}/{STAGE}"


def build() -> None:
    """Build functions and layer for this machine, because the emulator runs them here."""
    python = ENVIRONMENT.resolve() / "bin" / "python"
    command = building(ENVIRONMENTS[0], BUILD, *_answered(), "--no-cached")
    _run(command, {"LAYER_FOR_THIS_MACHINE": "1", "PYTHON": str(python)})


def _answered(**more: str) -> tuple[str, str]:
    """Write the file that `make deploy` reads, as if a person had answered its questions, and `more` parameters."""
    usual = {each.parameter: each.usual for each in QUESTIONS}
    # The emulator does not support alarms on computed metrics, such as that of tenants.
    given = {**usual, "DeletionProtection": "false", "Metrics": "operations", **more}
    BUILD.parent.mkdir(exist_ok=True)
    section = section_of(ENVIRONMENTS[0], given, json.dumps(LIMITS))
    CONFIG.write_text(f"version = 0.1\n{section}", "utf-8")
    return "--config-file", str(CONFIG.resolve())


def deploy(endpoint: str, **more: str) -> Deployment:
    """Deploy the build with the same commands that deploy to AWS; `more` are parameters."""
    answered = _answered(**more)
    overrides = overrides_of(CONFIG.read_text("utf-8"), ENVIRONMENTS[0])
    command = deploying(ENVIRONMENTS[0], BUILD, overrides, *answered)
    try:
        _run(command, credentials(endpoint))
    except subprocess.CalledProcessError as error:
        # On a busy machine the emulator may take longer than a minute. Then the request is sent again, and
        # finds the change set of the first one.
        if "AlreadyExistsException" not in error.output:
            raise
        _run(command, credentials(endpoint))
    deployed = Deployment(endpoint, "", "")
    stacks = _client(deployed, "cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}
    admin = (urlsplit(outputs["AdminApiUrl"]).hostname or "").partition(".")[0]
    api, table = outputs["ApiId"], outputs["TableName"]
    return replace(deployed, api_id=api, table=table, admin_id=admin)


def token(deployment: Deployment) -> str:
    """Create a token with the operator's command and return it."""
    made = _scim(deployment, "token", "create", "--tenant", TENANT, "--create")
    return made.strip().splitlines()[-1]


def console_link(deployment: Deployment) -> str:
    """Create a link to the console with the operator's command; return its secret."""
    return (
        _scim(deployment, "console", "open", "--base-url", deployment.pages)
        .strip()
        .partition("#")[2]
    )


def imported(deployment: Deployment, secret: str, file: Path) -> None:
    """Import a file with the client's command, as a job of the deployment."""
    known = {"SCIM_URL": deployment.base_url, "SCIM_TOKEN": secret}
    _operate(["import", str(file)], credentials(deployment.endpoint) | known)


def restored(deployment: Deployment, name: str) -> dict[str, str]:
    """Restore the table with the operator's command; return the parameters that serve it."""
    parameters: dict[str, str] = json.loads(_scim(deployment, "restore", name, "--json"))
    return parameters


def checked(deployment: Deployment) -> str:
    """Check the served table; return the command's output if nothing is wrong."""
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


def littered(deployment: Deployment) -> str:
    """Put files with versions into the bucket of jobs, as a job leaves them, and return its name."""
    stacks, files = _client(deployment, "cloudformation"), _client(deployment, "s3")
    asked = {"StackName": STACK, "LogicalResourceId": "JobsBucket"}
    bucket = str(
        stacks.describe_stack_resource(**asked)["StackResourceDetail"]["PhysicalResourceId"]
    )
    files.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for key, body in (("kept", b"1"), ("kept", b"2"), ("deleted", b"3")):
        files.put_object(Bucket=bucket, Key=key, Body=body)
    files.delete_object(Bucket=bucket, Key="deleted")
    return bucket


def destroyed(deployment: Deployment) -> None:
    """Take down the stack and its table with the operator's command."""
    words = ["destroy", "--stack", STACK, "--yes", STACK, "--with-data"]
    _operate([*words, "--endpoint-url", deployment.endpoint], credentials(deployment.endpoint))


def require_nothing_left(deployment: Deployment, bucket: str) -> None:
    """Raise UnexpectedError if the bucket, a function or the served table still exists."""
    functions = _client(deployment, "lambda").list_functions()["Functions"]
    tables = _client(deployment, "dynamodb").list_tables()["TableNames"]
    buckets = [each["Name"] for each in _client(deployment, "s3").list_buckets()["Buckets"]]
    found = {each["FunctionName"] for each in functions}
    found |= {bucket, deployment.table} & {*tables, *buckets}
    if found:
        raise UnexpectedError(f"still there: {', '.join(sorted(found))}")


def _client(deployment: Deployment, service: str) -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]  # its stubs accept only literal names
        endpoint_url=deployment.endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator accepts any
    )


def _run(command: list[str], extra: Mapping[str, str]) -> None:
    """Run one of SAM's commands; its long output is shown only if it fails."""
    done = subprocess.run(
        command,
        env=without_python_path() | dict(extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout)
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout)
