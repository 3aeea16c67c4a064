"""Values of clients are never part of a DynamoDB expression."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.simulation.choices import Choices
from tests.simulation.history import POOL
from tests.simulation.model.dynamodb import ModelTable
from tests.simulation.operations import GROUP, PATCH, USER
from tests.simulation.world import World, simulated

WORD = "c4n4ry"
TEXTS = [
    f'{WORD}" OR attribute_exists(pk) OR "1" = "',
    f"{WORD} :a #p",
    f"{WORD}#T#other#User",
    f"{WORD}\x01\x02",
    f"*)(uid={WORD}",
    f"'; DROP TABLE {WORD}; --",
]


class Overheard(ModelTable):
    """Keeps the expressions and names of every request."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def query(self, **request: Any) -> dict[str, Any]:
        self.said.append(_expressions(request))
        return super().query(**request)

    def transact_write_items(self, **request: Any) -> dict[str, Any]:
        for each in request["TransactItems"]:
            self.said += map(_expressions, each.values())
        return super().transact_write_items(**request)


def _expressions(request: Any) -> str:
    names = request.get("ExpressionAttributeNames", {})
    return repr([request[name] for name in request if name.endswith("Expression")] + [names])


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_values_of_clients_are_never_part_of_an_expression(text: str) -> None:
    table = Overheard()
    world = World(Choices(), table=table)
    with simulated(world):
        process = POOL.of("overheard", world)
        written = text.replace("\x01", "").replace("\x02", "")
        user = {"schemas": [USER], "userName": written, "externalId": written, "title": written}
        status, made, _ = process.request("POST", "/Users", user)
        assert status == 201, made
        inside = {"schemas": [GROUP], "displayName": written, "members": [{"value": made["id"]}]}
        assert process.request("POST", "/Groups", inside)[0] == 201
        change = {"op": "replace", "path": "title", "value": f"{written} again"}
        body = {"schemas": [PATCH], "Operations": [change]}
        assert process.request("PATCH", f"/Users/{made['id']}", body)[0] in {200, 204}
        literal = text.replace("\\", "\\\\").replace('"', '\\"')
        for filter_ in (
            f'userName eq "{literal}"',
            f'userName sw "{literal}"',
            f'externalId eq "{literal}" or title co "{literal}"',
            f'emails[value eq "{literal}"]',
        ):
            process.request("GET", f"/Users?filter={quote(filter_)}")
        process.request("GET", f"/Users?sortBy={quote(text)}&attributes={quote(text)}")
        process.request("GET", f"/Users/{quote(text, safe='')}")
    assert len(table.said) >= 10
    assert [each for each in table.said if WORD in each] == []
