"""Files that are given to commands."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from scim_cli.input_files import json_in, text_in, token_in
from scim_cli.root import scim


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16"], ids=["plain", "with a mark", "PowerShell's"]
)
def test_a_text_is_read_as_editors_and_shells_write_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "given"
    file.write_text('{"name": "Zo\u00eb"}\r\n', encoding)
    assert json_in(file) == {"name": "Zo\u00eb"}
    file.write_text("scim_1_secret\r\n", encoding)
    assert token_in(file) == "scim_1_secret"


def test_a_file_that_is_not_utf_8_is_refused_with_the_byte(tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_bytes(b"Zo\xeb")
    with pytest.raises(click.UsageError, match="given is not text in UTF-8, at byte 2"):
        text_in(file)


@pytest.mark.parametrize("text", ["", "[1", "[" * 100_000], ids=["nothing", "a part", "too deep"])
def test_a_file_that_is_not_json_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "given"
    file.write_text(text)
    with pytest.raises(click.UsageError, match="given: not JSON: "):
        json_in(file)


@pytest.mark.parametrize(
    "words",
    [
        ["users", "list", "--local", "--token-file"],
        ["conform", "http://127.0.0.1:1/scim/v2", "--token-file"],
        ["import", "a.ndjson", "--local", "--from-scim", "http://127.0.0.1:1", "--from-token-file"],
    ],
    ids=["a service", "a server to be judged", "another server"],
)
def test_an_empty_token_file_is_refused_even_with_a_token_in_the_environment(
    tmp_path: Path, words: list[str]
) -> None:
    file = tmp_path / "given"
    file.write_text("\n")
    result = CliRunner().invoke(scim, [*words, str(file)], env={"SCIM_TOKEN": "of another tenant"})
    assert result.exit_code == 2
    assert "given holds no token." in result.stderr
