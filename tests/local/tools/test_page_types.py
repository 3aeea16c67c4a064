"""The types of the pages' scripts are checked by a program that exists for some machines only."""

import platform
from pathlib import Path

import pytest

from local.packages.npm import UnavailableError
from local.tools import page_types


def test_a_machine_without_a_checker_is_told_so_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Plan9")
    with pytest.raises(UnavailableError, match="Plan9"):
        page_types.checker(tmp_path)
    assert page_types.main() == 0
    assert "!!! LEFT OUT: the types of the pages were NOT checked." in capsys.readouterr().out


@pytest.mark.parametrize("code", [0, 2])
def test_both_pages_are_checked_with_the_types_of_the_vendored_libraries(
    tmp_path: Path, code: int
) -> None:
    program = tmp_path / "tsc"
    program.write_text(
        '#!/bin/sh\nfor each; do case "$each" in */main.js) cat "$each" "${each%/*}"/../vendor/*.d.ts'
        f' >/dev/null && echo 1 >> "{tmp_path}/seen";; esac; done; exit {code}\n'
    )
    program.chmod(0o755)
    assert page_types.checked(program) == code
    assert (tmp_path / "seen").read_text() == "1\n1\n"  # the console's and the portal's
