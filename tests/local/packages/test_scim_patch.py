"""What scim-patch needs lies beside it, each package as it was tested."""

from pathlib import Path

import pytest

from local.packages.npm import UnavailableError
from local.packages.scim_patch import INTEGRITY, fetch, modules


def test_node_finds_each_package_by_its_name(tmp_path: Path) -> None:
    for package in INTEGRITY:
        (tmp_path / package / "package").mkdir(parents=True)
    for _ in range(2):
        fetch(tmp_path)
    assert {path.name for path in modules(tmp_path).iterdir()} == {
        "scim-patch",
        "scim2-parse-filter",
        "fast-deep-equal",
    }
    assert (modules(tmp_path) / "scim-patch").resolve() == tmp_path / "scim-patch@0.8.3/package"


def test_without_npm_it_is_not_to_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="npm"):
        fetch(tmp_path)
