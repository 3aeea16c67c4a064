"""Every event of `events/` is answered by its function, loaded as Lambda loads it.

The same files serve `sam local invoke <Function> --event events/<story>.json`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from local import template as templates
from local.events.stories import EVENTS, GROUP, STORIES, USER, event, put_what_events_name
from local.functions import functions_of
from local.runtime import FunctionError, Runtime
from local.seed import TENANT, TOKEN
from local.stores import opened
from local.template import Template
from scim.bootstrap.access import access_in
from scim.profile.shipped import names, shipped
from scim.schema.tenant_definitions import DefinitionVersion, definitions_of
from tests.fakes.devices import DOCUMENT
from tests.fakes.endpoint import GROUP_URN, USER_URN

ROOT = Path(__file__).parents[2]
BASE = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/live/scim/v2"
HTTP = [(name, each.function, each.status) for name, each in STORIES.items() if each.is_scim]
PROXY_MEMBERS = {
    "resource",
    "path",
    "httpMethod",
    "headers",
    "multiValueHeaders",
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "pathParameters",
    "stageVariables",
    "requestContext",
    "body",
    "isBase64Encoded",
}


Items = dict[tuple[str, str], Any]
"""The items of a table by their keys."""


@dataclass(frozen=True)
class Stack:
    """The functions of the template, on a store of their own."""

    template: Template
    runtime: Runtime

    def invoke(self, function: str, story: str) -> Any:
        return self.runtime.invoke(self.template.scope.arn_of(function), event(story))

    def body(self, function: str, story: str) -> Any:
        return json.loads(self.invoke(function, story)["body"])


@pytest.fixture(name="deployed", scope="module")
def _deployed() -> Iterator[tuple[Stack, str, Items]]:
    """Yield the functions, the name of their table, and what the events speak of, in it."""
    parameters = {"Limits": json.dumps({"MinimumTokenLength": len(TOKEN)})}
    template = templates.read(ROOT / "template.yaml", "events", parameters)
    with opened("moto", template, None) as store:
        put_what_events_name(store)
        client, name = boto3.client("dynamodb"), store.tables["Table"]
        version = DefinitionVersion(1, definitions_of(DOCUMENT), "2026-01-01T00:00:00.000Z")
        access_in(client, name).definitions.put(TENANT, version, 10)
        yield Stack(template, Runtime(functions_of(template, {}))), name, _items(name)


@pytest.fixture(name="stack")
def _stack(deployed: tuple[Stack, str, Items]) -> Stack:
    """In the table are the user, group and definitions the events speak of, and nothing else."""
    stack, name, given = deployed
    client = boto3.client("dynamodb")
    found = _items(name)
    for key in found.keys() - given.keys():
        client.delete_item(TableName=name, Key={"pk": {"S": key[0]}, "sk": {"S": key[1]}})
    for key, item in given.items():
        if found.get(key) != item:
            client.put_item(TableName=name, Item=item)
    return stack


def _items(table: str) -> Items:
    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}


@pytest.mark.parametrize(
    ("story", "function"),
    [("open-setup-portal", "SetupFunction"), ("open-console", "ConsoleFunction")],
)
def test_a_page_comes_with_a_content_security_policy(
    stack: Stack, story: str, function: str
) -> None:
    answer = stack.invoke(function, story)
    assert answer["statusCode"] == 200
    assert answer["body"].startswith("<!doctype html>")
    (policy,) = answer["multiValueHeaders"]["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(("story", "function", "status"), HTTP, ids=[row[0] for row in HTTP])
@pytest.mark.sampled(4)
def test_a_story_is_answered_in_scim(stack: Stack, story: str, function: str, status: int) -> None:
    answer = stack.invoke(function, story)
    assert answer["statusCode"] == status
    assert answer["multiValueHeaders"]["Content-Type"] == ["application/scim+json"]
    assert json.loads(answer["body"])["schemas"]


def test_the_health_page_says_only_that_the_service_is_up(stack: Stack) -> None:
    answer = stack.invoke("DiscoveryFunction", "health")
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"status": "pass"})


def test_the_watch_looks_at_every_tenant(stack: Stack) -> None:
    # With tokens that nobody has used yet; the tokens of clients are not stored.
    seeded = {TENANT, *(name for name in names() if not shipped(name).auth.minted_only)}
    assert stack.invoke("WatchFunction", "watch") == {
        "TokensExpiring": 0,
        "TenantsSilent": len(seeded),
    }


def test_changes_that_the_stream_may_still_deliver_are_not_missing(stack: Stack) -> None:
    assert stack.invoke("ReconcileFunction", "reconcile")["changesMissing"] == 0


def test_a_user_is_created_without_showing_the_password(stack: Stack) -> None:
    answer = stack.invoke("UsersFunction", "create-user")
    body = json.loads(answer["body"])
    assert body["userName"] == "anna@example.org"
    assert answer["multiValueHeaders"]["Location"] == [f"{BASE}/Users/{body['id']}"]
    assert answer["multiValueHeaders"]["ETag"] == ['W/"1"']
    assert "t1meMa$heen" not in json.dumps(answer)


def test_creating_it_again_is_a_conflict(stack: Stack) -> None:
    stack.invoke("UsersFunction", "create-user")
    answer = stack.invoke("UsersFunction", "create-user")
    assert answer["statusCode"] == 409
    assert json.loads(answer["body"])["scimType"] == "uniqueness"


def test_a_user_is_shown(stack: Stack) -> None:
    body = stack.body("UsersFunction", "get-user")
    assert (body["id"], body["userName"]) == (USER, "bjensen@example.org")
    assert body["meta"]["location"] == f"{BASE}/Users/{USER}"


def test_a_user_outside_the_filter_of_the_token_is_not_found(stack: Stack) -> None:
    body = stack.body("UsersFunction", "get-user-outside-filter")
    assert body["detail"] == "There is no User with this id."


def test_a_caller_is_shown_where_they_really_are(stack: Stack) -> None:
    answer = stack.invoke("MeFunction", "read-me")
    assert answer["multiValueHeaders"]["Location"] == [f"{BASE}/Users/{USER}"]
    assert json.loads(answer["body"])["id"] == USER


def test_okta_finds_the_user_by_its_name(stack: Stack) -> None:
    body = stack.body("UsersFunction", "filter-users-okta")
    assert (body["totalResults"], body["itemsPerPage"], body["startIndex"]) == (1, 1, 1)
    assert [each["id"] for each in body["Resources"]] == [USER]


def test_entra_adds_a_member_and_the_user_knows(stack: Stack) -> None:
    answer = stack.invoke("GroupsFunction", "add-member-entra")
    (tag,) = answer["multiValueHeaders"]["ETag"]
    assert tag.startswith('W/"2-')
    (member,) = json.loads(answer["body"])["members"]
    assert member == {
        "value": USER,
        "$ref": f"{BASE}/Users/{USER}",
        "display": "Babs Jensen",
        "type": "User",
    }
    (group,) = stack.body("UsersFunction", "get-user")["groups"]
    assert (group["value"], group["display"]) == (GROUP, "Tour Guides")


def test_adding_the_member_again_is_no_change(stack: Stack) -> None:
    first, second = (stack.invoke("GroupsFunction", "add-member-entra") for _ in range(2))
    assert first["statusCode"] == second["statusCode"] == 200
    assert first["body"] == second["body"]


def test_groups_are_listed_without_their_members(stack: Stack) -> None:
    stack.invoke("GroupsFunction", "add-member-entra")
    (group,) = stack.body("GroupsFunction", "list-groups-without-members")["Resources"]
    assert set(group) == {"schemas", "id", "displayName", "meta"}
    assert group["displayName"] == "Tour Guides"


def test_the_members_of_a_group_are_listed(stack: Stack) -> None:
    stack.invoke("GroupsFunction", "add-member-entra")
    (membership,) = stack.body("GroupMembersFunction", "list-members")["Resources"]
    assert membership["group"]["value"] == GROUP
    assert membership["member"]["type"] == "User"


def test_the_configuration_says_what_is_supported(stack: Stack) -> None:
    body = stack.body("DiscoveryFunction", "service-provider-config")
    assert body["patch"] == {"supported": True}
    assert body["filter"] == {"supported": True, "maxResults": 1000}


def test_a_schema_is_found_by_its_urn(stack: Stack) -> None:
    body = stack.body("DiscoveryFunction", "schema-by-urn")
    assert (body["id"], body["meta"]["location"]) == (USER_URN, f"{BASE}/Schemas/{USER_URN}")


def test_definitions_of_a_tenant_are_shown_with_their_version(stack: Stack) -> None:
    answer = stack.invoke("DefinitionsFunction", "read-definitions")
    assert answer["multiValueHeaders"]["ETag"] == ['W/"1"']
    assert [each["name"] for each in json.loads(answer["body"])["resourceTypes"]] == [
        "Device",
        "DeviceGroup",
    ]


def test_the_root_finds_resources_of_every_type(stack: Stack) -> None:
    body = stack.body("SearchFunction", "search-root")
    assert body["totalResults"] == 2
    assert {each["id"]: each["schemas"] for each in body["Resources"]} == {
        USER: [USER_URN],
        GROUP: [GROUP_URN],
    }
    assert all("meta" not in each for each in body["Resources"])


def test_a_user_is_found_by_the_name_with_the_domain(stack: Stack) -> None:
    body = stack.body("CatchAllFunction", "filter-users-of-domain")
    assert [each["userName"] for each in body["Resources"]] == ["bjensen@example.org"]


def test_a_user_is_found_by_an_attribute_the_deprecated_way(stack: Stack) -> None:
    answer = stack.invoke("CatchAllFunction", "search-by-attribute")
    assert answer["multiValueHeaders"]["Deprecation"] == ["@1483228800"]
    assert [each["id"] for each in json.loads(answer["body"])["Resources"]] == [USER]


def test_an_unknown_path_is_a_scim_error(stack: Stack) -> None:
    body = stack.body("CatchAllFunction", "unknown-path")
    assert (body["status"], body["detail"]) == ("404", "There is nothing at this path.")


@pytest.mark.parametrize(("story", "function", "status"), HTTP, ids=[row[0] for row in HTTP])
@pytest.mark.sampled(4)
def test_the_catch_all_function_answers_every_request_alike(
    stack: Stack, story: str, function: str, status: int
) -> None:
    assert stack.invoke("CatchAllFunction", story)["statusCode"] == status


@pytest.mark.parametrize(
    ("story", "function"),
    [("get-user", "GroupsFunction"), ("add-member-entra", "UsersFunction")],
)
def test_a_function_serves_its_own_resource_type_only(
    stack: Stack, story: str, function: str
) -> None:
    assert stack.invoke(function, story)["statusCode"] == 404


def test_a_good_token_is_let_through_as_its_tenant(stack: Stack) -> None:
    answer = stack.invoke("AuthorizerFunction", "authorize-good-token")
    assert answer["principalId"] == "local-demo"
    assert answer["context"]["tenant"] == TENANT
    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"


def test_a_bad_token_is_refused_by_the_word_the_gateway_knows(stack: Stack) -> None:
    with pytest.raises(FunctionError) as refused:
        stack.invoke("AuthorizerFunction", "authorize-bad-token")
    assert refused.value.message == "Unauthorized"


def test_a_stranger_at_a_silent_tenant_is_refused_by_the_function(stack: Stack) -> None:
    assert stack.invoke("AuthorizerFunction", "authorize-nobody")["context"] == {
        "nobodyAt": "forsta",
        "profile": "forsta",
    }
    answer = stack.invoke("CatchAllFunction", "refuse-without-body")
    assert (answer["statusCode"], answer["body"]) == (401, "")


def test_a_vendors_user_has_a_number_and_a_name_of_the_servers(stack: Stack) -> None:
    made = stack.body("CatchAllFunction", "create-user-forsta")
    assert (made["id"], made["userName"]) == (1, "anna@example.org")


def test_a_group_is_made_together_with_its_member(stack: Stack) -> None:
    group, user = stack.body("BulkFunction", "onboard-bulk")["Operations"]
    assert (group["bulkId"], group["status"]) == ("ytrewq", "201")
    assert (user["bulkId"], user["status"]) == ("qwerty", "201")
    assert user["location"].startswith(f"{BASE}/Users/")


def test_a_change_is_logged_once_and_can_be_polled(stack: Stack) -> None:
    # The first poll begins where the log ends.
    assert stack.body("EventsFunction", "poll-events") == {"sets": {}}
    for _ in range(2):
        assert stack.invoke("ChangeLogFunction", "log-change") == {"batchItemFailures": []}
    assert len(stack.body("EventsFunction", "poll-events")["sets"]) == 1


def test_a_logged_change_is_told_on_the_bus(stack: Stack) -> None:
    assert stack.invoke("PublishFunction", "publish-change") == {"batchItemFailures": []}


def test_a_push_for_a_tenant_without_a_receiver_is_dropped(stack: Stack) -> None:
    assert stack.invoke("PushFunction", "push-event") == {"batchItemFailures": []}


def test_a_sweep_with_nothing_to_do_is_done(stack: Stack) -> None:
    assert stack.invoke("SweepFunction", "sweep")["isDone"] is True


def test_an_import_says_where_its_file_goes(stack: Stack) -> None:
    job = stack.body("BulkFunction", "declare-import")
    assert (job["status"], job["dryRun"]) == ("waiting", True)
    assert job["upload"]["method"] == "PUT"


def test_a_job_that_is_forgotten_has_no_windows(stack: Stack) -> None:
    assert stack.invoke("BulkJobFunction", "plan-job")["windows"] == 0


@pytest.mark.parametrize(
    "story", sorted(STORIES.keys() - {row[0] for row in HTTP} - {"empty-bucket"})
)
def test_an_event_that_is_no_scim_request_is_answered_as_its_story_says(
    stack: Stack, story: str
) -> None:
    try:
        answer = stack.invoke(STORIES[story].function, story)
    except FunctionError as error:
        answer = {"errorMessage": error.message}
    assert STORIES[story].wrong_with(answer) == ""


def test_every_event_is_run() -> None:
    assert {path.stem for path in EVENTS.glob("*.json")} == STORIES.keys()


def test_every_function_has_an_event(stack: Stack) -> None:
    run = {each.function for each in STORIES.values()}
    assert set(stack.template.ids_of("AWS::Lambda::Function")) == run


@pytest.mark.parametrize("story", [row[0] for row in HTTP])
def test_an_event_is_what_a_rest_api_sends(story: str) -> None:
    sent = event(story)
    assert set(sent) == PROXY_MEMBERS
    assert {name: [value] for name, value in sent["headers"].items()} == sent["multiValueHeaders"]
    single = sent["queryStringParameters"] or {}
    assert {name: [value] for name, value in single.items()} == (
        sent["multiValueQueryStringParameters"] or {}
    )
    context = sent["requestContext"]
    assert context["path"] == f"/{context['stage']}{sent['path']}"
    assert (context["httpMethod"], context["resourcePath"]) == (
        sent["httpMethod"],
        sent["resource"],
    )
