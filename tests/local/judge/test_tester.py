"""The judge objects to wrong answers of a service and to nothing else."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from local.http import Answer, Request
from local.judge.__main__ import complaints_of
from local.server import Server

CONFIG = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    "patch": {"supported": False},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": False, "maxResults": 0},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    "etag": {"supported": False},
    "authenticationSchemes": [{"type": "oauthbearertoken", "name": "token", "description": "-"}],
}
EMPTY = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    "totalResults": 0,
    "Resources": [],
}
FOUND: Mapping[str, Mapping[str, Any]] = {
    "ServiceProviderConfig": CONFIG,
    "ResourceTypes": EMPTY,
    "Schemas": EMPTY,
}


REFUSAL = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "detail": "Not here."}
EMPTINESS = [
    "query_all_resource_types: The /ResourceTypes endpoint published nothing",
    "query_all_schemas: The /Schemas endpoint published nothing",
]


class Bare:
    """A service without resource types; what else is wrong with it is how it refuses."""

    def __init__(self, refusal: Mapping[str, Any], status_of_methods: int) -> None:
        self._refusal = refusal
        self._status_of_methods = status_of_methods
        self.credentials: set[str | None] = set()

    def __call__(self, request: Request) -> Answer:
        self.credentials.add(request.header("Authorization"))
        name = request.path.removeprefix("/scim/v2/")
        if request.method != "GET":
            return self._answer(self._status_of_methods, self._refusal)
        return self._answer(200, FOUND[name]) if name in FOUND else self._answer(404, self._refusal)

    def _answer(self, status: int, body: Mapping[str, Any]) -> Answer:
        told = {**body, "status": str(status)} if body is REFUSAL else body
        headers = (("Content-Type", "application/scim+json"),)
        return Answer(status, headers, json.dumps(told).encode())


@contextmanager
def served(service: Bare) -> Iterator[str]:
    """Serve on a free port of this machine, whose URL this yields."""
    with Server(0) as server, server.serving(service):
        yield f"http://{server.address}/scim/v2"


@pytest.mark.parametrize(
    ("service", "complaints"),
    [
        (Bare(REFUSAL, 405), EMPTINESS),
        (
            Bare({"message": "no"}, 405),
            [
                "access_invalid_resource_type: The server answered 404 without a SCIM error",
                "access_invalid_schema: The server answered 404 without a SCIM error",
                *EMPTINESS,
            ],
        ),
        (
            Bare(REFUSAL, 404),
            sorted(
                [
                    *EMPTINESS,
                    *(
                        f"{check}_endpoint_methods: {method} /{name} returned 404 instead of 405"
                        for check, name in (
                            ("service_provider_config", "ServiceProviderConfig"),
                            ("resource_types", "ResourceTypes"),
                            ("schemas", "Schemas"),
                        )
                        for method in ("POST", "PUT", "PATCH", "DELETE")
                    ),
                ]
            ),
        ),
    ],
    ids=["nothing published", "errors of its own", "methods that are not found"],
)
def test_only_wrong_answers_are_objected_to(service: Bare, complaints: list[str]) -> None:
    with served(service) as url:
        assert sorted(complaints_of(url, "secret")) == complaints


def test_the_judge_shows_its_token_and_says_how_much_it_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    service = Bare(REFUSAL, 405)
    with served(service) as url:
        complaints_of(url, "secret")
    assert service.credentials == {"Bearer secret"}
    assert capsys.readouterr().out == "scim2-tester: 17 checks\n"
