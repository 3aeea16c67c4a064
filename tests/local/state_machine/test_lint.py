"""The linter finds faults of a state machine and none in the deployed one."""

import json
from pathlib import Path

import pytest

from local.state_machine.lint import main, problems_in

OURS = Path(__file__).parents[3] / "functions" / "bulk_job" / "bulk_job.asl.json"


def test_the_deployed_state_machine_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(OURS)]) == 0
    assert capsys.readouterr().out == "The state machine is sound.\n"


@pytest.mark.parametrize(
    ("state", "member", "value", "said"),
    [
        ("LayOut", "Next", "Nowhere", "Nowhere"),
        ("Done", "Type", "Succed", "Succed"),
        ("Plan", "Resource", None, "Resource"),
    ],
)
def test_a_broken_state_machine_is_reported(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    state: str,
    member: str,
    value: object,
    said: str,
) -> None:
    broken = json.loads(OURS.read_text())
    broken["States"][state][member] = value
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(broken))
    assert problems_in(file.read_text())
    assert main([str(file)]) == 1
    assert said in capsys.readouterr().out
