"""Where DynamoDB Local comes from: an npm package by Amazon, kept in a cache folder, never in the repository."""

import os
import shutil
from pathlib import Path

from local.packages.npm import UnavailableError, unpacked

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
INTEGRITY = "sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ=="
LICENCE_VARIABLE = "DYNAMODB_LOCAL_LICENSE"
CACHE = Path(".cache/dynamodb-local")

_LICENCE = f"""DynamoDB Local belongs to Amazon and is not free software. Its licence allows only holders of an AWS account in
good standing to use it, for internal business purposes in connection with AWS, and nobody may redistribute it. Therefore it
is not part of this repository. Read the licence (LICENSE.txt in the npm package {PACKAGE}). If you accept
it, set this variable, and it is fetched (npm, about 70 MB) and used:

    export {LICENCE_VARIABLE}=accept
"""


def home(cache: Path = CACHE) -> Path:
    """Return the folder with DynamoDBLocal.jar. Fetch it first if it is missing. Raises UnavailableError."""
    if os.environ.get(LICENCE_VARIABLE) != "accept":
        raise UnavailableError(_LICENCE)
    for tool in ("java", "npm"):
        if shutil.which(tool) is None:
            raise UnavailableError(f"DynamoDB Local needs {tool}, which is not on the PATH.")
    return unpacked(PACKAGE, INTEGRITY, cache) / "emulator"
