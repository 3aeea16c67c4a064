"""`python -m local.tools.fuzz CASES [PROFILE …]`: schemathesis against the service, by its own OpenAPI document.

No response may be a 5xx, or have a status, content type or body that the document does not name. There are no
exceptions.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from local.gateway import Gateway
from local.seed import token_of
from local.server import Server

SCHEMATHESIS = Path(".venv-fuzz/bin/schemathesis")
PROFILES = ("default", "rfc", "interop-strict", "wso2", "forsta", "nevisidm")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
PER_OPERATION = 40
"""Cases in a round for each operation; each round has its own seed."""
BOUNDS = {
    "RequestLog": "500",
    "MaxBulkOperations": "20",
    "MaxJobOperations": "40",
    "MaxPatchOperations": "50",
    "MaxMembers": "100",
}
"""The schemas state these limits, and cases reach and exceed each: lower limits test the same, faster."""
_GENERATED = re.compile(r"(\d[\d,]*) generated")


def fuzzed(address: str, profile: str, cases: int) -> tuple[int, bool]:
    """Send about `cases` cases; return their number, and whether all passed."""
    base, header = f"http://{address}/{profile}/scim/v2", f"Bearer {token_of(profile)}"
    sent_cases, sound, seed = 0, True, 1
    # Covering the boundary values of a schema takes some 3,000 cases.
    phases = "coverage,fuzzing,stateful" if cases > 1000 else "fuzzing"
    while sent_cases < cases and sound:
        with tempfile.TemporaryDirectory() as folder:
            command = [
                *(str(SCHEMATHESIS.resolve()), "run", f"{base}/openapi.json", "--url", base),
                *("--header", f"Authorization:{header}", "--seed", str(seed), "--no-color"),
                *("--checks", ",".join(CHECKS), "--phases", phases),
                *("--request-timeout", "120"),
                *("--max-examples", str(max(1, min(PER_OPERATION, (cases - sent_cases) // 40)))),
                *("--max-failures", "20", "--continue-on-failure", "--warnings", "off"),
            ]
            run = subprocess.run(
                command, cwd=folder, env={}, capture_output=True, text=True, check=False
            )
        match = _GENERATED.search(run.stdout)
        sent_cases += int(match[1].replace(",", "")) if match else 0
        sound, seed = run.returncode == 0 and match is not None, seed + 1
        if not sound:
            print(run.stdout + run.stderr)
    return sent_cases, sound


def fuzzed_alone(profile: str, cases: int) -> tuple[int, bool]:
    """Fuzz a profile's tenant on an empty table: resources of earlier cases would only slow it down."""
    with (
        Server(0) as server,
        Gateway.start("moto", BOUNDS, address=server.address) as gateway,
        server.serving(gateway.answer),
    ):
        result = fuzzed(server.address, profile, cases)
    print(f"{profile}: {result[0]} cases, {'nothing found' if result[1] else 'FAILED'}", flush=True)
    return result


def main(arguments: Sequence[str]) -> int:
    """Return 0 if all cases of all profiles passed."""
    cases = int(arguments[0]) if arguments else 500
    profiles = tuple(arguments[1:]) or PROFILES
    results = [fuzzed_alone(name, cases // len(profiles)) for name in profiles]
    print(f"{sum(done for done, _ in results)} cases in all.")
    return 0 if all(sound for _, sound in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
