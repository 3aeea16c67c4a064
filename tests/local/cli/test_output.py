"""Tables for people, JSON for programs."""

import json

import pytest

from scim_cli.output import Format, note, show, show_one

ROWS = [{"name": "[red]ä", "rate": None, "schemes": ("bearer", "bare"), "valid": True}]


def test_a_table_has_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    show(ROWS, Format.TABLE)
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["name", "rate", "schemes", "valid"]
    assert row.split() == ["[red]ä", "-", "bearer", "bare", "yes"]


def test_nothing_is_said_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    show([], Format.TABLE)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "There are none.\n")


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    show(ROWS, Format.JSON)
    assert json.loads(capsys.readouterr().out)[0]["schemes"] == ["bearer", "bare"]
    show_one(ROWS[0], Format.JSON)
    assert json.loads(capsys.readouterr().out)["name"] == "[red]ä"


def test_a_long_line_is_not_broken_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    show_one({"label": "x" * 300}, Format.TABLE)
    assert len(capsys.readouterr().out.splitlines()) == 1


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
    show([{"name": value}], Format.TABLE)
    assert capsys.readouterr().out.splitlines()[1].rstrip() == text


def test_a_note_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    note("\x1b[2Jgone")
    assert capsys.readouterr().err == "\\u001b[2Jgone\n"
