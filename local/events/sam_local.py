"""`make sam-local`: prints the commands of `sam local` for each event and the whole API; runs them if Docker is there.

Docker provides AWS's own images for the functions, and DynamoDB Local for a table. docs/sam-local.md says
what this cannot show.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from local import template as templates
from local.dynamodb_local import ENDPOINT_VARIABLE
from local.environment import environment, without_python_path
from local.events.built import (
    ARCHITECTURES,
    SAM,
    BuildError,
    building,
    built,
    folder_of,
    of_this_machine,
    variables_of,
)
from local.events.stories import EVENTS, STORIES, put_what_events_name
from local.packages.npm import UnavailableError
from local.stores import opened
from local.template import TEMPLATE

STACK = "sam-local"
VARIABLES = Path(__file__).with_name("env.json")
NETWORK = CONTAINER = "scim-dynamodb"
IMAGE = "amazon/dynamodb-local:2.5.2"
PORT = 8000
ENDPOINT = f"http://127.0.0.1:{PORT}"
_ACCEPTED = "DYNAMODB_LOCAL_LICENSE"
_ROOT = TEMPLATE.parent


def network() -> list[str]:
    """Return the command that creates the network in which functions find the table."""
    return ["docker", "network", "create", NETWORK]


def database() -> list[str]:
    """Return the command that runs DynamoDB Local, for functions and on this machine's loopback address."""
    said = ["--detach", "--rm", "--name", CONTAINER, "--network", NETWORK]
    jar = ["-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-disableTelemetry"]
    return ["docker", "run", *said, "--publish", f"127.0.0.1:{PORT}:{PORT}", IMAGE, *jar]


def invoking(story: str, architecture: str) -> list[str]:
    """Return the command that invokes an event's function."""
    event = (EVENTS / f"{story}.json").relative_to(_ROOT)
    return [*_sam("invoke", architecture), "--event", str(event), STORIES[story].function]


def serving(architecture: str) -> list[str]:
    """Return the command that serves the API on port 3000."""
    return [*_sam("start-api", architecture), "--port", "3000"]


def _sam(command: str, architecture: str) -> list[str]:
    return [
        *(str(SAM), "local", command, "--template", str(folder_of(architecture) / "template.yaml")),
        *("--parameter-overrides", f"Architecture={architecture}"),
        *("--env-vars", str(VARIABLES.relative_to(_ROOT)), "--docker-network", NETWORK),
    ]


def alone() -> list[str]:
    """Return the events that need no service besides DynamoDB, the only one here."""
    return [name for name, story in STORIES.items() if not story.uses]


def show(architecture: str) -> None:
    """Print all commands in the order in which they work."""
    before = shlex.join(f"{name}={value}" for name, value in variables_of(architecture).items())
    print("# Build for this kind of processor")
    print(f"{before} {shlex.join(building(architecture))}")
    print("# A table that functions find, with the tenants of make run in it")
    print(shlex.join(network()))
    print(shlex.join(database()))
    print("python -m local.events.sam_local table")
    print("# An event a function")
    for name in alone():
        print(shlex.join(invoking(name, architecture)))
    rest = sorted(STORIES.keys() - set(alone()))
    print(f"# Not {', '.join(rest)}: those ask other services than DynamoDB.")
    print("# The API, on http://127.0.0.1:3000/scim/v2, with the token local-demo-token")
    print(shlex.join(serving(architecture)))


def fill() -> None:
    """Create the template's table in DynamoDB Local, with the resources that the events name."""
    template = templates.read(TEMPLATE, STACK)
    with (
        environment({ENDPOINT_VARIABLE: ENDPOINT}),
        opened("dynamodb-local", template, None) as store,
    ):
        put_what_events_name(store)


def run(architecture: str) -> list[str]:
    """Run everything except serving the API; return the wrong answers."""
    built(architecture)
    wrong = []
    with ExitStack() as stack:
        for command, undo in (
            (network(), ["docker", "network", "rm", NETWORK]),
            (database(), ["docker", "stop", CONTAINER]),
        ):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            stack.callback(subprocess.run, undo, check=False, stdout=subprocess.DEVNULL)
        _await()
        for name in alone():
            fill()
            done = subprocess.run(
                invoking(name, architecture),
                env=without_python_path(),
                capture_output=True,
                text=True,
                check=False,
            )
            complaint = complaint_about(name, done)
            print(f"{name}: {complaint or 'as it should be'}", flush=True)
            wrong += [f"{name}: {complaint}"] if complaint else []
    return wrong


def complaint_about(story: str, done: subprocess.CompletedProcess[str]) -> str:
    """Return what is wrong with the last output of `sam local invoke`, or ""."""
    try:
        answer = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return f"no answer: {done.stderr.strip()[-500:]}"
    return STORIES[story].wrong_with(answer)


def _await(patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            urlopen(ENDPOINT, timeout=2).close()
        except URLError as error:
            if getattr(error, "code", None) is not None:
                return  # it responds, even if only with an error
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        except OSError:
            time.sleep(0.2)
        else:
            return


def _docker() -> bool:
    try:
        return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0  # noqa: S607 - on the PATH
    except FileNotFoundError:
        return False


def main(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Print the commands, and run them if possible; return the exit code."""
    if [*words] == ["table"]:
        fill()
        return 0
    architecture = words[0] if words else of_this_machine()
    if architecture not in ARCHITECTURES:
        print(
            f"ARCHITECTURE={architecture}: expected {' or '.join(ARCHITECTURES)}.", file=sys.stderr
        )
        return 2
    show(architecture)
    if not _docker():
        print(
            "!!! LEFT OUT: no Docker here, so nothing was run. make rehearse-lambda needs none. !!!"
        )
        return 0
    if environ.get(_ACCEPTED) != "accept":
        print(
            f"!!! LEFT OUT: DynamoDB Local has a licence: say {_ACCEPTED}=accept to run them. !!!"
        )
        return 0
    try:
        wrong = run(architecture)
    except (BuildError, UnavailableError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
