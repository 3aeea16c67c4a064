"""Every write gives events: by polling, and on the bus."""

import base64
import json
from typing import Any

import boto3
import jwt
import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import GROUP, USER
from tests.gateway.feed.feed_client import FeedClient, without_log
from tests.gateway.feed.sets import PROV, drained, polled, verified


def events_about(client: FeedClient, id_: str) -> list[dict[str, Any]]:
    return [each["events"] for each in drained(client) if each["sub_id"]["uri"].endswith(f"/{id_}")]


def test_a_creation_event_has_the_whole_user(client: FeedClient) -> None:
    ann = client.user("ann", externalId="e-1", active=True, password="only-ann-knows")
    (told,) = drained(client)
    assert told["sub_id"] == {"format": "scim", "uri": f"/Users/{ann}", "externalId": "e-1"}
    (payload,) = told["events"].values()
    assert told["events"].keys() == {f"{PROV}create:full"}
    assert payload["data"]["userName"] == "ann"
    assert payload.keys() == {"version", "data", "secrets"}
    assert payload["secrets"] == ["password"]
    assert "only-ann-knows" not in json.dumps(told)
    assert told["txn"]


@pytest.mark.parametrize("is_wanted", [True, False])
def test_a_new_user_whose_password_is_to_be_reset_has_that_event(
    gateway: Gateway, is_wanted: bool
) -> None:
    tenant = "resets" if is_wanted else "resets-not"
    make_tenant(gateway, tenant, profile="ownidp")
    client = FeedClient(gateway, tenant, secret_of(gateway, tenant, "*"))
    drained(client)
    anna = client.user("anna", resetPassword=is_wanted)
    (events,) = events_about(client, anna)
    payload = events[f"{PROV}create:full"]
    name = "urn:example.tenant.com:ciam:scim:schemas:extension:1.0:User:resetPassword"
    assert payload.get("secrets") == ([name] if is_wanted else None)
    assert "resetPassword" not in json.dumps(payload["data"])


@pytest.mark.parametrize(
    ("method", "body", "uris"),
    [
        ("PATCH", {"op": "replace", "path": "title", "value": "x"}, {"patch:full"}),
        (
            "PATCH",
            {"op": "replace", "path": "active", "value": False},
            {"patch:full", "deactivate"},
        ),
        ("PUT", {"title": "y"}, {"patch:full", "put:notice"}),
        ("DELETE", None, {"delete"}),
    ],
    ids=["patch", "deactivate", "put", "delete"],
)
@pytest.mark.sampled(2)
def test_a_method_has_its_events(
    client: FeedClient, method: str, body: Any, uris: set[str]
) -> None:
    name = f"{method}-{len(uris)}"
    id_ = client.user(name, active=True)
    drained(client)
    if method == "PATCH":
        client.patch(f"/Users/{id_}", body)
    else:
        whole = body and {"schemas": [USER], "userName": name, "active": True, **body}
        client.made(method, f"/Users/{id_}", whole)
    (events,) = events_about(client, id_)
    assert {uri.removeprefix(PROV) for uri in events} == uris


def test_a_deleted_user_leaves_groups_in_events_of_theirs(client: FeedClient) -> None:
    ann = client.user("leaves")
    members = [{"value": ann}]
    body = {"schemas": [GROUP], "displayName": "left", "members": members}
    group = client.made("POST", "/Groups", body)["id"]
    drained(client)
    client.made("DELETE", f"/Users/{ann}")
    (events,) = events_about(client, group)
    operations = events[f"{PROV}patch:full"]["data"]["Operations"]
    assert operations == [{"op": "remove", "path": f'members[value eq "{ann}"]'}]


def test_many_members_at_once_are_one_event_with_their_number(client: FeedClient) -> None:
    people = [{"value": client.user(f"many{n}")} for n in range(60)]
    group = client.made("POST", "/Groups", {"schemas": [GROUP], "displayName": "many"})["id"]
    drained(client)
    client.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": people})
    (events,) = events_about(client, group)
    assert events[f"{PROV}patch:notice"]["count"] == {"members": {"added": 60, "removed": 0}}


def test_an_event_that_is_not_acknowledged_comes_again(client: FeedClient) -> None:
    client.user("again")
    first = polled(client)
    assert polled(client) == first
    assert polled(client, ack=list(first)) == {}
    assert polled(client) == {}


def test_a_change_after_all_entries_expired_is_no_gap(client: FeedClient) -> None:
    ann = client.user("quiet", active=True)
    drained(client)
    without_log(client.gateway)
    client.patch(f"/Users/{ann}", {"op": "replace", "path": "active", "value": False})
    (events,) = events_about(client, ann)
    assert events.keys() == {f"{PROV}patch:full", f"{PROV}deactivate"}


def test_a_receiver_from_before_all_entries_expired_misses_nothing(client: FeedClient) -> None:
    for number in range(8):
        client.user(f"heard-{number}")
    drained(client)
    for number in range(8):
        client.user(f"never-heard-{number}")
    client.gateway.event_sources.pump()
    without_log(client.gateway)
    new = {f"/Users/{client.user(f'after-{number}')}" for number in range(8)}
    told: list[str] = []
    sets = polled(client, maxEvents=1)
    while sets and len(told) < 2 * len(new):
        told += [each["sub_id"]["uri"] for each in sets.values()]
        sets = polled(client, maxEvents=1, ack=list(sets))
    assert sorted(told) == sorted(new)


