"""A late index may lack what was stored before it, until it is built; nothing else may."""

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scim.fsck import violations
from scim.resource.change import Creation
from scim.resource.record import Entry, Key
from scim.store.directory.adapter import DynamoDirectory
from tests.contract.samples import user
from tests.contract.stores import moto_client, new_table

if TYPE_CHECKING:
    from collections.abc import Iterator

T = "acme"
Wires = list[dict[str, dict[str, Any]]]
LATE = {("User", "title")}
LACK = "T#acme#User / before: its title is not indexed"


@pytest.fixture(name="table", scope="module")
def _table() -> "Iterator[Wires]":
    """One user from before the index was declared, one from after; the index is not built."""
    with moto_client() as client:
        name = new_table(client)
        directory = DynamoDirectory(client, name)
        for each in (_titled("before"), _titled("after", Entry("title", "boss", is_unique=False))):
            directory.create(T, each)
        yield client.scan(TableName=name)["Items"]


def _titled(name: str, *entries: Entry) -> Creation:
    creation = user(name, title="Boss")
    return replace(
        creation, key=Key("User", name), entries=frozenset({*creation.entries, *entries})
    )


def _build(state: str, tenant: str = T, attribute: str = "title") -> dict[str, dict[str, Any]]:
    return {
        "pk": {"S": f"T#{tenant}#build"},
        "sk": {"S": f"User#{attribute}"},
        "k": {"S": "build"},
        "s": {"N": "1"},
        "st": {"S": state},
        "at": {"S": "after"},
    }


@pytest.mark.parametrize(
    ("late", "builds", "found"),
    [
        (LATE, [], []),
        (LATE, [_build("building")], []),
        (LATE, [_build("built")], [LACK]),
        (LATE, [_build("built", "globex")], []),
        (LATE, [_build("built", attribute="displayName")], []),
        (set(), [], [LACK]),
        (set(), [_build("building")], [LACK]),
        ({("Group", "title")}, [], [LACK]),
        ({("User", "userName")}, [], [LACK]),
    ],
    ids=[
        "before the build begins",
        "while it goes on",
        "a build that left something out",
        "another tenant's build",
        "another index's build",
        "an index that is not late",
        "one that stopped to be late too early",
        "another type's",
        "another index",
    ],
)
def test_values_may_be_missing_until_a_late_index_is_built(
    table: Wires, late: set[tuple[str, str]], builds: Wires, found: list[str]
) -> None:
    assert violations([*deepcopy(table), *builds], late) == found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sk": {"S": "clerk\0after"}}, "an entry whose owner has another value"),
        ({"sk": {"S": "boss\0gone"}, "i": {"S": "gone"}}, "an entry of nothing that lives"),
        ({"i": {"S": "before"}}, "its key and its owner differ"),
    ],
    ids=["another value", "of nobody", "of two minds"],
)
def test_entries_of_a_late_index_have_to_be_right(
    table: Wires, change: dict[str, Any], words: str
) -> None:
    items = deepcopy(table)
    entry = next(item for item in items if item["sk"]["S"] == "boss\0after")
    entry.update(change)
    assert any(words in each for each in violations(items, LATE))


def test_invisible_characters_do_not_change_a_name() -> None:
    with moto_client() as client:
        name = new_table(client)
        made = user("u1", title="Ad\u200ba so\u00adft")
        kept = {each for each in made.entries if each.attribute != "title"}
        entries = frozenset({*kept, Entry("title", "ada soft", is_unique=False)})
        DynamoDirectory(client, name).create(T, replace(made, entries=entries))
        assert list(violations(client.scan(TableName=name)["Items"])) == []


def test_an_empty_text_is_a_value_that_is_indexed() -> None:
    with moto_client() as client:
        name = new_table(client)
        directory = DynamoDirectory(client, name)
        for id_, entries in (("has", [Entry("title", "", is_unique=False)]), ("lacks", [])):
            made = replace(_titled(id_, *entries), body={"userName": id_, "title": ""})
            directory.create(T, made)
        items = client.scan(TableName=name)["Items"]
    assert violations(items, set()) == ["T#acme#User / lacks: its title is not indexed"]
