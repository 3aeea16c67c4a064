"""The format of a file, recognized by its name and its beginning."""

from pathlib import Path

import click
import pytest

from scim_cli.transfer.file_format import format_named, format_of


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", '{"schemas": [],\n"Operations": []}', "bulk"),
        ("a.json", '{"schemas":["x"],"Operations":[]}', "bulk"),
        ("a", '\ufeff {"userName":"a"}\n{"userName":"b"}', "ndjson"),
        ("a.csv", "login\n", "csv"),
        ("a.tsv", "login\n", "csv"),
        ("a", "login\n", "csv"),
        ("a.ndjson", "", "ndjson"),
        ("a.ndjson", '{"id":\n{"userName":"b"}', "ndjson"),
        ("a.ndjson", '{"schemas": [],\n"Operations": []}', "bulk"),
        pytest.param("a.ndjson", '{"a": ' + "[" * 100_000, "ndjson", id="nested"),
        ("a.ldif", "", "ldif"),
        ("a.txt", "# x\n y\n\nversion: 1\n", "ldif"),
        ("a", "dn:: eA==\n", "ldif"),
        ("a.csv", "dn: x,y\n", "ldif"),
        ("a.csv", "dn,version: 1\n", "csv"),
    ],
)
def test_the_format_is_found(tmp_path: Path, name: str, content: str, expected: str) -> None:
    file = tmp_path / name
    file.write_text(content, "utf-8")
    assert format_of(file) == expected


def test_a_file_that_is_no_text_ends_the_command(tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(b"PK\x03\x04\x14\x00")
    with pytest.raises(click.ClickException, match=r"people\.xlsx: The file is .*Excel"):
        format_of(file)


def test_a_file_to_come_is_known_by_its_name() -> None:
    assert format_named(Path("a.CSV")) == "csv"
    with pytest.raises(click.UsageError, match="--format"):
        format_named(Path("a.xlsx"))
