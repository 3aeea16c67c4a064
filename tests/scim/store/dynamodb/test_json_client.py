"""The built-in client takes and gives what boto3's client does, errors included."""

import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from scim.errors import TooManyRequests, Unavailable
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.connections import Connections, HttpAnswer
from scim.store.dynamodb.json_client import JsonClient
from scim.store.dynamodb.retry import Retry
from scim.store.dynamodb.signature import Keys, RequestSigner
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.values import decoded_item
from scim.store.dynamodb.write import ConditionFailed, Write, absent
from scim.store.keys.directory import ItemKey
from tests.contract.stores import NOBODY, local_client, new_table
from tests.scim.store.dynamodb.endpoint import Endpoint, Step, answering, endpoint, reset

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = 1_700_000_000.0
OLD = Keys("old", "secret", "")


@dataclass
class Held:
    """The keys a client signs with, and those it finds when it looks again."""

    keys: Keys = OLD
    next: Keys = OLD
    looked: int = 0

    def renew(self) -> bool:
        self.looked += 1
        before, self.keys = self.keys, self.next
        return self.keys != before


@contextmanager
def served(*steps: Step, held: Held | None = None) -> Iterator[tuple[JsonClient, Endpoint]]:
    held = held or Held()
    with endpoint(*steps) as at:
        connections = Connections(at.url, 5, 5)
        signer = RequestSigner(connections.host, "us-east-1", "/", lambda: held.keys, lambda: NOW)
        yield JsonClient(connections, signer, held.renew), at


def refused(code: str, status: str = "400 Bad Request", **more: Any) -> Step:
    told = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "injected", **more}
    return answering(json.dumps(told).encode(), status, [f"Date: {formatdate(NOW + 900)}"])


def get(client: JsonClient) -> Any:
    return client.get_item(TableName="t", Key={"pk": {"S": "a"}})


def test_binary_values_are_sent_in_base64() -> None:
    with served(answering()) as (client, at):
        client.put_item(TableName="t", Item={"z": {"B": b"\x00\xff"}, "g": {"BS": [b"1", b"2"]}})
    assert json.loads(at.asked[0])["Item"] == {"z": {"B": "AP8="}, "g": {"BS": ["MQ==", "Mg=="]}}
    assert "x-amz-target: DynamoDB_20120810.PutItem" in at.heads[0]


def test_a_value_without_a_json_form_raises_an_error() -> None:
    with served() as (client, at), pytest.raises(TypeError, match="object"):
        client.put_item(TableName="t", Item={"a": object()})
    assert at.asked == []


def test_a_refusal_is_the_error_that_boto3_makes_of_it() -> None:
    reasons = [{"Code": "ConditionalCheckFailed", "Item": {"z": {"B": "AP8="}}}, {"Code": "None"}]
    with (
        served(refused("TransactionCanceledException", CancellationReasons=reasons)) as (client, _),
        pytest.raises(ClientError) as met,
    ):
        client.transact_write_items(TransactItems=[])
    response: Mapping[str, Any] = met.value.response
    assert response["Error"] == {"Code": "TransactionCanceledException", "Message": "injected"}
    assert response["CancellationReasons"] == reasons
    assert met.value.operation_name == "TransactWriteItems"


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"<html>", "502"), (b"", "502"), (b"[1]", "502"), (b'{"message":"x"}', "502")],
)
def test_a_refusal_without_a_dynamodb_error_has_its_http_status_as_code(
    body: bytes, code: str
) -> None:
    with (
        served(answering(body, "502 Bad Gateway")) as (client, _),
        pytest.raises(ClientError) as met,
    ):
        get(client)
    assert met.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(("off", "is_taken"), [(0, True), (1, False)])
def test_an_answer_is_held_against_its_checksum(off: int, is_taken: bool) -> None:
    told = f"x-amz-crc32: {zlib.crc32(b'{}') + off}"
    with served(answering(headers=[told])) as (client, _):
        if is_taken:
            assert get(client) == {}
        else:
            with pytest.raises(ConnectionClosedError):
                get(client)


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException"])
def test_keys_that_have_ended_are_looked_up_again(code: str) -> None:
    held = Held(next=Keys("new", "other", "token"))
    with served(refused(code), answering(), held=held) as (client, at):
        assert get(client) == {}
    assert [
        f"Credential={name}/" in head for name, head in zip(("old", "new"), at.heads, strict=True)
    ] == [True, True]
    assert at.asked[0] == at.asked[1]


def test_the_same_keys_are_not_tried_again() -> None:
    held = Held()
    with (
        served(refused("ExpiredTokenException"), held=held) as (client, at),
        pytest.raises(ClientError),
    ):
        get(client)
    assert (held.looked, len(at.asked)) == (1, 1)


def test_a_clock_that_is_off_is_set_by_the_answer() -> None:
    steps = refused("InvalidSignatureException"), answering(), answering()
    with served(*steps) as (client, at):
        get(client)
        get(client)
    dates = [head.partition("x-amz-date: ")[2][:16] for head in at.heads]
    assert dates == ["20231114T221320Z", "20231114T222820Z", "20231114T222820Z"]


def test_a_signature_that_is_wrong_at_any_time_is_refused() -> None:
    steps = refused("InvalidSignatureException"), refused("InvalidSignatureException")
    with served(*steps) as (client, at), pytest.raises(ClientError):
        get(client)
    assert len(at.asked) == 2


# The whole of it below the store's own retry, against what goes wrong on the way.


def unhurried() -> Retry:
    return Retry(sleep=lambda _: None)