def test_a_poll_is_plain_json_and_a_refusal_a_scim_error(client: FeedClient) -> None:
    headers = {"Authorization": "Bearer local-rfc-token", "Content-Type": "application/json"}
    for body, status, media_type in (
        (b"{}", 200, "application/json"),
        (b'{"ack": 1}', 400, "application/scim+json"),
    ):
        answer = client.gateway.handle("POST", f"{client.base}/Events", headers, body)
        types = [value for name, value in answer.headers if name.lower() == "content-type"]
        assert (answer.status, types) == (status, [media_type])


def test_a_receiver_can_begin_again_at_a_position(client: FeedClient) -> None:
    since = client.token("")
    id_ = client.user("replayed")
    assert len(events_about(client, id_)) == 1
    assert drained(client) == []
    answer = client.made("POST", f"/Events?since={since}", {"maxEvents": 10})
    (told,) = answer["sets"].values()
    assert verified(client.gateway, told)["sub_id"]["uri"] == f"/Users/{id_}"


def test_a_receiver_cannot_begin_behind_the_end_of_a_restored_log(gateway: Gateway) -> None:
    client = FeedClient(gateway, "okta")
    client.user("not-restored")
    since = client.token("")
    table, items = gateway.store.tables["Table"], boto3.client("dynamodb")
    for item in items.scan(TableName=table)["Items"]:
        if item["k"]["S"] in {"log", "logged", "laneEnd"} and "#okta#" in item["pk"]["S"]:
            items.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
    status, answer = client.ask("POST", f"/Events?since={since}", {})
    assert (status, answer["scimType"]) == (400, "invalidValue")
    assert "was restored" in answer["detail"]


def test_a_tampered_set_fails_verification(client: FeedClient) -> None:
    client.user("changed-on-the-way")
    client.gateway.event_sources.pump()
    (token,) = client.made("POST", "/Events", {})["sets"].values()
    header, payload, signature = token.split(".")
    claims = verified(client.gateway, token) | {"aud": "somebody else"}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    assert verified(client.gateway, f"{header}.{payload}.{signature}")
    with pytest.raises(jwt.InvalidSignatureError):
        verified(client.gateway, f"{header}.{changed}.{signature}")


def test_a_large_event_is_signed_too(client: FeedClient) -> None:
    id_ = client.user("large", displayName="x" * 6000)
    assert len(events_about(client, id_)) == 1


def test_the_published_key_holds_nothing_private(gateway: Gateway) -> None:
    (key,) = json.loads(gateway.handle("GET", "/scim/jwks").body)["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_a_deployment_without_a_key_sends_unsecured_sets() -> None:
    with Gateway.start(overrides={"SignEvents": "false"}) as unsigned:
        client = FeedClient(unsigned, "rfc")
        client.made("POST", "/Events", {})
        client.user("unsigned")
        unsigned.event_sources.pump()
        (token,) = client.made("POST", "/Events", {})["sets"].values()
        header, _, signature = token.split(".")
        assert jwt.get_unverified_header(token) == {"typ": "secevent+jwt", "alg": "none"}
        assert (bool(header), signature) == (True, "")
        assert json.loads(unsigned.handle("GET", "/scim/jwks").body) == {"keys": []}


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [({"ack": "x"}, "ack"), ({"maxEvents": -1}, "maxEvents"), ({"setErrs": []}, "setErrs")],
)
def test_a_bad_poll_is_refused_with_the_wrong_member(
    client: FeedClient, sent: Any, wrong: str
) -> None:
    status, answer = client.ask("POST", "/Events", sent)
    assert (status, wrong in answer["detail"]) == (400, True)


def test_a_rule_on_the_bus_sees_what_it_asked_for(gateway: Gateway, client: FeedClient) -> None:
    events, sqs = boto3.client("events"), boto3.client("sqs")
    (bus,) = [
        gateway.template.scope.name_of(n) for n in gateway.template.ids_of("AWS::Events::EventBus")
    ]
    queue = sqs.create_queue(QueueName="leavers")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    pattern = {
        "detail": {"tenant": ["rfc"], "resourceType": ["User"], "event": ["prov:deactivate"]}
    }
    events.put_rule(Name="leavers", EventBusName=bus, EventPattern=json.dumps(pattern))
    events.put_targets(Rule="leavers", EventBusName=bus, Targets=[{"Id": "1", "Arn": arn}])
    leaver = client.user("leaver", active=True)
    client.user("stays", active=True)
    client.patch(f"/Users/{leaver}", {"op": "replace", "path": "active", "value": False})
    gateway.event_sources.pump()
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    details = [json.loads(message["Body"])["detail"] for message in messages]
    assert [(each["id"], each["version"]) for each in details] == [(leaver, 2)]


def test_profiles_that_serve_events_announce_them(gateway: Gateway) -> None:
    said = FeedClient(gateway, "interop-strict").made("GET", "/ServiceProviderConfig")
    assert said["deltaQuery"]["supported"] is True
    assert f"{PROV}deactivate" in said["securityEvents"]["eventUris"]
