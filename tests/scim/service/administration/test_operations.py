"""Operations of administration: who may do what to which tenant, and what is audited."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from scim.access.token import hash_of
from scim.errors import Forbidden, InvalidValue, MethodNotAllowed, NotFound, ScimError, Uniqueness
from scim.permission import Permissions
from scim.schema.tenant_definitions import MappingDraft
from scim.service.administration.operations import OPERATIONS, Operation
from scim.service.administration.ports import Actor
from tests.fakes.administered import ACTOR, Administered, administered

KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
NAMES = [each.name for each in OPERATIONS]
GIVEN: dict[str, dict[str, Any]] = {
    "createTenant": {"name": "acme"},
    "removeIssuer": {"issuer": "https://i.example"},
    "addIssuer": {
        "document": {
            "kind": "jwt",
            "issuer": "https://i.example",
            "jwksUri": "https://i.example/keys",
            "audiences": ["scim"],
        }
    },
    "addEntraIssuer": {"directory": "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"},
    "changeTenant": {"rate": 7},
    "putDefinitions": {"document": {"variables": {"host": "h"}}},
    "checkDefinitions": {"document": {}},
    "draftMapping": {"document": {"attributes": [{"target": "title", "value": "Engineer"}]}},
    "previewMapping": {"document": {}},
    "activateMapping": {"revision": MappingDraft({}, "", "").revision},
    "setBreaker": {"number": 5},
    "setRequestLog": {"on": True},
    "setFeed": {"days": 7},
    "pushFeed": {"url": "https://events.example.com/scim"},
}


@pytest.fixture(name="deployment", scope="module")
def _deployment() -> Iterator[Administered]:
    with administered() as found:
        for name in ("acme", "globex"):
            found.do("POST", "/tenants", name=name)
            found.do("PUT", f"/tenants/{name}/definitions", document={"variables": {"v": "1"}})
        yield found


def _path(deployment: Administered, operation: Operation, tenant: str = "acme") -> str:
    """Return the path of an operation, with what there is of its own."""
    made: dict[str, str] = {"tenant": tenant, "version": "1", "job": "none"}
    if "{token}" in operation.path:
        body = deployment.do("POST", f"/tenants/{tenant}/tokens").body
        made["token"] = body["token_id"]
    if "{client}" in operation.path:
        body = deployment.do("POST", f"/tenants/{tenant}/clients").body
        made["client"] = body["client_id"]
    if "{link}" in operation.path:
        links = operation.path.partition("/{link}")[0].format(tenant=tenant)
        body = deployment.do("POST", links).body
        made["link"] = body["link_id"]
    if operation.name == "removeIssuer":
        deployment.do("POST", f"/tenants/{tenant}/issuers", **GIVEN["addIssuer"])
    if operation.name == "activateMapping":
        deployment.do("PUT", f"/tenants/{tenant}/mapping/draft", document={})
    return operation.path.format(**made)


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
@pytest.mark.sampled(4)
def test_a_session_may_do_exactly_what_its_scopes_grant(
    deployment: Administered, operation: Operation
) -> None:
    path, given = _path(deployment, operation), GIVEN.get(operation.name, {})
    rest = frozenset(each.permission for each in OPERATIONS) - {operation.permission}
    before = deployment.items()
    with pytest.raises(Forbidden, match=operation.permission):
        deployment.do(operation.method, path, replace(ACTOR, scopes=rest), **given)
    assert deployment.items() == before
    granted = replace(ACTOR, scopes=frozenset({operation.permission}))
    if operation.name in ("deleteTenant", "createTenant", "showJob", "listFailures", "cancelJob"):
        return  # the first would end the others' tenant, there is one, and there is no job
    assert deployment.do(operation.method, path, granted, **given).status in (200, 201)


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
@pytest.mark.sampled(4)
def test_a_session_of_one_tenant_cannot_reach_another(
    deployment: Administered, operation: Operation
) -> None:
    path, given = _path(deployment, operation, "globex"), GIVEN.get(operation.name, {})
    before = deployment.items()
    if operation.name == "createTenant":
        given = {"name": "globex"}
    for tenant in ("acme", "nobody"):
        with pytest.raises(NotFound, match=r"There is nothing at this path\."):
            deployment.do(operation.method, path, Actor("portal", tenant=tenant), **given)
    assert deployment.items() == before


@pytest.mark.parametrize("name", ["nobody", "%00", "..%2F", "T%23acme", "a" * 300])
@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "operation",
    [
        each
        for each in OPERATIONS
        # The first may make its tenant, the second outlives it.
        if "{tenant}" in each.path and each.name not in ("createToken", "listAudit")
    ],
    ids=lambda each: each.name,
)
def test_a_tenant_that_is_none_is_not_found(
    deployment: Administered, operation: Operation, name: str
) -> None:
    known = {"tenant": name, "version": "1", "job": "none", "token": "t", "client": "c"}
    path, given = operation.path.format(**known, link="l"), GIVEN.get(operation.name, {})
    with pytest.raises(NotFound):
        deployment.do(operation.method, path, **given)


@pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if each.is_act and "{tenant}" in each.path],
    ids=lambda each: each.name,
)
@pytest.mark.sampled(3)
def test_an_act_changes_no_other_tenant(operation: Operation) -> None:
    with administered() as deployment:
        for name in ("acme", "globex"):
            deployment.do("POST", "/tenants", name=name)
            deployment.do("PUT", f"/tenants/{name}/definitions", document={"variables": {"v": "1"}})
            deployment.do("POST", f"/tenants/{name}/tokens")
            deployment.do("POST", f"/tenants/{name}/clients")
            deployment.do("POST", f"/tenants/{name}/issuers", **GIVEN["addIssuer"])

        def of_other() -> dict[tuple[str, str], Any]:
            return {key: item for key, item in deployment.items().items() if "globex" in str(item)}

        path, before = _path(deployment, operation), of_other()
        try:
            deployment.do(operation.method, path, **GIVEN.get(operation.name, {}))
        except NotFound:
            assert operation.name == "cancelJob"
        assert of_other() == before


def test_every_permission_is_one_kind_and_one_action() -> None:
    assert all(each.permission.count(":") == 1 for each in OPERATIONS)
    shown = {each.name for each in OPERATIONS if each.permission.endswith(":view")}
    assert shown - {"checkDefinitions", "previewMapping"} == {
        e.name for e in OPERATIONS if e.method == "GET"
    }
    granted = Permissions.shipped().is_granted
    assert all(granted(frozenset({"*"}), each.permission) for each in OPERATIONS)


def test_a_secret_is_shown_once_and_stored_nowhere() -> None:
    with administered() as deployment:
        deployment.do("POST", "/tenants", name="acme")
        secret = deployment.do("POST", "/tenants/acme/tokens").body["token"]
        other = deployment.do("POST", "/tenants/acme/clients").body["secret"]
        for path in ("tokens", "clients"):
            shown = str(deployment.do("GET", f"/tenants/acme/{path}").body)
            assert secret not in shown
            assert other not in shown
        kept = str(deployment.items())
        assert secret.split("_", 2)[2] not in kept
        assert other.split("_", 2)[2] not in kept
        assert hash_of(secret) in kept


def test_an_act_is_audited_with_actor_operation_and_outcome() -> None:
    with administered() as deployment:
        deployment.do("POST", "/tenants", name="acme", profile="okta")
        with pytest.raises(Uniqueness):
            deployment.do("POST", "/tenants", name="acme")
        deployment.do("POST", "/tenants/acme/tokens", label="x" * 201)
        deployment.do("PUT", "/tenants/acme/feed", days=None)
        acts = deployment.acts("acme")
    told = [(act.operation, act.outcome, act.why, act.asked) for act in acts]
    assert told == [
        ("createTenant", "done", "", {"name": "acme", "profile": "okta"}),
        ("createTenant", "refused", "The tenant acme already exists.", {"name": "acme"}),
        ("createToken", "done", "", {"label": "(201 characters)"}),
        ("setFeed", "done", "", {"days": None}),
    ]
    assert {(act.actor, act.address, act.transaction) for act in acts} == {
        (ACTOR.name, ACTOR.address, ACTOR.request_id)
    }


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", "clients", {"jwks": {"keys": [{**KEY, "d": "s3cret"}]}}),
        ("POST", "clients", {"jwks": {"keys": [{"kty": "oct", "k": "s3cret"}]}}),
        ("POST", "issuers", {"document": {"kind": "introspection", "clientSecret": "s3cret"}}),
        ("PUT", "definitions", {"document": {"password": "s3cret"}}),
        ("PUT", "mapping/draft", {"document": {"password": "s3cret"}}),
        ("PUT", "feed/receiver", {"url": "https://kim:s3cret@events.example.com/in"}),
        ("PUT", "feed/receiver", {"url": "https://events.example.com/in?code=s3cret"}),
        ("POST", "clients", {"jwks_uri": "https://kim:s3cret@hooli.example/?s3cret"}),
    ],
)
def test_a_secret_in_a_document_or_url_is_not_in_the_audit(
    method: str, path: str, given: dict[str, Any]
) -> None:
    with administered() as deployment:
        deployment.do("POST", "/tenants", name="acme")
        with suppress(InvalidValue):
            deployment.do(method, f"/tenants/acme/{path}", **given)
        (act,) = (each for each in deployment.acts("acme") if each.operation != "createTenant")
    assert act.asked.keys() == given.keys()
    assert "s3cret" not in str(act)


def test_an_interrupted_act_is_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    with administered() as deployment:
        deployment.do("POST", "/tenants", name="acme")
        tenants = type(deployment.administration.tenants)

        def stopped(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(tenants, "change", stopped)
        with pytest.raises(KeyboardInterrupt):
            deployment.do("POST", "/tenants/acme/suspend")
        assert deployment.acts("acme")[-1].outcome == "failed"


@pytest.mark.parametrize(
    ("method", "path", "given", "error", "detail"),
    [
        ("GET", "/nothing", {}, NotFound, "nothing at this path"),
        ("PUT", "/tenants", {}, MethodNotAllowed, "takes GET and POST"),
        ("GET", "/tenants/acne", {}, NotFound, "no tenant acne. Did you mean acme?"),
        ("POST", "/tenants", {"name": "a#b"}, InvalidValue, "1 to 64 letters"),
        ("POST", "/tenants", {}, InvalidValue, "name: a value is required"),
        (
            "POST",
            "/tenants",
            {"name": "b", "profle": "x"},
            InvalidValue,
            "profle: there is no such member",
        ),
        ("POST", "/tenants", {"name": "b", "profile": "octa"}, InvalidValue, "Did you mean okta?"),
        ("POST", "/tenants", {"name": "b", "rate": 0}, InvalidValue, "rate: expected 1 or more"),
        ("PATCH", "/tenants/acme", {"rate": True}, InvalidValue, "rate: expected a whole number"),
        ("PATCH", "/tenants/acme", {"rate": 10**38}, InvalidValue, "rate: expected"),
        ("PUT", "/tenants/acme/breaker", {"number": 10**38}, InvalidValue, "number: expected"),
        ("POST", "/tenants/acme/breaker/release", {"allow": 10**38}, InvalidValue, "allow: exp"),
        (
            "PUT",
            "/tenants/acme/breaker",
            {"percent": False},
            InvalidValue,
            "percent: expected a whole number",
        ),
        (
            "POST",
            "/tenants/acme/tokens",
            {"days": "x"},
            InvalidValue,
            "days: expected a whole number",
        ),
        ("POST", "/tenants/acme/tokens", {"tenant": "b"}, InvalidValue, "belongs in the path"),
        ("POST", "/tenants/acme/tokens", {"scopes": ["user:view"]}, InvalidValue, "users:view?"),
        ("POST", "/tenants/acme/tokens/t1/revoke", {}, NotFound, "acme has no token t1"),
        (
            "POST",
            "/tenants/acme/issuers",
            {"document": {}},
            InvalidValue,
            "kind: a value is required",
        ),
        ("POST", "/tenants/acme/issuers/entra", {"directory": "x"}, InvalidValue, "directory:"),
        ("POST", "/tenants/acme/clients", {"jwks": {"k": 1}}, InvalidValue, "jwks: expected a key"),
        ("GET", "/tenants/acme/definitions/versions/x", {}, NotFound, "no version"),
        ("POST", "/tenants/acme/jobs/x/cancel", {}, NotFound, "no job"),
    ],
    ids=str,
)
def test_an_invalid_operation_is_refused_with_what_was_expected(
    deployment: Administered,
    method: str,
    path: str,
    given: dict[str, Any],
    error: type[ScimError],
    detail: str,
) -> None:
    with pytest.raises(error) as refused:
        deployment.do(method, path, **given)
    assert detail in refused.value.detail


def test_a_list_of_tenants_comes_in_pages() -> None:
    with administered() as deployment:
        for name in ("a", "b", "c"):
            deployment.do("POST", "/tenants", name=name)
        first = deployment.do("GET", "/tenants", count=2).body
        rest = deployment.do("GET", "/tenants", count=2, after=first["next"]).body
    assert [each["name"] for each in (*first["items"], *rest["items"])] == ["a", "b", "c"]
    assert "next" not in rest


@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMES)
def test_a_function_has_the_name_of_its_operation(operation: Operation) -> None:
    assert to_camel(operation.perform.__name__) == operation.name
