"""`scim destroy` deletes what it lists, once the name is confirmed."""

from collections.abc import Iterator, Mapping

import pytest
from click.testing import CliRunner, Result

from scim_cli.root import scim
from tests.fakes.cloudformation import cloudformation
from tests.local.cli.conftest import Operator

STACK = "scim-test"
Stacks = dict[str, Mapping[str, str]]


@pytest.fixture(name="stacks")
def _stacks(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stacks]:
    """A deployment whose stack does not delete its table, as template.yaml has it."""
    stacks: Stacks = {STACK: {"TableName": operator.table}}
    with cloudformation(stacks) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", address)
        yield stacks


def destroyed(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(scim, ["destroy", "--stack", STACK, *words], input=typed)


def is_there(operator: Operator) -> bool:
    return operator.table in operator.client.list_tables()["TableNames"]


def test_destroying_deletes_the_stack_and_keeps_the_table(
    operator: Operator, stacks: Stacks
) -> None:
    result = destroyed(typed=f"{STACK}\n")
    assert result.exit_code == 0, result.output
    assert f"The table {operator.table} is kept" in result.stderr
    assert stacks == {}
    assert is_there(operator)


def test_with_data_the_table_is_deleted_too_even_if_protected(
    operator: Operator, stacks: Stacks
) -> None:
    operator.client.update_table(TableName=operator.table, DeletionProtectionEnabled=True)
    result = destroyed("--with-data", "--yes", STACK)
    assert result.exit_code == 0, result.output
    assert stacks == {}
    assert not is_there(operator)


@pytest.mark.parametrize("served", ["restored", None], ids=["restored", "never created"])
@pytest.mark.parametrize("words", [(), ("--with-data",)], ids=["kept", "deleted"])
def test_the_own_table_of_a_stack_goes_with_its_data_also_if_no_output_names_it(
    served: str | None, words: tuple[str, ...], operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks: Stacks = {STACK: {"TableName": served} if served else {}}
    with cloudformation(stacks, {STACK: operator.table}) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", address)
        result = destroyed(*words, "--yes", STACK)
    assert result.exit_code == 0, result.output
    assert stacks == {}
    assert is_there(operator) is not bool(words)
    for table in filter(None, (served, operator.table)):
        assert f"The table {table} is {'deleted' if words else 'kept'}" in result.stderr


def test_the_question_names_every_table_that_is_deleted(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks: Stacks = {STACK: {"TableName": "restored"}}
    with cloudformation(stacks, {STACK: operator.table}) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", address)
        result = destroyed("--with-data", typed="\n\nscim\n")
    losses = f"the stack {STACK} and its table restored and its table {operator.table}"
    assert f"This permanently deletes {losses}." in result.stderr
    assert is_there(operator)


def test_a_stack_without_a_table_is_deleted(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks: Stacks = {STACK: {}}
    with cloudformation(stacks) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", address)
        result = destroyed("--with-data", typed=f"{STACK}\n")
    assert result.exit_code == 0, result.output
    assert stacks == {}
    assert "table" not in result.stderr


def test_a_wrong_stack_name_deletes_nothing(operator: Operator, stacks: Stacks) -> None:
    for result in (destroyed(typed="scim\n"), destroyed("--with-data", "--yes", "scim-prod")):
        assert result.exit_code == 1
        assert "nothing is deleted" in result.stderr
    assert list(stacks) == [STACK]
    assert is_there(operator)


def test_a_missing_stack_is_reported(stacks: Stacks) -> None:
    stacks.clear()
    result = destroyed("--yes", STACK)
    assert result.exit_code == 1
    assert STACK in result.stderr
