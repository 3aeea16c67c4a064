"""Tables for people, JSON for programs."""

import io
import json
import sys
from collections.abc import Callable

import pytest
import yaml

from scim_cli import output
from scim_cli.output import OutputFormat, Row, bear_every_text, note, show, show_one
from scim_cli.service import Refused

ROWS = [{"name": "[red]ä", "rate": None, "schemes": ("bearer", "bare"), "valid": True}]


def test_a_table_has_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    show(ROWS, OutputFormat.TABLE)
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["name", "rate", "schemes", "valid"]
    assert row.split() == ["[red]ä", "-", "bearer", "bare", "yes"]


def test_an_empty_table_prints_nothing_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    show([], OutputFormat.TABLE)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "There are none.\n")


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    show(ROWS, OutputFormat.JSON)
    assert json.loads(capsys.readouterr().out)[0]["schemes"] == ["bearer", "bare"]
    show_one(ROWS[0], OutputFormat.JSON)
    assert json.loads(capsys.readouterr().out)["name"] == "[red]ä"


def test_a_setting_that_the_deployment_decides_has_its_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row: Row = {"own": 7, "days": None, "other": None, "deployment": {"own": 1, "days": 30}}
    show_one(row, OutputFormat.TABLE)
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert [[name, value.strip()] for name, value in lines] == [
        ["own", "7"],
        ["days", "30 (the deployment's)"],
        ["other", "-"],
    ]
    show_one(row, OutputFormat.JSON)
    assert json.loads(capsys.readouterr().out) == row


def test_a_long_line_is_not_broken_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_one({"label": "x" * 300}, OutputFormat.TABLE)
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.fixture(name="narrow")
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_terminal", lambda: 40)


def test_a_narrow_terminal_cuts_no_secret(narrow: None, capsys: pytest.CaptureFixture[str]) -> None:
    show_one({"token": "x" * 62, "validDays": 90}, OutputFormat.TABLE)
    assert "x" * 62 in capsys.readouterr().out


def test_a_narrow_terminal_leaves_out_columns_without_values(
    narrow: None, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = ["0434a8e5-f56f-4880-a35b-ea66d9857268", "17a1f62d-c749-4487-bc4e-4bcbaafa4c44"]
    show([{"id": id_, "label": "", "tenant": "acme"} for id_ in ids], OutputFormat.TABLE)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["id", "tenant"], *([id_, "acme"] for id_ in ids)]


def test_a_narrow_terminal_breaks_sentences_between_words(
    narrow: None, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = "The token is not accepted: it is wrong or has expired."
    show([{"": "NO", "answer": answer}], OutputFormat.TABLE)
    printed = capsys.readouterr().out
    assert max(len(line) for line in printed.splitlines()) <= 40
    assert " ".join(printed.split()) == f"answer NO {answer}"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
@pytest.mark.parametrize(
    ("form", "read"),
    [(OutputFormat.JSON, json.loads), (OutputFormat.YAML, yaml.safe_load)],
    ids=["json", "yaml"],
)
def test_a_program_reads_the_same_in_every_encoding(
    encoding: str, form: OutputFormat, read: Callable[[str], Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = {"name": "Zo\u00eb \u6f22\u5b57 \U0001f600"}
    assert read(_written(lambda: show_one(name, form), encoding, monkeypatch)) == name


def test_a_table_writes_out_what_the_encoding_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"name": "Zo\u00eb\u6f22"}]
    text = _written(lambda: show(rows, OutputFormat.TABLE), "latin-1", monkeypatch)
    assert text.split() == ["name", "Zo\u00eb\\u6f22"]


def test_a_closed_output_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    show(ROWS, OutputFormat.TABLE)
    show(ROWS, OutputFormat.JSON)


def _written(shown: Callable[[], None], encoding: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what is written to an output of an encoding, as UTF-8 where click prefers that to ASCII."""
    content = io.BytesIO()
    with io.TextIOWrapper(content, encoding) as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        bear_every_text()
        shown()
        stream.flush()
        return content.getvalue().decode("utf-8" if encoding == "ascii" else encoding)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\x1b]0;owned\x07", "\\u001b]0;owned\\u0007"),
        ("\u202egro", "\\u202egro"),
        (["a\x9bb"], "a\\u009bb"),
        ({"org": "acme"}, '{"org": "acme"}'),
        ("", "-"),
        ((), "-"),
    ],
    ids=["escape", "right to left", "in a list", "an object", "no text", "no values"],
)
def test_a_value_steers_no_terminal(
    value: object, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show([{"name": value}], OutputFormat.TABLE)
    assert capsys.readouterr().out.splitlines()[1].rstrip() == text


@pytest.mark.parametrize("text", ["\x9b2Jgone", "\x1b[2J", "\u202egro", "two\x85lines", "a\x7f\r"])
@pytest.mark.parametrize(
    ("form", "read"),
    [(OutputFormat.JSON, json.loads), (OutputFormat.YAML, yaml.safe_load)],
    ids=["json", "yaml"],
)
def test_a_document_steers_no_terminal_and_has_every_character(
    text: str, form: OutputFormat, read: Callable[[str], Row], capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"name": text, "names": [text]}
    show_one(row, form)
    printed = capsys.readouterr().out
    assert read(printed) == row
    assert output.shown_of(printed) == printed


def test_a_note_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    note("\x1b[2Jgone")
    assert capsys.readouterr().err == "\\u001b[2Jgone\n"


def test_the_reason_of_a_refusal_steers_no_terminal() -> None:
    assert str(Refused(400, "\x9b2Jgone")) == "400: \\u009b2Jgone"
