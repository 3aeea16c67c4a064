"""Where AWS's runtime interface emulator cannot run, the run says so and counts nothing as tested."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.events import emulated, interface_emulator
from local.events.emulated import _expectations
from local.events.interface_emulator import NotHereError, Runtime, found
from local.runtime import ANSWER_LIMIT


def test_a_system_without_namespaces_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(NotHereError, match="Linux only"):
        found()


def test_without_sam_there_is_no_emulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotHereError, match="no emulator"):
        found()


def test_a_system_that_refuses_namespaces_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / ".venv-sam/lib/python3.11/site-packages/samcli/local/rapid"
    place.mkdir(parents=True)
    (place / f"aws-lambda-rie-{interface_emulator.of_this_machine()}").touch()
    monkeypatch.chdir(tmp_path)
    refused = subprocess.CompletedProcess([], 1, "", "unshare: Operation not permitted\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: refused)
    with pytest.raises(NotHereError, match="made: unshare: Operation not permitted"):
        found()


def test_a_run_that_is_left_out_says_so_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> Runtime:
        raise NotHereError("there is no Python 3.13")

    monkeypatch.setattr(emulated, "found", missing)
    assert emulated.main() == 0
    said = capsys.readouterr().out
    assert said.startswith("!!! LEFT OUT: ")
    assert "there is no Python 3.13" in said
    assert "as they should be" not in said


def _lambda(event: dict[str, object]) -> Any:
    """Answer the probe's questions as on AWS."""
    match event:
        case {"import": "scim.settings" | "pydantic" | "boto3" as name}:
            return name
        case {"import": _}:
            return {"errorType": "ModuleNotFoundError"}
        case {"write": path}:
            is_scratch = str(path).startswith(interface_emulator.Path("/tmp").as_posix())  # noqa: S108
            return 7 if is_scratch else {"errorMessage": "[Errno 30] Read-only file system"}
        case {"bytes": int(number)}:
            too_large = {"errorType": "Function.ResponseSizeTooLarge"}
            return too_large if number > ANSWER_LIMIT else "x" * (number - 2)
    return ["/var/task", "/opt/python", "/var/runtime", "/python/lib/python3.13"]


def _found_wrong(answering: Callable[[dict[str, object]], Any]) -> list[str]:
    return [
        wrong for asked, sound, wrong in _expectations("/python") if not sound(answering(asked))
    ]


def test_a_place_like_lambda_is_sound() -> None:
    assert _found_wrong(_lambda) == []


@pytest.mark.parametrize(
    ("asked", "answer", "wrong"),
    [
        ({}, ["/work/repository"], "modules come from elsewhere"),
        ({}, ["/python/lib/site-packages"], "modules come from elsewhere"),
        ({"import": "moto"}, "moto", "it can be imported"),
        ({"import": "pydantic"}, {"errorType": "ModuleNotFoundError"}, "it cannot be imported"),
        ({"write": "/opt/x"}, 7, "it can be written"),
        ({"bytes": ANSWER_LIMIT + 1}, "x", "Lambda answers no more than 6 MB"),
    ],
    ids=["path", "packages", "leak", "missing", "writable", "large"],
)
def test_a_place_that_is_not_like_lambda_is_reported(
    asked: dict[str, object], answer: Any, wrong: str
) -> None:
    assert _found_wrong(lambda event: answer if event == asked else _lambda(event)) == [wrong]
