"""The quick moto behaves like moto and takes less time."""

import itertools
import json
import random

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends

from local.environment import environment
from local.intrinsics import ACCOUNT_ID, REGION
from local.moto import quick_moto
from local.moto.table import QuickTable
from local.moto.wire import with_bytes
from tests.cpu import cpu
from tests.local.moto.things import outcome, table

LONG = pytest.mark.long


@pytest.fixture(autouse=True)
def region():
    with environment({"AWS_DEFAULT_REGION": REGION}):
        yield


@pytest.fixture
def client():
    with quick_moto():
        yield table(boto3.client("dynamodb"))


def put(pk, sk, **attributes):
    item = {"pk": {"S": pk}, "sk": {"S": sk}, **attributes}
    return {"Put": {"TableName": "things", "Item": item}}


def new(pk, sk, **attributes):
    action = put(pk, sk, **attributes)
    action["Put"]["ConditionExpression"] = "attribute_not_exists(pk)"
    return action


def add(pk, sk, number):
    return {
        "Update": {
            "TableName": "things",
            "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
            "UpdateExpression": "ADD n :n",
            "ExpressionAttributeValues": {":n": {"N": str(number)}},
        }
    }


def delete(pk, sk):
    return {
        "Delete": {
            "TableName": "things",
            "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
            "ConditionExpression": "attribute_exists(pk)",
        }
    }


def transactions(randomly, count):
    """Transactions of which many fail, over few items so that they meet."""
    for number in range(count):
        keys = randomly.sample(
            list(itertools.product("abc", (f"s{n:02}" for n in range(8)))), randomly.randint(1, 4)
        )
        index = {"gp": {"S": randomly.choice("xy")}, "gs": {"S": f"{number % 7:03}"}}
        made = [
            randomly.choice(
                [
                    put(pk, sk),
                    put(pk, sk, **index),
                    new(pk, sk, **index),
                    add(pk, sk, 1),
                    delete(pk, sk),
                ]
            )
            for pk, sk in keys
        ]
        if randomly.random() < 0.1:
            made.append(made[0])
        yield made


def queries():
    """Every comparison, both directions, several limits and starts, of table and index."""
    conditions = ["", " AND sk = :v", " AND sk < :v", " AND sk <= :v", " AND sk > :v", " AND sk >= :v",
                  " AND begins_with(sk, :v)", " AND sk BETWEEN :v AND :w"]  # fmt: skip
    starts = [None, {"pk": {"S": "a"}, "sk": {"S": "s03"}}]
    for condition, forward, limit, start in itertools.product(
        conditions, (True, False), (None, 1, 3), starts
    ):
        values = {":p": {"S": "a"}}
        if ":v" in condition:
            values[":v"] = {"S": "s0" if "begins" in condition else "s02"}
        if ":w" in condition:
            values[":w"] = {"S": "s05"}
        yield page("pk = :p" + condition, values, forward, limit, start)
    index_starts = [
        None,
        {"gp": {"S": "x"}, "gs": {"S": "003"}, "pk": {"S": "b"}, "sk": {"S": "s03"}},
    ]
    for condition, forward, limit, start in itertools.product(
        ["", " AND gs > :v", " AND gs BETWEEN :v AND :w"], (True, False), (None, 1, 3), index_starts
    ):
        values = {":p": {"S": "x"}}
        if ":v" in condition:
            values[":v"] = {"S": "002"}
        if ":w" in condition:
            values[":w"] = {"S": "004"}
        yield {**page("gp = :p" + condition, values, forward, limit, start), "IndexName": "byTime"}


def page(condition, values, forward, limit, start):
    query = {
        "TableName": "things",
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ScanIndexForward": forward,
    }
    if limit is not None:
        query["Limit"] = limit
    if start is not None:
        query["ExclusiveStartKey"] = start
    return query


def test_a_range_that_ends_before_it_begins_is_refused_as_dynamodb_does():
    # moto reads nothing; DynamoDB does not run the query.
    with quick_moto():
        client = table(boto3.client("dynamodb"))
        values = {":p": {"S": "a"}, ":v": {"S": "2"}, ":w": {"S": "1"}}
        with pytest.raises(ClientError, match="upper bound"):
            client.query(**page("pk = :p AND sk BETWEEN :v AND :w", values, True, None, None))


