"""Programs that run in Node, and what the report says without Node."""

import json
import re
from pathlib import Path

import pytest

from bench.filters import in_node, ratios
from bench.node.program import FOLDER, command_of
from bench.node.scimmy import of_requests, served
from local.packages.npm import UnavailableError


def test_every_package_has_one_exact_version_and_a_digest() -> None:
    wanted = json.loads((FOLDER / "package.json").read_text("utf-8"))["dependencies"]
    assert {"scimmy-routers", "scim2-parse-filter"} <= wanted.keys()
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    lock = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))["packages"]
    assert lock.pop("")["dependencies"] == wanted
    assert all(each["integrity"].startswith("sha512-") for each in lock.values())
    assert all(each["resolved"].startswith("https://registry.npmjs.org/") for each in lock.values())


def test_a_program_is_run_with_the_packages_fetched_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, does in {"node": "", "npm": "mkdir node_modules"}.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    node, program_, packages = command_of("scimmy.mjs", tmp_path / "cache")
    assert node == "node"
    assert Path(program_).is_file()
    assert Path(packages).parents[1] == tmp_path / "cache"


def test_filters_in_node_need_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="Node"), in_node():
        pass


def test_without_node_no_request_is_measured_and_the_report_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert served() is None
    assert of_requests() == {}
    assert capsys.readouterr().out.count("!!! LEFT OUT: requests beside scimmy-routers") == 2


def test_a_ratio_is_told_of_what_was_measured() -> None:
    found = {
        "known": 2.0,
        "new": 40.0,
        "recursive descent": 8.0,
        "scim2-filter-parser": 50.0,
        "scim2-models": 80.0,
    }
    without = ratios(found)
    assert without["known shape / recursive descent"] == 0.25
    assert not any("parse-filter" in name for name in without)
    told = ratios({**found, "scim2-parse-filter": 4.0})
    assert told == {
        **without,
        "known shape / scim2-parse-filter": 0.5,
        "new shape / scim2-parse-filter": 10.0,
    }
