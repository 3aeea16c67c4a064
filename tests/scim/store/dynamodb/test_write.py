"""The DynamoDB request of a step, and its weight."""

import pytest

from scim.errors import PayloadTooLarge
from scim.resource.record import Stale
from scim.store.dynamodb.write import (
    Condition,
    ConditionFailed,
    Failure,
    Request,
    Write,
    absent,
    counts,
    equals,
    exists,
    merged_by_item,
)
from scim.store.keys.directory import ItemKey

PLACE = ItemKey("p", "s")
KEY = {"pk": {"S": "p"}, "sk": {"S": "s"}}
IDS = frozenset({b"1", b"2"})


@pytest.mark.parametrize(
    ("write", "request_"),
    [
        (
            Write("Put", PLACE, item={"k": "edge", "s": 1}),
            {"Put": {"TableName": "t", "Item": {**KEY, "k": {"S": "edge"}, "s": {"N": "1"}}}},
        ),
        (Write("Delete", PLACE), {"Delete": {"TableName": "t", "Key": KEY}}),
        (
            Write("Put", PLACE, (absent(),)),
            {
                "Put": {
                    "TableName": "t",
                    "Item": KEY,
                    "ConditionExpression": "attribute_not_exists(#0)",
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    "ExpressionAttributeNames": {"#0": "pk"},
                }
            },
        ),
        (
            Write("Put", PLACE, (absent(),), shows_met=False),
            {
                "Put": {
                    "TableName": "t",
                    "Item": KEY,
                    "ConditionExpression": "attribute_not_exists(#0)",
                    "ExpressionAttributeNames": {"#0": "pk"},
                }
            },
        ),
        (
            Write("ConditionCheck", PLACE, (equals("v", 3),)),
            {
                "ConditionCheck": {
                    "TableName": "t",
                    "Key": KEY,
                    "ConditionExpression": "#0 = :0",
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    "ExpressionAttributeNames": {"#0": "v"},
                    "ExpressionAttributeValues": {":0": {"N": "3"}},
                }
            },
        ),
        (
            Write(
                "Update",
                PLACE,
                (exists("v"), equals("v", 3)),
                sets={"m": "now"},
                adds={"v": 1, "n.members": 2},
                drops={"g.Group.members": IDS},
                removes=("j", "z"),
            ),
            {
                "Update": {
                    "TableName": "t",
                    "Key": KEY,
                    "UpdateExpression": "SET #0 = :0 ADD #1 :1, #2 :2 DELETE #3 :3 REMOVE #4, #5",
                    "ConditionExpression": "attribute_exists(#1) AND #1 = :4",
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    "ExpressionAttributeNames": {
                        "#0": "m",
                        "#1": "v",
                        "#2": "n.members",
                        "#3": "g.Group.members",
                        "#4": "j",
                        "#5": "z",
                    },
                    "ExpressionAttributeValues": {
                        ":0": {"S": "now"},
                        ":1": {"N": "1"},
                        ":2": {"N": "2"},
                        ":3": {"BS": [b"1", b"2"]},
                        ":4": {"N": "3"},
                    },
                }
            },
        ),
    ],
    ids=["put", "delete", "put if absent", "put unless there", "check", "update"],
)
def test_a_step_is_sent_as_one_action(write: Write, request_: Request) -> None:
    assert write.request("t") == request_


@pytest.mark.parametrize(
    ("condition", "clause"),
    [
        (exists(), "attribute_exists(#0)"),
        (absent("d"), "attribute_not_exists(#0)"),
        (equals("v", 0), "#0 = :0"),
        (counts("l", 2), "#0 = :0"),
        (counts("l", 0), "(attribute_not_exists(#0) OR #0 = :0)"),
    ],
    ids=["exists", "absent", "equals zero", "counts two", "counts none"],
)
def test_a_counter_of_nothing_may_be_absent(condition: Condition, clause: str) -> None:
    sent = Write("Delete", PLACE, (condition,)).request("t")["Delete"]
    assert sent["ConditionExpression"] == clause
    assert ("ExpressionAttributeValues" in sent) is (":0" in clause)


