"""What a new release publishes, and how traffic moves to it."""

import json
import re

import pytest

from local import template as templates
from scim_cli import __version__
from scim_cli.connection import VERSION
from tests.template.document import (
    FUNCTIONS,
    ROOT,
    TEMPLATE,
    routes,
)

_UNALIASED = "EmptyBucketFunction"
"""Asked by CloudFormation alone, which takes no other ServiceToken for a resource that is there."""


def test_functions_are_invoked_by_their_alias() -> None:
    given = {"UmaChallenges": "true", "TokenEndpoint": "true", "TableCheck": "on"}
    deployed = templates.read(ROOT / "template.yaml", parameters=given)
    scope = deployed.scope
    functions = {scope.arn_of(name): name for name in deployed.ids_of("AWS::Lambda::Function")}
    invoked: dict[str, set[str]] = {}
    for name, resource in deployed.resources.items():
        if resource["Type"] != "AWS::Lambda::Alias":
            text = json.dumps(deployed.properties_of(name))
            for arn, qualifier in re.findall(
                r"(arn:aws:lambda:[\w:-]+?:function:[\w-]+)(:live)?", text
            ):
                invoked.setdefault(functions[arn], set()).add(qualifier)
    assert invoked.pop(_UNALIASED) == {""}
    assert invoked == {name: {":live"} for name in FUNCTIONS if name != _UNALIASED}


def test_every_release_publishes_a_new_version_of_a_function() -> None:
    named = {name for name, each in FUNCTIONS.items() if "AutoPublishCodeSha256" in each}
    assert named == FUNCTIONS.keys() - {_UNALIASED}
    published = [
        set(templates.read(ROOT / "template.yaml", parameters=each).ids_of("AWS::Lambda::Version"))
        for each in ({"Release": "0123456789a"}, {"Release": "123456789ab"})
    ]
    assert len(published[0]) == len(published[1]) > 0
    assert not published[0] & published[1]


def test_every_release_deploys_the_api_again() -> None:
    """Else a path that a parameter adds to a stack that is there would be in no deployment of the API."""
    given = {"UmaChallenges": "true", "Release": "0123456789a"}
    first, again, later = (
        set(
            templates.read(ROOT / "template.yaml", parameters=each).ids_of(
                "AWS::ApiGateway::Deployment"
            )
        )
        for each in (given, {**given, "TokenEndpoint": "true"}, {**given, "Release": "123456789ab"})
    )
    assert first == again
    # The Admin API has the same paths whatever the parameters are.
    assert {each.partition("Deployment")[0] for each in first - later} == {"Api", "UmaApi"}


ANSWERING = {"AuthorizerFunction", "TokenFunction", "UmaFunction"}
"""What callers wait for beside the main API's routes."""


RARE = {
    "AdminFunction",
    "ConsoleFunction",
    "DefinitionsFunction",
    "EventsFunction",
    "SetupFunction",
}
"""What few wait for, now and then: a snapshot of it would be paid for by the hour all the same."""


@pytest.mark.parametrize("applied", ["None", "PublishedVersions"])
def test_functions_that_callers_wait_for_can_start_from_snapshots(applied: str) -> None:
    """A snapshot is taken of a version, and whatever invokes a function invokes one, by its alias."""
    every = {"TokenEndpoint": "true", "UmaChallenges": "true"}
    read = templates.read(ROOT / "template.yaml", parameters={"SnapStart": applied, **every})
    found = {
        name: read.properties_of(name)["SnapStart"]["ApplyOn"]
        for name in read.ids_of("AWS::Lambda::Function")
        if "SnapStart" in read.properties_of(name)
    }
    waited_for = ({name for name, *_ in routes()} | ANSWERING) - RARE
    assert found == dict.fromkeys(waited_for, applied)
    published = {
        read.resources[each]["Properties"]["FunctionName"]["Ref"]
        for each in read.ids_of("AWS::Lambda::Version")
    }
    assert found.keys() <= published


def test_a_version_says_which_release_it_is_of() -> None:
    description = TEMPLATE["Globals"]["Function"]["Description"]["Fn::Sub"]
    # Lambda publishes no version that differs in nothing from the one before.
    assert description == f"serverless-scim {__version__}, release ${{Release}}"
    told = TEMPLATE["Outputs"][VERSION]["Value"]["Fn::Sub"]
    assert told == description.removeprefix("serverless-scim ")


def test_traffic_is_shifted_only_where_that_is_wanted_and_back_on_an_alarm() -> None:
    kinds = ("AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup")
    off = templates.read(ROOT / "template.yaml")
    assert [off.ids_of(kind) for kind in kinds] == [(), ()]
    assert "ShiftTrafficRole" not in off.resources
    on = templates.read(ROOT / "template.yaml", parameters={"Canary": "true"})
    groups = [on.properties_of(name) for name in on.ids_of(kinds[1])]
    assert len(groups) == len(on.ids_of("AWS::Lambda::Alias")) > 0
    for group in groups:
        alarms = [each["Name"] for each in group["AlarmConfiguration"]["Alarms"]]
        assert alarms == [on.scope.name_of(n) for n in ("FailuresAlarm", "AuthorizerAlarm")]
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    for name in on.ids_of("AWS::Lambda::Alias"):
        assert "CodeDeployLambdaAliasUpdate" in on.resources[name]["UpdatePolicy"]
