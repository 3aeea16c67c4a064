"""An npm package is used with the tested bytes or not at all."""

from pathlib import Path

import pytest

from local.packages.npm import UnavailableError, check, installed, unpacked


def test_another_archive_than_the_one_tested_is_refused() -> None:
    with pytest.raises(UnavailableError, match=r"x@1 is not what it was"):
        check(b"something else", "x@1", "sha512-AAAA")


def test_without_npm_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match=r"needed to fetch x@1"):
        unpacked("x@1", "sha512-AAAA", tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []


def test_a_package_in_the_cache_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "@a-x@1" / "package").mkdir(parents=True)
    assert unpacked("@a/x@1", "", tmp_path) == tmp_path / "@a-x@1" / "package"


@pytest.fixture(name="wanted")
def _wanted(tmp_path: Path) -> Path:
    """Return a folder that wants packages."""
    folder = tmp_path / "wanted"
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text("{}")
    return folder


def _npm(does: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "npm"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_packages_of_a_lock_file_are_fetched_once_until_it_changes(
    tmp_path: Path, wanted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _npm(
        f'mkdir node_modules; echo "$@" > node_modules/asked; echo >> "{tmp_path}/times"',
        tmp_path,
        monkeypatch,
    )
    folders = {installed(wanted, tmp_path / "cache") for _ in range(2)}
    (wanted / "package-lock.json").write_text('{"changed": true}')
    folders.add(installed(wanted, tmp_path / "cache"))
    assert len(folders) == 2
    assert (tmp_path / "times").read_text() == "\n\n"
    for each in folders:
        assert {"ci", "--ignore-scripts"} <= set((each / "asked").read_text().split())
        assert (each.parent / "package-lock.json").is_file()


def test_a_failed_fetch_leaves_nothing_in_the_cache(
    tmp_path: Path, wanted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _npm("mkdir node_modules; echo not of these bytes >&2; exit 1", tmp_path, monkeypatch)
    with pytest.raises(UnavailableError, match="not of these bytes"):
        installed(wanted, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_without_npm_nothing_is_fetched_by_a_lock(
    tmp_path: Path, wanted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="npm"):
        installed(wanted, tmp_path / "cache")
