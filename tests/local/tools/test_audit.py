"""The evaluation of pip-audit's report: a finding fails, a missing network is reported."""

from pathlib import Path
from typing import Any

import pytest

from local.tools import audit

KNOWN = {"id": "PYSEC-2026-1", "fix_versions": ["2.1"], "aliases": [], "description": "…"}
UNMENDED = {"id": "GHSA-x", "fix_versions": []}
FINE = {"name": "fine", "version": "1.0", "vulns": []}
BAD = {"name": "bad", "version": "2.0", "vulns": [KNOWN, UNMENDED]}
SKIPPED = {"name": "gone", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("reports", "status", "lines"),
    [
        pytest.param([[FINE]] * 2, 0, ["Of what was asked about, no vulnerability is known."]),
        pytest.param(
            [[FINE], [FINE, BAD]],
            1,
            [
                "local/locks/dev.lock: bad 2.0: PYSEC-2026-1, mended in 2.1",
                "local/locks/dev.lock: bad 2.0: GHSA-x, mended in nowhere yet",
            ],
        ),
        pytest.param(
            [[SKIPPED, FINE], None],
            0,
            [
                "Of what was asked about, no vulnerability is known.",
                (
                    "!!! LEFT OUT: layers/scim/requirements.txt: 1 of 2 packages"
                    " (Dependency not found on PyPI) !!!"
                ),
                (
                    "!!! LEFT OUT: local/locks/dev.lock: no service that knows of vulnerabilities"
                    " could be asked !!!"
                ),
            ],
        ),
        pytest.param(
            [[SKIPPED], [BAD]],
            1,
            [
                (
                    "!!! LEFT OUT: layers/scim/requirements.txt: 1 of 1 packages"
                    " (Dependency not found on PyPI) !!!"
                )
            ],
        ),
    ],
    ids=["nothing known", "something known", "nobody to ask", "both"],
)
def test_a_finding_fails_and_a_missing_network_is_reported(
    reports: list[Any],
    status: int,
    lines: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    answers = [None if each is None else {"dependencies": each} for each in reports]
    monkeypatch.setattr(audit, "audited", lambda _: answers.pop(0))
    monkeypatch.setattr(audit, "bill_command", lambda *_: ["true"])
    assert audit.main() == status
    said = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line not in said] == []


def test_a_tool_that_fails_has_no_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here it is missing: the environment of the tests has no pip-audit."""
    assert audit.audited(audit.LAYER) is None
    assert "pip_audit" in capsys.readouterr().err
