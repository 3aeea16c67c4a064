"""Queries over more resources than one request may look at take less than two seconds of CPU.

The store and its wire are the real ones; what DynamoDB would answer is made up, and the CPU that takes is
not counted. What is refused is refused because of counts: no answer depends on how fast a machine is.
"""

import json
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import pytest

from bench.query import ENTERPRISE, person
from scim.errors import TooMany
from scim.principal import Principal
from scim.resource.change import Creation
from scim.resource.record import Key
from scim.service.endpoint import Bounds, Endpoint
from scim.service.messages import Query
from scim.service.query.search import search
from scim.service.visibility.deployment import Deployment
from scim.store.directory.adapter import DynamoDirectory
from scim.store.directory.resource_item import item_of, packed_id
from scim.store.dynamodb.capacity import Meter
from scim.store.dynamodb.connections import HttpAnswer
from scim.store.dynamodb.json_client import JsonClient
from scim.store.dynamodb.values import encoded_item
from tests.cpu import cpu, megabytes

MOST = 150
"""CPU in megabytes of JSON: each query takes less than a third of it, and took a hundred times as much."""
BOUNDS = Bounds()
PEOPLE = 60_000
"""More than one query may read."""
MB = 1_000_000
ID = "00000000-0000-4000-8000-%012d"
NOW = "2026-01-01T00:00:00.000Z"
"""When all of them were made."""


