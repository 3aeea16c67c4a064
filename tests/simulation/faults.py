"""What goes wrong between a process and the table, as chance decides it call by call."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from botocore.exceptions import ReadTimeoutError

from tests.simulation.baton import Baton
from tests.simulation.choices import Choices
from tests.simulation.model.dynamodb import ModelTable, cancelled, refusal


class Death(BaseException):
    """The process ends here; nothing may catch this."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How many calls of a thousand meet what."""

    throttled: float = 6
    conflict: float = 12
    internal: float = 3
    silent: float = 3
    lost: float = 15
    """Committed, but the answer gets lost."""
    death: float = 4
    partial: float = 100
    """Of batch reads, answered in part."""
    short: float = 60
    """Of queries, those that end early as a megabyte does."""
    lag: float = 300
    """Of reads that need not be consistent."""

    def without(self, name: str) -> "Rates":
        """Return the rates with one of them nothing."""
        return replace(self, **{name: 0.0})


NOTHING = Rates(0, 0, 0, 0, 0, 0, 0, 0, 0)
SILENCE = 2.0
MOST_LAG = 12


class Told(Protocol):
    """Whoever wants to know what happened at the store."""

    def __call__(self, who: str, what: str, how: str) -> None: ...


@dataclass
class Client:
    """The client of one process: implements the store's protocol on the model.

    `what` is what the process is busy with; `is_dead` is one that has ended: what it still tries
    goes nowhere.
    """

    table: ModelTable
    baton: Baton
    choices: Choices
    rates: Rates
    who: str
    told: Told
    what: Any = None
    is_dead: bool = False

    def get_item(self, **request: Any) -> Any:
        self._before("GetItem")
        return self.table.get_item(lag=self._lag(), **request)

    def batch_get_item(self, **request: Any) -> Any:
        self._before("BatchGetItem")
        ((table, wanted),) = request["RequestItems"].items()
        keys, left = list(wanted["Keys"]), []
        if self.choices.happens(self.rates.partial):
            some = self.choices.below(len(keys) + 1)
            keys, left = keys[:some], keys[some:]
            self.told(self.who, "BatchGetItem", f"{len(left)} keys UnprocessedKeys")
        answer: dict[str, Any] = {"Responses": {}, "UnprocessedKeys": {}}
        if keys:
            asked = {table: {**wanted, "Keys": keys}}
            answer = self.table.batch_get_item(lag=self._lag(), RequestItems=asked)
        if left:
            answer["UnprocessedKeys"] = {table: {**wanted, "Keys": left}}
        return answer

    def query(self, **request: Any) -> Any:
        self._before("Query")
        page = None
        if self.choices.happens(self.rates.short):
            page = 1 + self.choices.below(3)
            self.told(self.who, "Query", f"ends after {page}")
        return self.table.query(lag=self._lag(), page=page, **request)

    def put_item(self, **request: Any) -> Any:
        return self._written("PutItem", self.table.put_item, request)

    def update_item(self, **request: Any) -> Any:
        return self._written("UpdateItem", self.table.update_item, request)

    def transact_write_items(self, **request: Any) -> Any:
        if self.choices.happens(self.rates.conflict):
            self._before("TransactWriteItems")
            self.told(self.who, "TransactWriteItems", "TransactionConflict")
            reasons: list[Mapping[str, Any]] = [{"Code": "None"} for _ in request["TransactItems"]]
            reasons[self.choices.below(len(reasons))] = {"Code": "TransactionConflict"}
            raise cancelled(reasons)
        return self._written("TransactWriteItems", self.table.transact_write_items, request)

    def _written(self, name: str, ask: Any, request: Mapping[str, Any]) -> Any:
        self._before(name)
        self.table.writer = self.what
        answer = ask(**request)
        if self.choices.happens(self.rates.lost):
            self._silent(name, "done, the answer lost")
        if self.choices.happens(self.rates.death):
            self._die(name, "dies after it")
        return answer

    def _before(self, name: str) -> None:
        if self.is_dead:
            raise Death
        self.baton.pause()
        if self.is_dead:
            raise Death
        self.told(self.who, name, "")
        rates, happens = self.rates, self.choices.happens
        all_ = rates.throttled + rates.internal + rates.silent + rates.death
        if not happens(all_):
            return
        which = self.choices.below(int(all_ * 100))
        if which < rates.throttled * 100:
            self.told(self.who, name, "throttled")
            raise refusal("ProvisionedThroughputExceededException")
        if which < (rates.throttled + rates.internal) * 100:
            self.told(self.who, name, "InternalServerError")
            raise refusal("InternalServerError")
        if which < (rates.throttled + rates.internal + rates.silent) * 100:
            self._silent(name, "no answer")
        self._die(name, "dies before it")

    def _silent(self, name: str, how: str) -> None:
        self.told(self.who, name, how)
        self.baton.sleep(SILENCE)
        raise ReadTimeoutError(endpoint_url="https://dynamodb.example")

    def _die(self, name: str, how: str) -> None:
        self.told(self.who, name, how)
        self.is_dead = True
        raise Death

    def _lag(self) -> int:
        return self.choices.below(MOST_LAG) if self.choices.happens(self.rates.lag) else 0
