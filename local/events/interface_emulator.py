"""Runs one function in AWS's runtime interface emulator, with the file system and imports of Lambda.

The emulator comes with SAM, the runtime's packages come from PyPI, Python from this machine. Linux only: a
mount namespace has the function at /var/task, the layer at /opt and the runtime at /var/runtime, and only
/tmp is writable.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socket import create_connection
from typing import IO, Any

from local.child_process import NotStartedError, await_answer, child, free_port
from local.events.built import of_this_machine

LOCK = Path("local/locks/runtime.lock")
_EMULATORS = ".venv-sam/lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{}"
_VERSION = "3.13"
_PATH = "/2015-03-31/functions/function/invocations"
_PLACES = """\
set -e
mount --make-rprivate /
mount -t tmpfs -o size=64m tmpfs /var
mkdir /var/task /var/runtime /var/emulator
cp "$1" /var/emulator/rie
mount --bind "$2" /var/runtime
mount --bind "$3" /opt
mount --bind "$4" /var/task
cd /var/task
mount -t tmpfs -o size=512m tmpfs /tmp
for place in /var/runtime /opt /var/task /; do mount -o remount,bind,ro "$place"; done
mount -o remount,ro /var
shift 4
exec "$@"
"""
"""Prepares the file system; its first arguments are emulator, runtime, layer and function."""


class NotHereError(Exception):
    """The emulator cannot run on this machine; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a function needs to run: the emulator, a Python, and the packages of the managed runtime."""

    emulator: Path
    python: Path
    packages: Path


def found() -> Runtime:
    """Return the runtime of this machine; fetch its packages once. Raises NotHereError."""
    if sys.platform != "linux":
        raise NotHereError("it runs on Linux only")
    emulators = sorted(Path().glob(_EMULATORS.format(of_this_machine())))
    if not emulators:
        raise NotHereError("SAM brings no emulator for this machine")
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", "mount --make-rprivate /"]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise NotHereError("there is no unshare") from error
    if tried.returncode != 0:
        raise NotHereError(f"no mount namespace can be made: {tried.stderr.strip()}")
    return Runtime(emulators[0].resolve(), _python(), _packages())


def _python() -> Path:
    home = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    installed = sorted(map(str, home.glob(f"versions/{_VERSION}.*/bin/python{_VERSION}")))
    asks = "import sys; print(sys.base_prefix, *sys.version_info[:2])"
    for name in (f"python{_VERSION}", *installed):
        try:
            said = subprocess.run([name, "-c", asks], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        prefix, *version = said.stdout.split()
        if ".".join(version) == _VERSION:
            return Path(prefix) / "bin" / f"python{_VERSION}"
    raise NotHereError(f"there is no Python {_VERSION}")


def _packages() -> Path:
    """Return a folder with the runtime's packages, as locked."""
    folder = Path(".cache/lambda-runtime").resolve()
    known = folder / "lock"
    if known.is_file() and known.read_bytes() == LOCK.read_bytes():
        return folder / "packages"
    platform = {"arm64": "aarch64"}.get(of_this_machine(), of_this_machine())
    wheels = [
        word for name in ("2014", "_2_28") for word in ("--platform", f"manylinux{name}_{platform}")
    ]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *(
                "--no-deps",
                "--require-hashes",
                "--only-binary",
                ":all:",
                "--no-compile",
                "--upgrade",
            ),
            *(*wheels, "--implementation", "cp", "--python-version", _VERSION),
            *("--target", str(folder / "packages"), "--requirement", str(LOCK)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise NotHereError(f"the runtime's packages cannot be had: {done.stderr.strip()[-300:]}")
    known.write_bytes(LOCK.read_bytes())
    return folder / "packages"


@dataclass(frozen=True, slots=True)
class Emulated:
    """A running function; it handles one event at a time."""

    url: str

    def invoke(self, event: Mapping[str, Any], patience: float = 60) -> Any:
        """Return the function's answer, or the runtime interface's form of its error."""
        request = urllib.request.Request(self.url, json.dumps(event).encode(), method="POST")  # noqa: S310 - our own address
        try:
            with urllib.request.urlopen(request, timeout=patience) as answer:  # noqa: S310 - as above
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return json.loads(error.read())


@contextmanager
def running(
    runtime: Runtime, function: Path, layer: Path, variables: Mapping[str, str], log: IO[bytes]
) -> Iterator[Emulated]:
    """Run one function with a layer until the block ends; `variables` are its whole environment."""
    ports = [free_port(), free_port()]
    addresses = [
        *("--runtime-interface-emulator-address", f"127.0.0.1:{ports[0]}"),
        *("--runtime-api-address", f"127.0.0.1:{ports[1]}"),
    ]
    places = [str(each.resolve()) for each in (runtime.emulator, runtime.packages, layer, function)]
    handler = [str(runtime.python), "-S", "-m", "awslambdaric", "app.handler"]
    command = [
        *("unshare", "--mount", "--map-root-user", "sh", "-c", _PLACES, "sh", *places),
        *("/var/emulator/rie", *addresses, *handler),
    ]
    with child(
        command,
        patience=5,
        env={
            "PATH": os.environ["PATH"],
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "LAMBDA_TASK_ROOT": "/var/task",
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_python{_VERSION}",
            "PYTHONPATH": "/var/task:/opt/python:/var/runtime",
            **variables,
        },
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            await_answer("The emulator", process, partial(_connect, ports[0]), 30)
        except NotStartedError as error:
            raise NotHereError(str(error)) from error
        yield Emulated(f"http://127.0.0.1:{ports[0]}{_PATH}")


def _connect(port: int) -> None:
    create_connection(("127.0.0.1", port), timeout=1).close()
