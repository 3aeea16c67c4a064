"""Work of clients and operators that is under way during an upgrade and continues after it.

`begin` runs in the checkout of the version that writes, as written.py does: it uses nothing but a gateway and
requests. What it returns is kept with the table.
"""

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.gateway import Gateway

USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}
GROUP = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]}
BULK = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]}
PATCH = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}
JOB = {"schemas": ["urn:serverless-scim:params:scim:schemas:core:1.0:Job"]}
_PATIENCE = 30
"""Seconds that a job of a few operations may take."""


class Client:
    """A client of one tenant."""

    def __init__(self, gateway: Gateway, tenant: str, token: str = "") -> None:
        self._gateway, self._tenant = gateway, tenant
        self._token = token or f"local-{tenant}-token"

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Return the body of a response. Raises RuntimeError for an error."""
        sent = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/scim+json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        content = b"" if body is None else json.dumps(body).encode()
        answer = self._gateway.handle(method, f"/{self._tenant}/scim/v2{path}", sent, content)
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.body!r}")
        return json.loads(answer.body) if answer.body else None

    def await_job(self, id_: str) -> str:
        """Return the status with which a job ends."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            status = str(self.call("GET", f"/Jobs/{id_}")["status"])
            if status not in ("pending", "running"):
                return status
            time.sleep(0.05)
        raise RuntimeError(f"the job {id_} does not end")

    def events(self, acknowledged: Any = ()) -> dict[str, str]:
        """Return the resource that each event is about, by the `jti` of the event."""
        body = {"maxEvents": 100, "ack": list(acknowledged)}
        sets: Mapping[str, str] = self.call("POST", "/Events", body)["sets"]
        return {jti: _claims_of(token)["sub_id"]["uri"] for jti, token in sets.items()}


def begin(gateway: Gateway) -> dict[str, Any]:
    """Leave something under way, and return what is needed to go on with it."""
    administer(gateway, "PATCH", "/tenants/okta", {"profile": "okta+keepsDeleted"})
    gateway.forget_verdicts()
    okta, default = Client(gateway, "okta"), Client(gateway, "default")
    kept, other = (
        okta.call("POST", "/Users", {**USER, "userName": f"{name}@example.org"})["id"]
        for name in ("kept", "other")
    )
    members = [{"value": kept}, {"value": other}]
    group = okta.call("POST", "/Groups", {**GROUP, "displayName": "Kept", "members": members})["id"]
    okta.call("DELETE", f"/Users/{kept}")
    waiting = okta.call("POST", "/Jobs", {**JOB, "kind": "import", "format": "ndjson"})["id"]

    once = {**USER, "userName": "once@example.org"}
    made = default.call("POST", "/Users", once, Idempotency_Key='"upgrade"')
    for number in range(3):
        default.call("POST", "/Users", {**USER, "userName": f"seen{number}@example.org"})
    filters = {"User": 'userName sw "seen"', "Group": 'displayName eq "Inner"'}
    request = {"days": 3650, "scopes": ["users:*", "groups:*"], "filters": filters}
    token = administer(gateway, "POST", "/tenants/default/tokens", request)["token"]
    return {"kept": kept, "group": group, "waiting": waiting, "once": made["id"], "token": token}


def follow(gateway: Gateway) -> dict[str, str]:
    """Log all changes, those of a job too; return the events that a receiver was sent and has not acknowledged."""
    receiver = Client(gateway, "default")
    receiver.events()
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": name, "data": {**USER, "userName": name}}
        for name in ("job0@example.org", "job1@example.org")
    ]
    receiver.call("POST", "/Bulk", {**BULK, "Operations": operations}, Prefer="respond-async")
    (job,) = receiver.call("GET", "/Jobs")["Resources"]
    if receiver.await_job(job["id"]) != "completed":
        raise RuntimeError("the job did not succeed")
    gateway.event_sources.pump()
    return receiver.events()


def administer(gateway: Gateway, method: str, path: str, body: object) -> Any:
    """Return the body of a response of the Admin API. Raises RuntimeError for an error."""
    content = json.dumps(body).encode()
    host, target = "127.0.0.1:8080", f"/admin/v1{path}"
    request = AWSRequest(method, f"http://{host}{target}", {"Host": host}, content)
    SigV4Auth(Credentials("local", "local"), "execute-api", "us-east-1").add_auth(request)
    answer = gateway.beside("AdminApi").handle(method, target, dict(request.headers), content)
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {answer.body!r}")
    return json.loads(answer.body) if answer.body else None


def _claims_of(token: str) -> Any:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
