"""Every profile keeps its rules, and the record equals the result."""

import pytest

from local.conformance.__main__ import reports, stale


@pytest.mark.long
@pytest.mark.timeout(900)
def test_every_must_is_kept_nothing_is_left_behind_and_the_record_is_what_is_found() -> None:
    found = reports()
    broken = [
        (name, rule["section"], rule["rule"], rule["why"])
        for name, report in found.items()
        for rule in report["rules"]
        if rule["verdict"] == "fails" or rule["undecided"]
    ]
    assert broken == []
    assert [path for report in found.values() for path in report["leftBehind"]] == []
    assert stale(found) == []
