"""Commands against the running local service, as a tenant of its own."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from local.gateway import Gateway
from scim_cli.http_client import local_client
from scim_cli.root import scim
from scim_cli.service import Service, TokenAuth
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import USER

_ANYWHERE = {"test-connection"}
"""Commands that are told a URL."""


class Shell:
    """Runs commands against the local service, as a tenant of its own."""

    def __init__(self, served: tuple[Gateway, int], folder: Path, tenant: str) -> None:
        self._gateway, self._port = served
        make_tenant(self._gateway, tenant)
        self.token = secret_of(self._gateway, tenant, "*")
        self._folder, self._tenant = folder, tenant
        self._http = local_client()

    def run(self, *words: str) -> Result:
        known = {"PORT": str(self._port), "SCIM_TOKEN": self.token}
        where = () if words[0] in _ANYWHERE else ("--local",)
        return CliRunner().invoke(scim, [*words, *where], env=known)

    def json(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exit_code == 0, (result.output, result.exception)
        return json.loads(result.stdout)

    def file(self, name: str, content: str) -> str:
        path = self._folder / name
        path.write_text(content, "utf-8")
        return str(path)

    def pump(self) -> None:
        """Let what was written be logged."""
        self._gateway.event_sources.pump()

    def settle(self, **settled: Any) -> None:
        """Settle other things for the tenant, before its first request."""
        make_tenant(self._gateway, self._tenant, **settled)

    def close(self) -> None:
        self._http.close()

    def service(self) -> Service:
        url = f"http://127.0.0.1:{self._port}/scim/v2"
        return Service(url, TokenAuth(self.token), self._http)


def people(*names: str) -> str:
    """Return the lines of a file with these users."""
    return "".join(json.dumps({"id": n, "schemas": [USER], "userName": n}) + "\n" for n in names)
