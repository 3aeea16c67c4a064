"""`make rehearse`: builds, deploys to an emulator of AWS, uses the deployment and takes it down."""

import sys
import tempfile
import time
from pathlib import Path
from subprocess import CalledProcessError

import httpx2

from local.rehearse import deployment, emulator
from local.rehearse.administration import tell_of_administration
from local.rehearse.story import (
    PEOPLE,
    UnexpectedError,
    people,
    require_as_expected,
    require_people,
    tell,
)

CONVERSATION = Path("tests/idp/okta.jsonl")

_BEGUN = time.monotonic()


def log(step: str) -> None:
    """Print the step and the elapsed time."""
    print(f"[{time.monotonic() - _BEGUN:5.1f} s] {step}", flush=True)


def main() -> int:
    """Return 0 if everything went as it should."""
    output = Path(tempfile.mkdtemp(prefix="rehearsal-")) / "ministack.log"
    log("sam build")
    deployment.build()
    log(f"start the emulator; its log is {output}")
    with emulator.running(output) as endpoint:
        log(f"sam deploy to {endpoint}")
        deployed = deployment.deploy(endpoint)
        log("create a token")
        token = deployment.token(deployed)
        try:
            with httpx2.Client(base_url=deployed.base_url, timeout=60) as client:
                tell(client, token, log)
                log("replay an identity provider's conversation")
                require_as_expected(client, token, CONVERSATION)
            log("open the console, and ask the Admin API")
            secret = deployment.console_link(deployed)
            with httpx2.Client(timeout=60) as client:
                tell_of_administration(client, deployed.pages, deployed.admin_url, secret, log)
            log("import a file, as a job")
            deployment.imported(deployed, token, people(output.parent))
            log("restore the table, and serve that")
            parameters = deployment.restored(deployed, f"{deployed.table}-restored")
            again = deployment.deploy(endpoint, **parameters)
            log(f"check it: {deployment.checked(again)}")
            with httpx2.Client(base_url=again.base_url, timeout=60) as client:
                require_people(client, token, PEOPLE)
            log("take it down, with files in its bucket")
            bucket = deployment.littered(again)
            deployment.destroyed(again)
            deployment.require_nothing_left(again, bucket)
        except (UnexpectedError, CalledProcessError) as answer:
            log(f"FAILED: {answer}")
            print(output.read_text(errors="replace")[-8000:])
            return 1
    log("The rehearsal went as it should.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
