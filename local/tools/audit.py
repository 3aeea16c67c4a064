"""`make audit`: known vulnerabilities of the locked packages, and the layer's bill of materials.

The exit status is 1 if a vulnerability is known. If the database cannot be reached, the command says so and
passes: the known vulnerabilities change every day, and a missing network says nothing about this project.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LAYER = ROOT / "layers/scim/requirements.txt"
LOCKS = (LAYER, ROOT / "local/locks/dev.lock")
BILL = ROOT / ".cache/sbom.cdx.json"


def main() -> int:
    """Write the bill of materials and audit each lock; return 1 if a vulnerability is known."""
    BILL.parent.mkdir(exist_ok=True)
    subprocess.run(bill_command(LAYER, BILL), check=True)
    print(f"What the layer holds is listed in {BILL.relative_to(ROOT)} (CycloneDX).")
    vulnerabilities, left_out = [], []
    for lock in LOCKS:
        name, report = str(lock.relative_to(ROOT)), audited(lock)
        if report is None:
            left_out.append(f"{name}: no service that knows of vulnerabilities could be asked")
            continue
        vulnerabilities += [f"{name}: {each}" for each in vulnerabilities_in(report)]
        left_out += [f"{name}: {each}" for each in not_audited_in(report)]
    print("\n".join(vulnerabilities) or "Of what was asked about, no vulnerability is known.")
    for omission in left_out:
        print(f"!!! LEFT OUT: {omission} !!!")
    return 1 if vulnerabilities else 0


def bill_command(lock: Path, bill: Path) -> Sequence[str]:
    """Return the command that lists a lock's packages, with reproducible output."""
    tool = str(Path(sys.executable).with_name("cyclonedx-py"))
    return [
        tool,
        "requirements",
        "--output-reproducible",
        "--of",
        "JSON",
        "-o",
        str(bill),
        str(lock),
    ]


def audited(lock: Path) -> Mapping[str, Any] | None:
    """Return pip-audit's report on a lock, None if its service could not be reached."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
        options = ["--progress-spinner", "off", "-f", "json", "-o", str(report)]
        # Its status is 1 for a finding and for a failure; only a finding comes with a report.
        process = subprocess.run(
            [*command, *options, "-r", str(lock)], capture_output=True, text=True, check=False
        )
        if not report.exists() or not report.read_text():
            print(process.stderr.strip().rpartition("\n")[2], file=sys.stderr)
            return None
        document: Mapping[str, Any] = json.loads(report.read_text())
        return document


def vulnerabilities_in(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield each package's known vulnerabilities, with the versions that fix them."""
    for package in report["dependencies"]:
        for vulnerability in package.get("vulns", ()):
            fix_versions = ", ".join(vulnerability["fix_versions"]) or "nowhere yet"
            yield f"{package['name']} {package['version']}: {vulnerability['id']}, mended in {fix_versions}"


def not_audited_in(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield how many packages could not be audited, with the reason for the first."""
    reasons = [
        package["skip_reason"] for package in report["dependencies"] if "skip_reason" in package
    ]
    if reasons:
        yield f"{len(reasons)} of {len(report['dependencies'])} packages ({reasons[0]})"


if __name__ == "__main__":
    sys.exit(main())
