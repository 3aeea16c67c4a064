"""Reading a file takes memory that does not grow with it, and time that grows no faster than it."""

import json
import subprocess
import sys
from typing import Any

import pytest

from scim.resource.job import Format

SMALL, LARGE = 1, 10


def measured(format_: Format, megabytes: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.large_files", format_.value, str(megabytes)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=-1).stdout)
    return found


@pytest.mark.long
@pytest.mark.parametrize("format_", list(Format))
def test_ten_times_the_file_is_ten_times_the_work_and_the_same_memory(format_: Format) -> None:
    small, large = (measured(format_, each) for each in (SMALL, LARGE))
    assert small["refused"] == large["refused"] == 0
    ratio = large["operations"] / small["operations"]
    assert large["seconds"] / small["seconds"] <= 1.5 * ratio
    assert large["megabytes"] - small["megabytes"] <= 8
