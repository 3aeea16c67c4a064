"""A package of npm is taken as it was tested, or not at all."""

from pathlib import Path

import pytest

from local.packages.npm import UnavailableError, check, unpacked


def test_another_archive_than_the_one_tested_is_refused() -> None:
    with pytest.raises(UnavailableError, match=r"x@1 is not what it was"):
        check(b"something else", "x@1", "sha512-AAAA")


def test_without_npm_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match=r"x@1 is fetched by npm"):
        unpacked("x@1", "sha512-AAAA", tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "@a-x@1" / "package").mkdir(parents=True)
    assert unpacked("@a/x@1", "", tmp_path) == tmp_path / "@a-x@1" / "package"
