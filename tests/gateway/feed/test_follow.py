"""The consumer in docs/examples keeps a table right from the delta alone."""

import importlib.util
import json
from pathlib import Path
from typing import Any

from local.gateway import Gateway
from tests.gateway.feed.test_delta import GROUP, Client

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "follow.py"


def example() -> Any:
    spec = importlib.util.spec_from_file_location("follow_example", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_keeps_a_table_right() -> None:
    with Gateway.start() as gateway:
        client = Client(gateway, "rfc")

        def ask(url: str, _token: str, body: Any = None) -> Any:
            return client.made("GET" if body is None else "POST", url, body)

        follow, table = example().follow, dict[str, Any]()
        since = ask("/.deltaToken", "")["value"]
        people = [client.user(f"p{n}") for n in range(5)]
        members = [{"value": id_} for id_ in people[:3]]
        client.made("POST", "/Groups", {"schemas": [GROUP], "displayName": "g", "members": members})
        gateway.event_sources.pump()
        since = follow("", "", since, table, ask)
        client.patch(f"/Users/{people[1]}", {"op": "replace", "path": "title", "value": "x"})
        client.made("DELETE", f"/Users/{people[0]}")
        gateway.event_sources.pump()
        follow("", "", since, table, ask)
        present = [
            each for kind in ("/Users", "/Groups") for each in client.made("GET", kind)["Resources"]
        ]
        assert json.loads(json.dumps(table)).keys() == {each["id"] for each in present}
        # A user's groups are a view of the groups, whose changes are told as theirs.
        for each in present:
            told = table[each["id"]]
            assert {n: v for n, v in told.items() if n != "groups"} == {
                n: v for n, v in each.items() if n != "groups"
            }
