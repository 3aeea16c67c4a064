"""Random requests as the store makes them, for the model and for DynamoDB Local alike."""

import random
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from scim.store.dynamodb.values import Value, encoded, encoded_item
from scim.store.dynamodb.write import (
    Condition,
    Write,
    absent,
    counts,
    equals,
    exists,
    merged_by_item,
)
from scim.store.keys.directory import LAST_MODIFIED_INDEX, ItemKey

KEYS = tuple(ItemKey(pk, sk) for pk in ("a", "b") for sk in ("1", "2", "3", "4"))
NUMBERS, TEXTS, SETS = ("n", "m"), ("t", "gp", "gs"), ("z",)
SAID = frozenset({"Items", "Item", "Count", "ScannedCount", "Attributes"})
Call = tuple[str, Mapping[str, Any]]
Answer = tuple[str, Any]


def calls(seed: int, number: int, table: str) -> Iterator[Call]:
    """Yield so many requests to a table."""
    dice, tokens = random.Random(seed), list[Call]()
    for count in range(number):
        call = _call(dice, table, f"{seed}-{count}")
        if call[0] == "transact_write_items":
            tokens.append(call)
        yield call
        if tokens and dice.random() < 0.1:
            # The answer got lost: the same once more.
            yield dice.choice(tokens[-3:])


def answered(client: Any, call: Call, table: str) -> Answer:
    """Return what an answer or a refusal says, without what differs from run to run."""
    name, request = call
    try:
        answer = getattr(client, name)(**request)
        pages = [answer]
        # At its end an answer may say that there is more, or not: what counts is where the walk ends.
        while name == "query" and "LastEvaluatedKey" in pages[-1]:
            start = {"ExclusiveStartKey": pages[-1]["LastEvaluatedKey"]}
            pages.append(client.query(**{**request, **start}))
    except ClientError as error:
        reasons = [
            (reason.get("Code"), _plain(reason.get("Item")))
            for reason in error.response.get("CancellationReasons", ())
        ]
        return error.response["Error"]["Code"], (reasons, _plain(error.response.get("Item")))
    if name == "batch_get_item":
        found = answer["Responses"].get(table, [])
        return "", sorted(map(_plain, found), key=str)
    if name == "query":
        first = _plain(answer["Items"])
        return "", (first, [_plain(item) for page in pages for item in page["Items"]])
    return "", {each: _plain(answer[each]) for each in sorted(SAID & answer.keys())}


def _bytes(held: Any) -> bytes:
    """Return binary data; on the wire, as in a refusal's item, it is base64."""
    return b64decode(held) if isinstance(held, str) else bytes(held)


def _plain(held: Any) -> Any:
    """Return an answer with sets in order, and dictionaries as sorted pairs."""
    match held:
        case {"BS": several}:
            return "BS", tuple(sorted(map(_bytes, several)))
        case {"B": one}:
            return "B", _bytes(one)
        case dict():
            return tuple(sorted((name, _plain(each)) for name, each in held.items()))
        case list():
            return [_plain(each) for each in held]
        case _:
            return held


def _call(dice: random.Random, table: str, token: str) -> Call:
    kinds: list[tuple[int, Callable[[], Call]]] = [
        (50, lambda: _transaction(dice, table, token)),
        (6, lambda: ("put_item", _write(dice, "Put").request(table)["Put"])),
        (
            6,
            lambda: (
                "update_item",
                {**_write(dice, "Update").request(table)["Update"], "ReturnValues": "UPDATED_NEW"},
            ),
        ),
        (10, lambda: ("get_item", _item(dice, table))),
        (10, lambda: ("batch_get_item", _batch(dice, table))),
        (14, lambda: ("query", _query(dice, table))),
        (4, lambda: ("query", _indexed(dice, table))),
    ]
    (chosen,) = dice.choices([make for _, make in kinds], [weight for weight, _ in kinds])
    return chosen()


def _transaction(dice: random.Random, table: str, token: str) -> Call:
    actions = ("Put", "Update", "Update", "Delete", "ConditionCheck")
    writes = [_write(dice, dice.choice(actions)) for _ in range(dice.randrange(1, 5))]
    writes = [
        w if w.action != "ConditionCheck" or w.conditions else w._replace(conditions=(exists(),))
        for w in writes
    ]
    distinct = {write.item_key: write for write in writes}
    requests = [write.request(table) for write in merged_by_item(distinct.values())]
    return "transact_write_items", {"TransactItems": requests, "ClientRequestToken": token}