WRITES = [Write("Put", ItemKey("p", "s"), (absent(),), {"v": 1})]
PASSING = [
    ("reset", reset),
    ("500", answering(b"", "500 Internal Server Error")),
    ("busy", refused("TransactionInProgressException")),
    ("throttled", refused("ThrottlingException")),
    ("throughput", refused("ProvisionedThroughputExceededException")),
]


@pytest.mark.parametrize("step", [step for _, step in PASSING], ids=[name for name, _ in PASSING])
def test_a_write_that_was_not_answered_is_repeated_with_its_token(step: Step) -> None:
    with served(step, step, answering()) as (client, at):
        Table(client, "t", Meter(), unhurried()).write(WRITES)
    tokens = {json.loads(body)["ClientRequestToken"] for body in at.asked}
    assert (len(at.asked), len(tokens)) == (3, 1)


def test_a_transaction_that_was_cancelled_is_repeated_with_a_token_of_its_own() -> None:
    reasons = [{"Code": "TransactionConflict"}]
    cancelled = refused("TransactionCanceledException", CancellationReasons=reasons)
    with served(cancelled, answering()) as (client, at):
        Table(client, "t", Meter(), unhurried()).write(WRITES)
    assert len({json.loads(body)["ClientRequestToken"] for body in at.asked}) == 2


@pytest.mark.parametrize(
    ("step", "told"),
    [
        pytest.param(reset, Unavailable, id="reset"),
        pytest.param(refused("ThrottlingException"), TooManyRequests, id="throttled"),
    ],
)
def test_a_lasting_failure_is_raised_as_an_error_of_the_service(
    step: Step, told: type[Exception]
) -> None:
    retry = Retry(sleep=lambda _: None, times=2)
    with served(*[step] * 3) as (client, at), pytest.raises(told):
        Table(client, "t", Meter(), retry).write(WRITES)
    assert len(at.asked) == 3


@dataclass
class Losing:
    """Connections that lose the first answers, after they came."""

    through: Connections
    lost: int
    asked: list[bytes] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.through, name)

    def exchange(self, headers: dict[str, str], body: bytes) -> HttpAnswer:
        answer = self.through.exchange(headers, body)
        self.asked.append(body)
        if len(self.asked) <= self.lost:
            raise ConnectionClosedError(endpoint_url=self.through.url)
        return answer


@pytest.mark.dynamodb
def test_a_write_whose_answer_was_lost_after_the_commit_is_made_once() -> None:
    with local_client() as admin:
        name = new_table(admin)
        losing = Losing(Connections(admin.meta.endpoint_url, 5, 5), lost=2)
        signer = RequestSigner(losing.host, "us-east-1", "/", lambda: Keys("local", "local", ""))
        client = JsonClient(losing, signer, lambda: False)  # type: ignore[arg-type]
        table = Table(client, name, Meter(), unhurried())
        table.write(WRITES)
        assert len(losing.asked) == 3
        assert table.item(ItemKey("p", "s")) == {"pk": "p", "sk": "s", "v": 1}
        with pytest.raises(ConditionFailed) as met:
            table.write(WRITES)
        assert met.value.failures[0].item["v"] == 1


# Beside boto3's own client, on the same table.

ITEM = {
    "pk": {"S": "p"},
    "sk": {"S": "é\u2028\U0001f600"},
    "z": {"B": b"\x00\xff"},
    "g": {"BS": [b"1", b"2"]},
    "n": {"N": "-7"},
    "t": {"BOOL": True},
}
KEY = {name: ITEM[name] for name in ("pk", "sk")}
READS: list[tuple[str, Callable[[Any, str], Any]]] = [
    ("get", lambda c, t: [c.get_item(TableName=t, Key=KEY, ConsistentRead=True)["Item"]]),
    (
        "absent",
        lambda c, t: [c.get_item(TableName=t, Key={**KEY, "sk": {"S": "?"}}).get("Item", {})],
    ),
    (
        "batch",
        lambda c, t: c.batch_get_item(RequestItems={t: {"Keys": [KEY]}})["Responses"][t],
    ),
    (
        "query",
        lambda c, t: c.query(
            TableName=t,
            KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": {"S": "p"}},
        )["Items"],
    ),
]


def beside(admin: "DynamoDBClient") -> tuple[JsonClient, "DynamoDBClient"]:
    connections = Connections(admin.meta.endpoint_url, 5, 5)
    signer = RequestSigner(connections.host, "us-east-1", "/", lambda: Keys("local", "local", ""))
    theirs = boto3.client("dynamodb", endpoint_url=admin.meta.endpoint_url, **NOBODY)
    return JsonClient(connections, signer, lambda: False), theirs


def check_reads(admin: "DynamoDBClient") -> None:
    """Read by both clients what ours has written."""
    name = new_table(admin)
    ours, theirs = beside(admin)
    ours.put_item(TableName=name, Item=ITEM)
    for what, read in READS:
        own, other = ([decoded_item(item) for item in read(c, name)] for c in (ours, theirs))
        assert own == other, what
    changed = ours.update_item(
        TableName=name,
        Key=KEY,
        UpdateExpression="ADD n :n",
        ExpressionAttributeValues={":n": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    assert changed["Attributes"] == {"n": {"N": "-6"}}


def test_both_clients_read_the_same_from_moto(client: "DynamoDBClient") -> None:
    check_reads(client)


@pytest.mark.dynamodb
def test_both_clients_read_the_same_from_dynamodb_local() -> None:
    with local_client() as admin:
        check_reads(admin)


def test_binary_values_come_back_as_base64() -> None:
    with served(
        answering(json.dumps({"Item": {"z": {"B": b64encode(b"\x01").decode()}}}).encode())
    ) as (client, _):
        assert decoded_item(get(client)["Item"]) == {"z": b"\x01"}
