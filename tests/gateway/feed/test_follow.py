"""The consumer in docs/examples keeps a table up to date from delta queries alone."""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from local.gateway import Gateway
from local.server import Server
from tests.gateway.client import GROUP
from tests.gateway.feed.feed_client import EXAMPLE, FeedClient, example


def test_the_example_keeps_a_table_right() -> None:
    with Gateway.start() as gateway:
        client = FeedClient(gateway, "rfc")

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


NODE = shutil.which("node")
TYPES = re.compile(r": (?:Promise<string>|Map<string, unknown>|string(?: \| undefined)?)(?=[,;) ])")
CALL = """
const table = new Map(JSON.parse(process.env.TABLE));
const since = await follow(process.env.BASE, process.env.TOKEN, process.env.SINCE, table);
console.log(JSON.stringify({ since, table: [...table] }));
"""


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_the_example_in_typescript_keeps_a_table_right() -> None:
    # Without its types it is JavaScript: node knows how to leave them out from version 22.18 on only.
    code = TYPES.sub("", EXAMPLE.with_suffix(".ts").read_text("utf-8")) + CALL
    with (
        Gateway.start() as gateway,
        Server(0) as server,
        server.serving(gateway.answer),
    ):
        client = FeedClient(gateway, "rfc")
        environment = {
            "BASE": f"http://127.0.0.1:{server.server_address[1]}{client.base}",
            "TOKEN": "local-rfc-token",
            "SINCE": client.token(""),
            "TABLE": "[]",
        }

        def followed() -> dict[str, Any]:
            gateway.event_sources.pump()
            ran = subprocess.run(
                [str(NODE), "--input-type=module", "-e", code],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
            assert ran.returncode == 0, ran.stderr
            answer = json.loads(ran.stdout)
            environment["SINCE"], environment["TABLE"] = (
                answer["since"],
                json.dumps(answer["table"]),
            )
            return dict(answer["table"])

        ann, bob = client.user("ann"), client.user("bob")
        assert followed().keys() == {ann, bob}
        client.patch(f"/Users/{ann}", {"op": "replace", "path": "title", "value": "x"})
        client.made("DELETE", f"/Users/{bob}")
        table = followed()
        assert (table.keys(), table[ann]["title"]) == ({ann}, "x")
