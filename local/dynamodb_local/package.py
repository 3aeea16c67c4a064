"""Where DynamoDB Local comes from: an npm package Amazon publishes, kept in a cache folder, never in the repository."""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
INTEGRITY = "sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ=="
LICENCE_VARIABLE = "DYNAMODB_LOCAL_LICENSE"
CACHE = Path(".cache/dynamodb-local")

_LICENCE = f"""DynamoDB Local is Amazon's and not free software: its licence lets only those who have an AWS account
in good standing use it, for their internal business purposes and in connection with AWS, and lets nobody pass it on. So it
is not part of this repository. To have it fetched (npm, about 70 MB) and used, read the licence
(LICENSE.txt in the npm package {PACKAGE}) and, if you accept it, say so:

    export {LICENCE_VARIABLE}=accept
"""


class UnavailableError(Exception):
    """DynamoDB Local cannot be had here; the message tells a person why and what to do."""


def home(cache: Path = CACHE) -> Path:
    """Return the folder that holds DynamoDBLocal.jar, fetching it first if it is not there."""
    if os.environ.get(LICENCE_VARIABLE) != "accept":
        raise UnavailableError(_LICENCE)
    for tool in ("java", "npm"):
        if shutil.which(tool) is None:
            raise UnavailableError(f"DynamoDB Local needs {tool}, which is not on the PATH.")
    folder = cache / PACKAGE
    if not folder.exists():
        _fetch(folder)
    return folder / "package" / "emulator"


def _fetch(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        packed = subprocess.run(
            ["npm", "pack", "--silent", "--ignore-scripts", PACKAGE],  # noqa: S607  npm is where the PATH says
            cwd=scratch,
            capture_output=True,
            text=True,
            check=False,
        )
        if packed.returncode != 0:
            raise UnavailableError(f"npm could not fetch {PACKAGE}:\n{packed.stderr}")
        archive = Path(scratch) / packed.stdout.strip().splitlines()[-1]
        check(archive.read_bytes())
        with tarfile.open(archive) as tar:
            tar.extractall(Path(scratch) / "unpacked", filter="data")
        # In one step: a folder that is there is whole, whoever else fetches at the same time.
        (Path(scratch) / "unpacked").replace(folder)


def check(archive: bytes) -> None:
    """Raise unless the archive is, byte for byte, the one this project was tested with."""
    algorithm, _, expected = INTEGRITY.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, archive).digest()).decode()
    if found != expected:
        raise UnavailableError(
            f"{PACKAGE} is not what it was: {algorithm} {found} instead of {expected}"
        )