@dataclass
class Endless:
    """Answers as a table would that has a type full of people; knows the CPU it took itself."""

    body: Mapping[str, object]
    groups: int = 0
    spent: float = 0.0
    asked: int = 0

    def exchange(self, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        began = time.thread_time()
        answer = self._answer(headers["X-Amz-Target"].rpartition(".")[2], json.loads(body))
        self.asked += 1
        self.spent += time.thread_time() - began
        return HttpAnswer(200, {}, answer.encode())

    def _answer(self, operation: str, request: dict[str, Any]) -> str:
        if operation == "Query":
            return self._page(request)
        if operation == "BatchGetItem":
            (keys,) = (each["Keys"] for each in request["RequestItems"].values())
            found = [self._named(each["pk"]["S"], int(each["sk"]["S"][-12:])) for each in keys]
            return f'{{"Responses":{{"t":[{",".join(found)}]}}}}'
        return "{}"

    def _page(self, request: dict[str, Any]) -> str:
        values = request["ExpressionAttributeValues"]
        partition, start = values[":p"]["S"], _number(values[":a"]["S"])
        last = request.get("ExclusiveStartKey")
        start = start if last is None else _number(last["sk"]["S"])
        if not partition.startswith("T#acme#User"):
            return '{"Items":[]}'
        is_index = partition != "T#acme#User"
        shown, size, items = (self._entry if is_index else self._person), 0, []
        while size < MB and len(items) < request["Limit"] and start < PEOPLE:
            start += 1
            items.append(shown(start))
            size += len(items[-1])
        last_key = json.dumps({"sk": {"S": ID % start}})
        more = "" if start == PEOPLE else f',"LastEvaluatedKey":{last_key}'
        return f'{{"Items":[{",".join(items)}]{more}}}'

    def _named(self, partition: str, number: int) -> str:
        if partition.endswith("#User"):
            return self._person(number)
        return self._alone.replace(ID % 0, ID % number).replace("T#acme#User", partition)

    def _person(self, number: int) -> str:
        return self._first.replace(ID % 0, ID % number)

    def _entry(self, number: int) -> str:
        id_ = ID % number
        return (
            f'{{"pk":{{"S":"x"}},"sk":{{"S":"user{number:07d}\\u0000{id_}"}},"i":{{"S":"{id_}"}}}}'
        )

    @cached_property
    def _first(self) -> str:
        return self._made(self.groups)

    @cached_property
    def _alone(self) -> str:
        return self._made(0)

    def _made(self, groups: int) -> str:
        """Return an item that is in so many groups, none of which is in another."""
        creation = Creation(Key("User", ID % 0), self.body, frozenset(), NOW)
        item: dict[str, Any] = {"pk": "T#acme#User", "sk": ID % 0, **item_of("acme", creation)}
        if groups:
            ids = range(1_000_000, 1_000_000 + groups)
            item["g.Group.members"] = frozenset(packed_id(ID % each) for each in ids)
        return json.dumps(encoded_item(item), default=lambda each: b64encode(each).decode())


def _number(sort_key: str) -> int:
    digits = sort_key[-12:]
    return int(digits) if digits.isdigit() else 0


class NoSignature:
    """Signs nothing."""

    def headers(self, target: str, _: bytes) -> dict[str, str]:
        return {"X-Amz-Target": target}


def _endpoint(table: Endless, filters: str = "", bounds: Bounds = BOUNDS) -> Endpoint:
    client = JsonClient(cast(Any, table), cast(Any, NoSignature()), lambda: False)
    deployment = Deployment.of(DynamoDirectory(client, "t", Meter(counts=False)), bounds, MB)
    user = deployment.catalogue.resource_type("User")
    assert user is not None
    caller = Principal("acme", "t1", frozenset({"*"}), filters=filters)
    return deployment.endpoint(caller, "https://host/scim/v2", user)


CLERK = {**person(1), "nickName": "kim"}
LARGE = {
    **person(1),
    "emails": [{"value": f"kim{n}@example.com", "type": "work"} for n in range(1000)],
}
TELLING = {**person(1), "title": ("ßéﬁ" * 21_800)[:65_000]}
SWELLING = {**person(1), "title": "\ufdfa" * 65_000}
WORDY = {**person(1), "title": "the quick brown fox " * 3_000}
NONE_OF = " or ".join(f'title co "x{n}"' for n in range(99))
TERMS = " or ".join(f'not (title eq "x{n}" or nickName pr)' for n in range(45))
UNINDEXED = Query(filter='title eq "nobody"')

REFUSED: list[tuple[str, Mapping[str, object], Query, str]] = [
    ("a filter on a text nobody has", CLERK, UNINDEXED, ""),
    ("a filter that all match", CLERK, Query(filter="nickName pr"), ""),
    ("a filter of ninety terms", CLERK, Query(filter=TERMS), ""),
    ("a filter of ninety terms on a long text", TELLING, Query(filter=f"not ({NONE_OF})"), ""),
    ("a filter of a hundred terms on a long text", WORDY, Query(filter=NONE_OF), ""),
    ("a filter on characters that are eighteen", SWELLING, Query(filter=f"not ({NONE_OF})"), ""),
    ("a filter on a thousand values", LARGE, Query(filter='emails.type ne "x"'), ""),
    ("a range of an index, and more", CLERK, Query(filter='userName sw "u" and title pr'), ""),
    ("a range of an index", CLERK, Query(filter='userName sw "u"', start_index=55_000), ""),
    ("an order without an index", CLERK, Query(sort_by="title"), ""),
    ("an order of characters that are eighteen", SWELLING, Query(sort_by="title"), ""),
    ("an order of large resources", LARGE, Query(sort_by="title"), ""),
    ("a token that sees nobody", CLERK, Query(), '{"User": "title eq \\"nobody\\""}'),
    ("a token and a filter", CLERK, UNINDEXED, '{"User": "nickName pr"}'),
    (
        "a reference it may not see",
        CLERK,
        Query(filter=f"{ENTERPRISE}:manager pr"),
        '{"User": "nickName pr"}',
    ),
]

ONE, ALL_BUT_ONE = (
    Query(count=1000, attributes=("userName",)),
    Query(count=1000, excluded_attributes=("title",)),
)
ANSWERED: list[tuple[str, Mapping[str, object], int, Query]] = [
    ("a page of small resources", CLERK, 0, Query(count=1000)),
    ("a page of large resources", LARGE, 0, Query(count=1000)),
    ("one attribute of large resources", LARGE, 0, ONE),
    ("all but one of large resources", LARGE, 0, ALL_BUT_ONE),
    ("a page of who is in a thousand groups", CLERK, 1000, Query(count=1000)),
    ("one attribute of who is in a thousand groups", CLERK, 1000, ONE),
    ("who is in eight thousand groups", CLERK, 8000, Query(count=1000)),
]


@pytest.mark.long
@pytest.mark.parametrize(
    ("body", "query", "filters"),
    [each[1:] for each in REFUSED],
    ids=[each[0] for each in REFUSED],
)
def test_a_query_that_looks_at_too_much_is_refused_at_a_bounded_cost(
    body: Mapping[str, object], query: Query, filters: str
) -> None:
    table = Endless(body)
    endpoint = _endpoint(table, filters)
    search([_endpoint(table)], Query(count=1))  # what is loaded once is no query's cost
    table.spent = 0.0
    with cpu() as took, pytest.raises(TooMany, match=r"narrow it by one of|ask for less"):
        search([endpoint], query)
    assert megabytes(took.seconds - table.spent) < MOST


@pytest.mark.long
@pytest.mark.parametrize(
    ("body", "groups", "query"),
    [each[1:] for each in ANSWERED],
    ids=[each[0] for each in ANSWERED],
)
def test_a_page_has_a_bounded_cost(body: Mapping[str, object], groups: int, query: Query) -> None:
    table = Endless(body, groups)
    endpoint = _endpoint(table)
    search([_endpoint(table)], Query(count=1))  # what is loaded once is no query's cost
    table.spent = 0.0
    with cpu() as took:
        assert search([endpoint], query).resources
    assert megabytes(took.seconds - table.spent) < MOST


def test_every_term_searched_for_in_a_long_body_is_counted() -> None:
    bounds = replace(BOUNDS, comparisons=BOUNDS.comparisons // 3)
    asked = []
    for terms in ('title co "nowhere"', NONE_OF):
        table = Endless(WORDY)
        with pytest.raises(TooMany, match="narrow it by one of"):
            search([_endpoint(table, bounds=bounds)], Query(filter=terms))
        asked.append(table.asked)
    assert asked[1] < asked[0] / 2
