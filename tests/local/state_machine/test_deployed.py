"""The deployed state machine: its ASL and its calls."""

import json
from typing import Any

from local import template as templates
from local.state_machine.deployed import TYPE, definition_of
from local.template import TEMPLATE
from scim.service.jobs.step import TEMPORARY

DEPLOYED = templates.read(TEMPLATE)
(MACHINE,) = DEPLOYED.ids_of(TYPE)
DEFINITION: dict[str, Any] = json.loads(definition_of(DEPLOYED, MACHINE))


def states_in(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the states of a machine and of those inside its maps."""
    own = list(machine["States"].values())
    return [
        *own,
        *(
            state
            for each in own
            if "ItemProcessor" in each
            for state in states_in(each["ItemProcessor"])
        ),
    ]


STATES = states_in(DEFINITION)
BUSY = "Lambda.TooManyRequestsException"
OUT_OF_REACH = {each.__name__ for each in TEMPORARY}
TASKS = [state for state in STATES if state["Type"] == "Task"]


def test_the_deployed_definition_has_no_unresolved_substitutions() -> None:
    text = json.dumps(DEFINITION)
    assert "${" not in text
    assert DEPLOYED.scope.arn_of("BulkJobFunction") in text
    assert DEPLOYED.scope.name_of("JobsBucket") in text


def test_a_task_is_tried_again_later_and_later_and_not_for_ever() -> None:
    assert len(TASKS) == 9
    for task in TASKS:
        (general,) = (each for each in task["Retry"] if each["ErrorEquals"] == ["States.ALL"])
        assert general["BackoffRate"] > 1
        assert general["JitterStrategy"] == "FULL"
        assert 0 < task["TimeoutSeconds"] <= 310
    assert DEFINITION["TimeoutSeconds"] == 86_400


def test_a_service_that_is_busy_or_out_of_reach_says_nothing_of_the_step() -> None:
    """Else operations would be given up as poison while Lambda, DynamoDB or S3 fails for a minute."""
    for task in TASKS:
        kinds = [each["ErrorEquals"] for each in task["Retry"]]
        (busy,) = (each for each in task["Retry"] if BUSY in each["ErrorEquals"])
        assert set(busy["ErrorEquals"]) >= OUT_OF_REACH
        assert kinds.index(busy["ErrorEquals"]) < kinds.index(["States.ALL"])
        # About an hour, at half of the longest pause each.
        assert busy["MaxAttempts"] * busy["MaxDelaySeconds"] / 2 > 2_400
        assert (busy["BackoffRate"], busy["JitterStrategy"]) == (2.0, "FULL")


def test_layers_are_lines_of_a_file_and_nothing_of_them_travels_back() -> None:
    (layers,) = (state for state in STATES if "ItemReader" in state)
    assert layers["ItemReader"]["ReaderConfig"] == {"InputType": "JSONL"}
    assert layers["ResultPath"] is None
    # A batch that fails for good keeps no other from being done.
    assert layers["ToleratedFailurePercentage"] == 100
    assert not {"ItemBatcher", "ResultWriter"} & layers.keys()


def test_a_map_collects_nothing_of_its_iterations() -> None:
    """Their outputs together may have 256 KiB, whatever the map's own ResultPath is (aws/aws-cdk#24799)."""
    maps = [state["ItemProcessor"]["States"] for state in STATES if "ItemProcessor" in state]
    ends = [each for states in maps for each in states.values() if each.get("End")]
    assert len(ends) == 4
    assert [each.get("OutputPath", "$") for each in ends] == [None] * 4


def test_only_functions_of_jobs_reach_their_files() -> None:
    bucket = DEPLOYED.properties_of("JobsBucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 7
    (statement,) = DEPLOYED.properties_of("JobsBucketPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert "ServerSideEncryptionByDefault" in rule
