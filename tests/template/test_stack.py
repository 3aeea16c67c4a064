"""The stack as a whole: its size, its pool, its partition, and the function of a new type."""

import json
from pathlib import Path

from local import template as templates
from tests.template.document import (
    ROOT,
)
from tests.template.own_entry import with_entry


def test_operators_have_a_pool_only_where_that_is_wanted() -> None:
    kinds = [f"AWS::Cognito::{kind}" for kind in ("UserPool", "UserPoolClient", "UserPoolGroup")]
    off = templates.read(ROOT / "template.yaml")
    assert [off.ids_of(kind) for kind in kinds] == [(), (), ()]
    given = {"ConsolePool": "acme-scim", "DomainName": "scim.example.com"}
    on = templates.read(ROOT / "template.yaml", parameters=given)
    (pool,), (client,), (group,) = (on.ids_of(kind) for kind in kinds)
    told = on.properties_of("ConsoleFunction")["Environment"]["Variables"]
    assert told["SCIM_CONSOLE_ISSUER"].endswith(f".amazonaws.com/{on.scope.name_of(pool)}")
    assert told["SCIM_CONSOLE_CLIENT_ID"] == on.scope.name_of(client)
    named = on.properties_of(group)["GroupName"]
    assert json.loads(told["SCIM_CONSOLE_ADMITS"]) == {"cognito:groups": [named]}
    back = on.properties_of(client)["CallbackURLs"]
    assert back == ["https://scim.example.com/console/sign-in/back"]
    assert on.properties_of(client)["GenerateSecret"] is False
    assert on.properties_of(pool)["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    own = templates.read(
        ROOT / "template.yaml", parameters={**given, "ConsoleAdmits": '{"hd": ["a.example"]}'}
    )
    told = own.properties_of("ConsoleFunction")["Environment"]["Variables"]
    assert json.loads(told["SCIM_CONSOLE_ADMITS"]) == {"hd": ["a.example"]}


EVERYTHING = {
    "UmaChallenges": "true",
    "TokenEndpoint": "true",
    "TableCheck": "on",
    "AccessLogs": "true",
    "CreateGatewayLogRole": "true",
    "AddressRate": "2000",
    "AlarmEmail": "ops@example.com",
    "Canary": "true",
    "DomainName": "scim.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/x",
    "TraceRate": "0.1",
    "ConsolePool": "acme-scim",
}


MOST_RESOURCES = 500
"""Of a stack, by CloudFormation's quota."""


def test_the_documents_say_how_many_resources_a_stack_and_a_function_of_a_type_are() -> None:
    said = " ".join((ROOT / "docs/resource-types.md").read_text("utf-8").split())
    usual = templates.read(ROOT / "template.yaml").resources
    most = templates.read(ROOT / "template.yaml", parameters=EVERYTHING).resources
    own = [name for name in usual if name.startswith("UsersFunction") or name == "UsersLog"]
    methods = [name for name in own if "Permission" in name]
    assert f"as in `UsersFunction`, {len(methods)} in all" in said
    assert f"such a type is {len(own)} CloudFormation resources" in said
    assert f"The template creates {len(usual)} of the {MOST_RESOURCES} resources" in said
    assert f"{len(most)} with everything switched on" in said
    assert f"room for {(MOST_RESOURCES - len(usual)) // len(own)} types" in said


def test_the_shown_function_of_a_type_is_like_that_of_users(tmp_path: Path) -> None:
    text = (ROOT / "template.yaml").read_text("utf-8")
    template = tmp_path / "template.yaml"
    template.write_text(with_entry(text), "utf-8")
    resources = templates.document_of(template)["Resources"]
    shown, users = (resources[f"{n}Function"]["Properties"] for n in ("Organizations", "Users"))
    own = {"Environment", "LoggingConfig", "Events"}
    assert {k: v for k, v in shown.items() if k not in own} == {
        k: v for k, v in users.items() if k not in own
    }
    tables = [each["Environment"]["Variables"]["TABLE_NAME"] for each in (shown, users)]
    assert tables[0] == tables[1]
    logs = [resources[f"{name}Log"]["Properties"] for name in ("Organizations", "Users")]
    assert {**logs[0], "LogGroupName": ""} == {**logs[1], "LogGroupName": ""}


def test_the_policy_of_a_function_has_room_for_a_permission_of_each_route() -> None:
    """Lambda takes 20,480 bytes; each permission names stack, function, region and path."""
    stack, region, suffix = "s" * 40, "ap-southeast-2", "-1A2B3C4D5E6F"
    every = {"UmaChallenges": "true", "TokenEndpoint": "true"}
    deployed = templates.read(ROOT / "template.yaml", stack, every)
    sizes: dict[str, int] = {}
    for name in deployed.ids_of("AWS::Lambda::Permission"):
        permission = deployed.properties_of(name)
        statement = {
            "Sid": f"{stack}-{name}{suffix}",
            "Effect": "Allow",
            "Principal": {"Service": permission["Principal"]},
            "Action": permission["Action"],
            "Resource": f"arn:aws:lambda:{region}:123456789012:function:{'f' * 64}:live",
            "Condition": {"ArnLike": {"AWS:SourceArn": permission.get("SourceArn", "")}},
        }
        written = json.dumps(statement, separators=(",", ":")).replace("us-east-1", region)
        written = written.replace(f"{stack}-Api", "a1b2c3d4e5")
        function = permission["FunctionName"]
        sizes[function] = sizes.get(function, 60) + len(written)
    assert len(sizes) > 10
    assert max(sizes.values()) < 20_480


def test_no_function_can_write_files_after_the_bucket_was_emptied() -> None:
    """CloudFormation deletes first what depends on another resource, and deletes no bucket with files in it."""
    every = {"UmaChallenges": "true", "TokenEndpoint": "true", "TableCheck": "on"}
    deployed = templates.read(ROOT / "template.yaml", parameters=every)
    writers = {
        name
        for name in deployed.ids_of("AWS::Lambda::Function")
        for policy in deployed.properties_of(f"{name}Role").get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
        if "s3:PutObject" in statement["Action"]
    }
    assert len(writers) > 1
    after = {name: deployed.resources[name].get("DependsOn") for name in writers}
    assert after == dict.fromkeys(writers, "EmptiedBucket")


def test_no_deployed_file_names_a_partition_of_aws() -> None:
    """In GovCloud and China ARNs begin with another one, those of Step Functions' integrations too."""
    folders = ROOT / "functions", ROOT / "layers" / "scim" / "scim"
    deployed = [
        each for folder in folders for kind in ("py", "json") for each in folder.rglob(f"*.{kind}")
    ]
    files = [ROOT / "template.yaml", *deployed]
    assert len(files) > 500
    assert [each.name for each in files if "arn:aws:" in each.read_text("utf-8")] == []