def history(opened, seed, number):
    """Everything a client sees of one random history."""
    with opened():
        client = table(boto3.client("dynamodb"))
        randomly = random.Random(seed)
        written = [
            outcome(client.transact_write_items, TransactItems=made)
            for made in transactions(randomly, number)
        ]
        read = [everything(client, query) for query in queries()]
        return written, read, client.scan(TableName="things")["Items"]


def everything(client, query):
    """The items of all pages; where the pages end moto and DynamoDB see differently."""
    page = client.query(**query)
    items = page["Items"]
    while "LastEvaluatedKey" in page:
        page = client.query(**{**query, "ExclusiveStartKey": page["LastEvaluatedKey"]})
        items += page["Items"]
    return items


@pytest.mark.parametrize(
    ("seed", "number"), [(0, 20), *(pytest.param(seed, 60, marks=LONG) for seed in range(4))]
)
def test_any_history_looks_the_same_as_in_plain_moto(seed, number):
    assert history(quick_moto, seed, number) == history(mock_aws, seed, number)


def test_the_tables_are_quick(client):
    """Fails when moto no longer makes its tables where we replace them."""
    made = dynamodb_backends["123456789012"][REGION].tables["things"]
    assert isinstance(made, QuickTable)


def test_a_failed_transaction_leaves_the_very_table_as_it_was(client):
    client.transact_write_items(TransactItems=[put("a", "1"), add("a", "2", 5)])
    failing = [add("a", "2", 1), put("a", "3"), delete("a", "1"), delete("a", "4")]
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=failing)
    items = client.query(**page("pk = :p", {":p": {"S": "a"}}, True, None, None))["Items"]
    assert [(item["sk"]["S"], item.get("n")) for item in items] == [("1", None), ("2", {"N": "5"})]


@pytest.mark.parametrize("forward", [True, False], ids=["forward", "backward"])
def test_a_full_page_says_where_it_ended_even_when_it_is_the_last(client, forward):
    client.transact_write_items(TransactItems=[put("a", "1"), put("a", "2"), put("b", "1")])
    full = client.query(**page("pk = :p", {":p": {"S": "a"}}, forward, 2, None))
    assert full["LastEvaluatedKey"] == {"pk": {"S": "a"}, "sk": {"S": "2" if forward else "1"}}
    behind = page("pk = :p", {":p": {"S": "a"}}, forward, 2, full["LastEvaluatedKey"])
    assert client.query(**behind)["Items"] == []


def test_a_filter_is_applied_behind_the_limit(client):
    client.transact_write_items(
        TransactItems=[put("a", "1"), put("a", "2", x={"S": "y"}), put("a", "3")]
    )
    query = page("pk = :p", {":p": {"S": "a"}}, True, 1, None)
    answer = client.query(**query, FilterExpression="attribute_exists(x)")
    assert (answer["Items"], answer["ScannedCount"]) == ([], 1)
    assert answer["LastEvaluatedKey"]["sk"] == {"S": "1"}


def put_lines(table_name, lines):
    """Put items past DynamoDB's interface, each a line of its JSON."""
    table = dynamodb_backends[ACCOUNT_ID][REGION].get_table(table_name)
    for line in lines:
        table.put_item(json.loads(line, object_hook=with_bytes))


@pytest.mark.long
def test_a_write_among_many_items_costs_what_it_costs_among_few(client):
    fresh = itertools.count()

    def seconds_to_write() -> float:
        with cpu() as spent:
            for n in range(10):
                new_items = [new("new", f"{next(fresh)}-{n}") for _ in range(6)]
                client.transact_write_items(TransactItems=new_items)
        return spent.seconds

    seconds_to_write()
    among_few = seconds_to_write()
    put_lines(
        "things",
        (
            f'{{"pk":{{"S":"p{n % 6}"}},"sk":{{"S":"{n:06}"}},"gp":{{"S":"x"}},"gs":{{"S":"{n}"}}}}'
            for n in range(12_000)
        ),
    )
    # Plain moto copies the table: 100 times as much.
    assert seconds_to_write() < 10 * among_few