def _write(dice: random.Random, action: Any) -> Write:
    conditions = tuple(_condition(dice) for _ in range(dice.choice((0, 0, 1, 1, 2))))
    write = Write(action, dice.choice(KEYS), conditions)
    if action == "Put":
        return write._replace(item=_attributes(dice))
    if action == "Update":
        return _update(dice, write)
    return write


def _update(dice: random.Random, write: Write) -> Write:
    names = dice.sample((*NUMBERS, *TEXTS, *SETS), 3)
    sets: dict[str, Value] = {}
    adds: dict[str, Value] = {}
    drops: dict[str, Value] = {}
    removes: list[str] = []
    for name in names:
        verb = dice.choice(("set", "set", "add", "remove"))
        if verb == "remove":
            removes.append(name)
        elif name in SETS and verb == "add":
            (adds if dice.random() < 0.5 else drops)[name] = _value(dice, name)
        elif name in NUMBERS and verb == "add":
            adds[name] = _value(dice, name)
        else:
            sets[name] = _value(dice, name)
    return write._replace(sets=sets, adds=adds, drops=drops, removes=tuple(removes))


def _attributes(dice: random.Random) -> dict[str, Value]:
    names = [name for name in (*NUMBERS, *TEXTS, *SETS) if dice.random() < 0.6]
    return {name: _value(dice, name) for name in names}


def _value(dice: random.Random, name: str) -> Value:
    if name in NUMBERS:
        return dice.randrange(-2, 4)
    if name in SETS:
        return frozenset(dice.sample((b"x", b"y", b"\x00\xff"), dice.randrange(1, 3)))
    return dice.choice(("a", "b", "\u00e9", "~"))


def _condition(dice: random.Random) -> Condition:
    name = dice.choice((*NUMBERS, *TEXTS, *SETS))
    number = dice.choice(NUMBERS)
    return dice.choice(
        (
            exists(),
            absent(),
            exists(name),
            absent(name),
            equals(name, _value(dice, name)),
            counts(number, dice.randrange(0, 3)),
            Condition("{n} < {v}", number, dice.randrange(0, 3)),
            Condition("(attribute_not_exists({n}) OR {n} <= {v})", number, 1),
            Condition("{n} >= {v}", number, dice.randrange(0, 3)),
            Condition("{n} > {v}", dice.choice(TEXTS), "a"),
        )
    )


def _item(dice: random.Random, table: str) -> dict[str, Any]:
    return {"TableName": table, "Key": _key(dice.choice(KEYS)), "ConsistentRead": True}


def _batch(dice: random.Random, table: str) -> dict[str, Any]:
    keys = [_key(each) for each in dice.sample(KEYS, dice.randrange(1, 6))]
    return {"RequestItems": {table: {"Keys": keys, "ConsistentRead": True}}}


def _query(dice: random.Random, table: str) -> dict[str, Any]:
    first, last = sorted((dice.choice("01234"), dice.choice("01234")))
    text, values = dice.choice(
        (
            ("pk = :p", {}),
            ("pk = :p AND sk > :a", {":a": first}),
            ("pk = :p AND sk BETWEEN :a AND :b", {":a": first, ":b": last}),
        )
    )
    request: dict[str, Any] = {
        "TableName": table,
        "KeyConditionExpression": text,
        "ExpressionAttributeValues": encoded_item({":p": dice.choice("ab"), **values}),
        "ScanIndexForward": dice.random() < 0.6,
        "ConsistentRead": True,
    }
    if dice.random() < 0.5:
        request["Limit"] = dice.randrange(1, 4)
    start = dice.choice("1234")
    is_inside = start > values.get(":a", "") and start < values.get(":b", "~")
    if is_inside and dice.random() < 0.3:
        # One outside of the range is refused, and the store never sends one.
        partition = request["ExpressionAttributeValues"][":p"]
        request["ExclusiveStartKey"] = {"pk": partition, "sk": encoded(start)}
    if dice.random() < 0.2:
        request["FilterExpression"] = "attribute_not_exists(#n)"
        request["ExpressionAttributeNames"] = {"#n": "n"}
    return request


def _indexed(dice: random.Random, table: str) -> dict[str, Any]:
    first, last = sorted((dice.choice("ab~"), dice.choice("ab~")))
    return {
        "TableName": table,
        "IndexName": LAST_MODIFIED_INDEX,
        "KeyConditionExpression": "gp = :p AND gs BETWEEN :a AND :b",
        "ExpressionAttributeValues": encoded_item(
            {":p": dice.choice("ab~"), ":a": first, ":b": last}
        ),
    }


def _key(item_key: ItemKey) -> Any:
    return encoded_item(item_key._asdict())
