"""Runs mutmut in a copy of the project: its changes to some files, and the results of tests and type checks."""

import ast
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from local.environment import without_python_path
from local.tools.mutants import LAYER

PYTHON = Path(".venv-mutation/bin/python")
NOTICED, MISTYPED, SURVIVED, ENDLESS = "noticed", "mistyped", "survived", "endless"
_OUTCOMES: Final = {
    0: SURVIVED,
    **dict.fromkeys((5, 33), "no test"),
    **dict.fromkeys((24, -24, 36, 152, 255), ENDLESS),
}
"""By mutmut's exit code for a change; any other code means that a test failed."""
PATIENCE: Final = 20
"""In addition to the time of its tests, a change may take 15 times this many seconds of clock time; a longer run counts
as endless. A busy machine is slow.
"""
_TYPES = """[mypy]
check_untyped_defs = True
explicit_package_bases = True
follow_imports = silent
mypy_path = .
plugins = pydantic.mypy
"""
_CHANGE = re.compile(r"^([-+])(?![-+]{2})(.*)$", re.MULTILINE)
_NAME = re.compile(r"^(?P<module>[\w.]+)\.(?P<function>x\S+)__mutmut_\d+$")
_COPIED = ("docs", "events", "functions", "layers", "local", "template.yaml", "README.md")


def configured(
    project: str, files: Sequence[str], tests: Sequence[str], without: Sequence[str]
) -> str:
    """Return pyproject.toml's text with mutmut's options; the layer's package is at the root."""
    options = ["-q", "-n0", "-p", "no:cacheprovider", "--timeout=0"]
    options += [f"--ignore={path}" for path in without]
    return project.replace('"layers/scim", "local/cli"]', '"local/cli"]') + "\n".join(
        [
            "\n[tool.mutmut]",
            'source_paths = ["scim"]',
            f"only_mutate = {json.dumps([f'scim/{path}' for path in files])}",
            f"also_copy = {json.dumps(_COPIED)}",
            f"pytest_add_cli_args = {json.dumps(options)}",
            f"pytest_add_cli_args_test_selection = {json.dumps(tests)}",
            f"timeout_constant = {PATIENCE}",
            "use_git_change_detection = false",
            "use_setproctitle = false",
            "",
        ]
    )


def place_of(name: str) -> tuple[str, str]:
    """Return the file below the layer's package and the function in mutmut's name of a change."""
    match = _NAME.match(name)
    if match is None:
        raise ValueError(f"{name} is not what mutmut calls a change")
    function = match["function"].removeprefix("x").strip("_ǁ").replace("ǁ", ".")
    return f"{match['module'].removeprefix('scim.').replace('.', '/')}.py", function


def change_of(diff: str) -> tuple[str, str]:
    """Return the old and the new text of a unified diff, each in one line."""
    lines: dict[str, list[str]] = {"-": [], "+": []}
    for sign, text in _CHANGE.findall(diff):
        lines[sign].append(text.strip())
    return " ".join(lines["-"]), " ".join(lines["+"])


class Run:
    """The changes to some files in a folder that is a copy of the project."""

    def __init__(
        self, folder: Path, files: Sequence[str], tests: Sequence[str], without: Sequence[str]
    ) -> None:
        """Put the layer's package at the folder's root, as mutmut requires."""
        self._folder = folder
        shutil.copytree(folder / LAYER, folder / "scim")
        project = folder / "pyproject.toml"
        text = configured(project.read_text("utf-8"), files, tests, without)
        project.write_text(text, "utf-8")

    def mutmut(self, *arguments: str, seconds: float = math.inf) -> str:
        """Return mutmut's output; it is interrupted after `seconds`."""
        environment = {
            **os.environ,
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "PYTHONHASHSEED": "0",
        }
        command = [str(PYTHON.absolute()), "-m", "mutmut", *arguments]
        with subprocess.Popen(
            command,
            cwd=self._folder,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                return process.communicate(timeout=None if seconds == math.inf else seconds)[0]
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
                return process.communicate()[0]

    def mistyped(self) -> set[str]:
        """Return the changes that the type checker of `make check` rejects."""
        folder = self._folder / "mutants"
        (folder / "mypy.ini").write_text(_TYPES, "utf-8")
        files = sorted(str(meta.relative_to(folder))[:-5] for meta in folder.glob("scim/**/*.meta"))
        process = subprocess.run(
            [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "--output=json", *files],
            cwd=folder,
            env=without_python_path(),
            capture_output=True,
            text=True,
            check=False,
        )
        changes: set[str] = set()
        errors = [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]
        for file in files:
            lines = {error["line"] for error in errors if error["file"] == file}
            module = file.removesuffix(".py").replace("/", ".")
            changes |= {
                f"{module}.{node.name}"
                for node in ast.walk(ast.parse((folder / file).read_text("utf-8")))
                if isinstance(node, ast.FunctionDef)
                and _NAME.match(f"{module}.{node.name}")
                and not lines.isdisjoint(range(node.lineno, (node.end_lineno or 0) + 1))
            }
        return changes

    def outcomes(self) -> dict[str, str | None]:
        """Return the outcome of each change, None for those that were not tested."""
        codes: dict[str, int | None] = {}
        for meta in self._folder.glob("mutants/scim/**/*.meta"):
            codes |= json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        return {
            name: None if code is None else _OUTCOMES.get(code, NOTICED)
            for name, code in codes.items()
        }
