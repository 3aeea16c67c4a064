"""A small exact model of one DynamoDB table: what the store's client may ask, answered as AWS does.

Every commit has a tick and stays known, so that whoever checks a history can ask what was there
when, and reads may be answered with what was there a moment ago. Nothing fails here by itself:
`faults.py` lets it.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.simulation.model.expressions import InvalidExpression, Wire, condition, touched, updated

Key = tuple[str, str]
Request = Mapping[str, Any]
MAX_ITEM = 400 * 1024
MAX_TRANSACTION = 4 * 1024 * 1024
PAGE = 1024 * 1024
TOKEN_SECONDS = 600.0
BATCH = 100


def refusal(code: str, message: str = "", **more: Any) -> ClientError:
    """Return an error as botocore raises it."""
    return ClientError({"Error": {"Code": code, "Message": message or code}, **more}, "Model")


def invalid(message: str) -> ClientError:
    """Return what DynamoDB says of a request that makes no sense."""
    return refusal("ValidationException", message)


def cancelled(reasons: Sequence[Mapping[str, Any]]) -> ClientError:
    """Return what a cancelled transaction is answered with: a reason for each of its actions."""
    codes = ", ".join(str(reason["Code"]) for reason in reasons)
    text = (
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    )
    return refusal("TransactionCanceledException", text, CancellationReasons=list(reasons))


@dataclass(frozen=True, slots=True)
class Commit:
    """One item that changed: None stands for no item. `by` says who wrote."""

    tick: int
    key: Key
    before: Wire | None
    after: Wire | None
    by: Any


@dataclass
class ModelTable:
    """The table: `clock` returns seconds, `writer` is whoever is writing at the moment."""

    clock: Callable[[], float] = lambda: 0.0
    writer: Any = None
    items: dict[Key, Wire] = field(default_factory=dict)
    commits: list[Commit] = field(default_factory=list)
    tick: int = 0
    _sorted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _past: dict[Key, list[tuple[int, Wire | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _tokens: dict[str, tuple[float, Any]] = field(default_factory=dict)
    _index: dict[str, list[tuple[str, Key]]] = field(default_factory=lambda: defaultdict(list))
    _sizes: dict[int, tuple[Wire, int]] = field(default_factory=dict)
    """By the identity of items, which are kept with their sizes and never changed."""

    def copy(self) -> "ModelTable":
        """Return a table with the same items and the same past: items are never changed in place."""
        other = ModelTable(items=dict(self.items), commits=list(self.commits), tick=self.tick)
        for pk, keys in self._sorted.items():
            other._sorted[pk] = list(keys)
        for gp, places in self._index.items():
            other._index[gp] = list(places)
        for key, past in self._past.items():
            other._past[key] = list(past)
        return other

    # ---- What was there

    def then(self, key: Key, tick: int) -> Wire | None:
        """Return the item as it was after that tick."""
        past = self._past.get(key, ())
        place = bisect_right(past, tick, key=lambda each: each[0])
        return past[place - 1][1] if place else None

    # ---- Reads

    def get_item(self, *, lag: int = 0, **request: Any) -> dict[str, Any]:
        """Answer GetItem; `lag` is by how many ticks an answer that need not be consistent is old."""
        key = key_of(request["Key"])
        now = self.tick - (0 if request.get("ConsistentRead") else lag)
        item = self.items.get(key) if now == self.tick else self.then(key, now)
        return {} if item is None else {"Item": dict(item)}

    def batch_get_item(self, *, lag: int = 0, **request: Any) -> dict[str, Any]:
        """Answer BatchGetItem for one table."""
        ((table, wanted),) = request["RequestItems"].items()
        keys = [key_of(each) for each in wanted["Keys"]]
        if len(set(keys)) != len(keys):
            raise invalid("Provided list of item keys contains duplicates")
        if not 0 < len(keys) <= BATCH:
            raise invalid("Too many items requested for the BatchGetItem call")
        now = self.tick - (0 if wanted.get("ConsistentRead") else lag)
        found = [item for key in keys if (item := self.then(key, now)) is not None]
        return {"Responses": {table: [dict(item) for item in found]}, "UnprocessedKeys": {}}

    def query(self, *, lag: int = 0, page: int | None = None, **request: Any) -> dict[str, Any]:
        """Answer Query; `page` ends an answer after so many items, as one megabyte would."""
        rows = self._matching(request, lag)
        if not request.get("ScanIndexForward", True):
            rows = rows[::-1]
        start = request.get("ExclusiveStartKey")
        if start is not None:
            rows = _behind(rows, start, request)
        limit = min(request.get("Limit") or len(rows) + 1, page or len(rows) + 1)
        some, size = rows[:limit], 0
        for number, row in enumerate(some, 1):
            size += self._size_of(row)
            if size > PAGE:
                some = some[:number]
                break
        shown = [row for row in some if _passes(row, request)]
        answer: dict[str, Any] = {
            "Items": [_projected(row, request) for row in shown],
            "Count": len(shown),
            "ScannedCount": len(some),
        }
        # DynamoDB says there may be more when a limit was reached, whether there is or not.
        if len(some) == limit or len(some) < len(rows):
            answer["LastEvaluatedKey"] = _place(some[-1], request)
        if request.get("Select") == "COUNT":
            del answer["Items"]
        if "ReturnConsumedCapacity" in request:
            units = max(1, -(-size // 4096)) * (1 if request.get("ConsistentRead") else 0.5)
            answer["ConsumedCapacity"] = {"CapacityUnits": units}
        return answer

    def _size_of(self, row: Wire) -> int:
        known = self._sizes.get(id(row))
        if known is None:
            known = self._sizes[id(row)] = row, size_of(row)
        return known[1]

    def _matching(self, request: Request, lag: int) -> list[Wire]:
        names = request.get("ExpressionAttributeNames", {})
        values = request["ExpressionAttributeValues"]
        holds = condition(request["KeyConditionExpression"])
        return [row for row in self._rows(request, lag) if holds(row, names, values)]

    def _rows(self, request: Request, lag: int) -> list[Wire]:
        """Return the items of the partition, as they were `lag` ticks ago for a read that may be old."""
        values = request["ExpressionAttributeValues"]
        pk = values[":p"]["S"]
        if "IndexName" in request:
            if request.get("ConsistentRead"):
                raise invalid("Consistent reads are not supported on global secondary indexes")
            return self._before(self._indexed(pk, lag), lag)
        if lag and not request.get("ConsistentRead"):
            return self._before(sorted(key for key in self._past if key[0] == pk), lag)
        first, last = _ends(values, request["KeyConditionExpression"])
        sks = self._sorted.get(pk, [])
        start = bisect_left(sks, first) if first is not None else 0
        end = bisect_right(sks, last) if last is not None else len(sks)
        return [self.items[pk, sk] for sk in sks[start:end]]

    def _before(self, keys: Iterable[Key], lag: int) -> list[Wire]:
        """Return the items that existed `lag` ticks ago."""
        rows = (self.then(key, self.tick - lag) for key in keys)
        return [row for row in rows if row is not None]

    def _indexed(self, gp: str, lag: int) -> list[Key]:
        if not lag:
            return [key for _, key in self._index.get(gp, ())]
        now = self.tick - lag
        found = [
            (item["gs"]["S"], key)
            for key in list(self._past)
            if (item := self.then(key, now)) is not None and item.get("gp", {}).get("S") == gp
        ]
        return [key for _, key in sorted(found)]

    def scan(self) -> list[Wire]:
        """Return every item."""
        return list(self.items.values())

    # ---- Writes

    def put_item(self, **request: Any) -> dict[str, Any]:
        """Answer PutItem."""
        self._alone("Put", request)
        return {}

    def update_item(self, **request: Any) -> dict[str, Any]:
        """Answer UpdateItem, with UPDATED_NEW what it has changed."""
        self._alone("Update", request)
        if request.get("ReturnValues") != "UPDATED_NEW":
            return {}
        after = self.items[key_of(request["Key"])]
        names = touched(request["UpdateExpression"], request.get("ExpressionAttributeNames", {}))
        shown = {name: after[name] for name in names if name in after}
        return {"Attributes": shown} if shown else {}

    def _alone(self, action: str, request: Request) -> None:
        """Make one write; its condition is answered otherwise than in a transaction."""
        try:
            change = self._change(action, request)
        except InvalidExpression as wrong:
            raise invalid(str(wrong)) from wrong
        if "Code" in change:
            if change["Code"] == "ValidationError":
                raise invalid(str(change["Message"]))
            more = {"Item": change["Item"]} if "Item" in change else {}
            raise refusal(
                "ConditionalCheckFailedException", "The conditional request failed", **more
            )
        self._commit([change])

    def transact_write_items(self, **request: Any) -> dict[str, Any]:
        """Answer TransactWriteItems: all or nothing, and once for a client token."""
        actions = [next(iter(each.items())) for each in request["TransactItems"]]
        token = request.get("ClientRequestToken")
        known = self._tokens.get(token) if token else None
        if known is not None and self.clock() - known[0] < TOKEN_SECONDS:
            if known[1] != request["TransactItems"]:
                raise refusal("IdempotentParameterMismatchException")
            return {}
        keys = [key_of(body.get("Key") or body["Item"]) for _, body in actions]
        if len(set(keys)) != len(keys):
            raise invalid("Transaction request cannot include multiple operations on one item")
        if not 0 < len(actions) <= 100:
            raise invalid("Member must have length less than or equal to 100")
        try:
            changes = [self._change(action, body) for action, body in actions]
        except InvalidExpression as wrong:
            raise invalid(str(wrong)) from wrong
        if any("Code" in change for change in changes):
            raise cancelled([c if "Code" in c else {"Code": "None"} for c in changes])
        if sum(self._size_of(c["after"] or c["before"] or {}) for c in changes) > MAX_TRANSACTION:
            raise invalid("Collection size cannot exceed 4MB")
        self._commit(changes)
        if token:
            self._tokens[token] = self.clock(), request["TransactItems"]
        return {}

    def _change(self, action: str, body: Request) -> dict[str, Any]:
        """Return the item before and after, or the reason for a refusal with its Code."""
        names = body.get("ExpressionAttributeNames", {})
        values = body.get("ExpressionAttributeValues", {})
        _check_placeholders(body, names, values)
        key = key_of(body.get("Key") or body["Item"])
        before = self.items.get(key)
        text = body.get("ConditionExpression")
        if text is not None and not condition(text)(before or {}, names, values):
            reason = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
            if before is not None and body.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
                return {**reason, "Item": dict(before)}
            return reason
        after: Wire | None = before
        if action == "Put":
            after = dict(body["Item"])
        elif action == "Delete":
            after = None
        elif action == "Update":
            start = before or {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
            after = updated(start, body["UpdateExpression"], names, values)
        if after is not None and after is not before and self._size_of(after) > MAX_ITEM:
            text = "Item size to update has exceeded the maximum allowed size"
            return {"Code": "ValidationError", "Message": text}
        return {"key": key, "before": before, "after": after}

    def _commit(self, changes: Iterable[Mapping[str, Any]]) -> None:
        self.tick += 1
        by = self.writer
        for change in changes:
            key, before, after = change["key"], change["before"], change["after"]
            if before == after:
                continue
            self._store(key, before, after)
            self._past[key].append((self.tick, after))
            self.commits.append(Commit(self.tick, key, before, after, by))

    def _store(self, key: Key, before: Wire | None, after: Wire | None) -> None:
        sks = self._sorted[key[0]]
        if before is None:
            insort(sks, key[1])
        if after is None:
            sks.pop(bisect_left(sks, key[1]))
            del self.items[key]
        else:
            self.items[key] = after
        old, new = _index_place(key, before), _index_place(key, after)
        if old != new:
            if old is not None:
                places = self._index[old[0]]
                places.pop(bisect_left(places, old[1]))
            if new is not None:
                insort(self._index[new[0]], new[1])


def key_of(wire: Wire) -> Key:
    """Return the key in an item or a Key member."""
    return wire["pk"]["S"], wire["sk"]["S"]


def size_of(item: Wire) -> int:
    """Return the bytes an item counts for."""
    return sum([_length(name) + _size(typed) for name, typed in item.items()])


def _size(typed: Mapping[str, Any]) -> int:
    ((kind, value),) = typed.items()
    match kind:
        case "S":
            return _length(value)
        case "N":
            return len(value) // 2 + 2
        case "B":
            return len(value)
        case "BS" | "SS":
            return sum(map(len, value))
        case _:
            return 1


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _index_place(key: Key, item: Wire | None) -> tuple[str, tuple[str, Key]] | None:
    if item is None or "gp" not in item or "gs" not in item:
        return None
    return item["gp"]["S"], (item["gs"]["S"], key)


def _ends(values: Wire, text: str) -> tuple[str | None, str | None]:
    low = values[":a"]["S"] if ":a" in values else None
    return low, values[":b"]["S"] if "BETWEEN" in text else None


def _passes(row: Wire, request: Request) -> bool:
    text = request.get("FilterExpression")
    if text is None:
        return True
    names = request.get("ExpressionAttributeNames", {})
    return condition(text)(row, names, request["ExpressionAttributeValues"])


def _projected(row: Wire, request: Request) -> Wire:
    # byLastModified has KEYS_ONLY.
    names = ("pk", "sk", "gp", "gs") if "IndexName" in request else row
    return {name: row[name] for name in names}


def _place(row: Wire, request: Request) -> Wire:
    names = ("pk", "sk", "gp", "gs") if "IndexName" in request else ("pk", "sk")
    return {name: row[name] for name in names}


def _behind(rows: list[Wire], start: Wire, request: Request) -> list[Wire]:
    sort = "gs" if "IndexName" in request else "sk"

    def place(row: Wire) -> tuple[str, str, str]:
        return row[sort]["S"], row["pk"]["S"], row["sk"]["S"]

    is_up = request.get("ScanIndexForward", True)
    return [
        row for row in rows if (place(row) > place(start)) is is_up and place(row) != place(start)
    ]


def _check_placeholders(body: Request, names: Mapping[str, str], values: Wire) -> None:
    text = " ".join(str(body[name]) for name in body if name.endswith("Expression"))
    said = set(text.replace("(", " ").replace(")", " ").replace(",", " ").split())
    unused = (names.keys() | values.keys()) - said
    if unused:
        raise InvalidExpression(f"unused in expressions: {sorted(unused)}")
    if any(value == {"BS": []} for value in values.values()):
        raise InvalidExpression("One or more parameter values were invalid: empty set")
