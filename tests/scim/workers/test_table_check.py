"""The weekly check counts what it read and found, and logs some of it."""

import json
from dataclasses import dataclass, field

import pytest

from scim.workers.table_check import TOLD, logger, table_checker


@dataclass(frozen=True)
class Report:
    items: int = 7
    open: int = 1
    wrong: list[str] = field(default_factory=list)


@pytest.mark.parametrize(
    "wrong", [[], ["one"], [f"wrong {n}" for n in range(TOLD + 5)]], ids=["sound", "one", "many"]
)
def test_violations_are_counted_and_some_are_logged(
    wrong: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(logger, "error", lambda _, extra: shown.append(extra["violation"]))
    told = table_checker(lambda: Report(wrong=wrong))({}, None)
    assert told == {"items": 7, "openJobs": 1, "violations": len(wrong)}
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["TableItems"], line["TableViolations"]) == (7, len(wrong))
    assert shown == wrong[:TOLD]
