"""Tables for people, JSON for programs."""

import json

import pytest

from local.cli.output import show, show_one

ROWS = [{"name": "[red]ä", "rate": None, "schemes": ("bearer", "bare"), "valid": True}]


def test_a_table_has_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    show(ROWS, as_json=False)
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["name", "rate", "schemes", "valid"]
    assert row.split() == ["[red]ä", "-", "bearer", "bare", "yes"]


def test_nothing_is_said_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    show([], as_json=False)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "There are none.\n")


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    show(ROWS, as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["schemes"] == ["bearer", "bare"]
    show_one(ROWS[0], as_json=True)
    assert json.loads(capsys.readouterr().out)["name"] == "[red]ä"


def test_a_long_line_is_not_broken_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    show_one({"label": "x" * 300}, as_json=False)
    assert len(capsys.readouterr().out.splitlines()) == 1
