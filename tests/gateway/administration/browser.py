"""Asks as the pages of console and setup portal do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from local.gateway import Gateway
from tests.gateway.client import Answered

ORIGIN = "http://127.0.0.1:8080"
OURS = {"X-Scim-Console": "1", "Origin": ORIGIN, "Content-Type": "application/json"}


@dataclass
class Browser:
    """Asks for what is below a page's folder, `console` or `setup`; keeps the cookie it is given."""

    gateway: Gateway
    folder: str
    cookie: str = ""

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] = OURS
    ) -> Answered:
        sent = {**headers, **({"Cookie": self.cookie} if self.cookie else {})}
        raw = b"" if body is None else json.dumps(body).encode()
        answer = self.gateway.handle(method, f"/{self.folder}/api/{path}", sent, raw)
        found = {name.lower(): value for name, value in answer.headers}
        if given := found.get("set-cookie"):
            self.cookie = given.partition(";")[0]
        return Answered(answer.status, found, json.loads(answer.body) if answer.body else None)