def test_steps_on_one_item_become_one() -> None:
    one = Write(
        "Update", PLACE, (exists("v"), absent("d")), adds={"g.a": frozenset({b"1"}), "l": 1}
    )
    other = Write("Update", PLACE, (exists("v"),), drops={"g.b": IDS}, adds={"l": -1})
    merged = one.merged(other)
    assert merged.conditions == (exists("v"), absent("d"))
    assert merged.adds == {"g.a": frozenset({b"1"}), "l": 0}
    assert merged.drops == {"g.b": IDS}


def test_merged_steps_show_what_either_asks_for() -> None:
    quiet, other = Write("Delete", PLACE, shows_met=False), Write("Delete", PLACE)
    assert [one.merged(quiet).shows_met for one in (quiet, other)] == [False, True]
    assert quiet.merged(other).shows_met


def test_steps_are_joined_where_their_items_are_the_same() -> None:
    one = Write("Update", ItemKey("p", "1"), (exists("v"),), adds={"n": 1})
    other = Write("Update", ItemKey("p", "2"), adds={"n": 5})
    again = Write("Update", ItemKey("p", "1"), (absent("d"),), adds={"n": -2, "m": 1})
    first, second = merged_by_item([one, other, again])
    assert (first.conditions, first.adds) == ((exists("v"), absent("d")), {"n": -1, "m": 1})
    assert second == other


def test_merged_steps_remove_and_cost_what_both_do() -> None:
    one = Write("Update", ItemKey("p", "1"), sets={"m": "x"}, removes=("x",), size=10)
    other = Write("Update", ItemKey("p", "1"), removes=("z", "x"), size=700, index_writes=2)
    (both,) = merged_by_item([one, other])
    assert (both.removes, both.size, both.index_writes) == (("x", "z"), 700, 2)


def test_sets_that_are_merged_hold_the_members_of_both() -> None:
    one = Write("Update", PLACE, adds={"g.a": frozenset({b"1"})})
    other = Write("Update", PLACE, sets={"m": "now"}, adds={"g.a": frozenset({b"2"}), "v": 1})
    merged = one.merged(other)
    assert (merged.sets, merged.adds) == ({"m": "now"}, {"g.a": IDS, "v": 1})


@pytest.mark.parametrize(
    ("write", "weight", "units"),
    [
        (Write("Delete", PLACE), 6, 2),
        (Write("Put", PLACE, item={"x": b"x" * 1017}), 1024, 2),
        (Write("Put", PLACE, item={"x": b"x" * 1018}), 1025, 4),
        (Write("Put", PLACE, item={"x": b""}, index_writes=1), 7, 3),
        (Write("Update", PLACE, sets={"m": "x" * 10}, adds={"v": 1}), 20, 2),
        (Write("Update", PLACE, sets={"m": ""}, size=3000, index_writes=2), 3000, 8),
    ],
    ids=["delete", "one kilobyte", "a byte more", "with an index", "update", "of expected size"],
)
def test_a_step_weighs_what_it_shows_or_what_is_expected(
    write: Write, weight: int, units: int
) -> None:
    assert (write.weight(), write.units()) == (weight, units)


def test_a_failed_condition_means_that_the_reading_is_stale_unless_said_otherwise() -> None:
    write = Write("Delete", PLACE)
    taken = ValueError("taken")
    assert isinstance(ConditionFailed([Failure(write, {})]).cause(), Stale)
    refused = Failure(write._replace(refusal=taken), {})
    assert ConditionFailed([refused]).cause() is taken


def test_a_glance_sees_no_less_than_a_step_weighs() -> None:
    heavy = "\U0001f600" * 1000
    for item in ({"x": heavy}, {"x": b"\x00" * 1000}, {"x": frozenset({b"a" * 17, b"b" * 17})}, {}):
        write = Write("Put", PLACE, item=item)
        assert write.at_most() >= write.weight()


def test_an_expression_that_dynamodb_would_refuse_is_too_large() -> None:
    write = Write("Update", PLACE, sets={f"attribute{number}": 1 for number in range(400)})
    with pytest.raises(PayloadTooLarge, match="too much at once"):
        write.request("t")


def test_steps_that_touch_the_same_names_say_their_own_values() -> None:
    one, other = (Write("Update", PLACE, (equals("v", n),), adds={"v": 1}) for n in (3, 4))
    values = [each.request("t")["Update"]["ExpressionAttributeValues"] for each in (one, other)]
    assert values == [{":0": {"N": "1"}, ":1": {"N": str(n)}} for n in (3, 4)]
