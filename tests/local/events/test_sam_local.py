"""The commands of `make sam-local` match `template.yaml` and `events/`."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from local import template as templates
from local.events import sam_local
from local.events.built import ARCHITECTURES
from local.events.sam_local import alone, complaint_about, invoking, main, serving
from local.events.stories import EVENTS, STORIES

ROOT = Path(__file__).parents[3]
TEMPLATE = templates.document_of(ROOT / "template.yaml")
SET = json.loads((ROOT / "local/events/env.json").read_text("utf-8"))


def _options(command: list[str]) -> dict[str, str]:
    return {name: value for name, value in pairwise(command) if name.startswith("--")}


@pytest.mark.parametrize("story", sorted(STORIES))
def test_a_command_names_an_existing_event_and_function(story: str) -> None:
    command = invoking(story, "arm64")
    options = _options(command)
    assert (ROOT / options["--event"]).is_file()
    assert TEMPLATE["Resources"][command[-1]]["Type"] == "AWS::Serverless::Function"
    parameter, _, value = options["--parameter-overrides"].partition("=")
    assert value in TEMPLATE["Parameters"][parameter]["AllowedValues"]
    assert (ROOT / options["--env-vars"]).is_file()


def test_only_variables_that_the_template_declares_are_set() -> None:
    # sam local ignores all others, without a word.
    declared = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])
    table = TEMPLATE["Resources"]["UsersFunction"]["Properties"]["Environment"]["Variables"]
    assert SET.keys() == {"Parameters"}
    assert SET["Parameters"].keys() <= declared | table.keys()


def test_on_aws_no_endpoint_is_set() -> None:
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["AWS_ENDPOINT_URL_DYNAMODB"] == ""


def test_functions_look_for_the_table_where_it_is_made() -> None:
    template = templates.read(ROOT / "template.yaml", sam_local.STACK)
    variables = SET["Parameters"]
    assert variables["TABLE_NAME"] == template.scope.name_of("Table")
    host = f"http://{sam_local.CONTAINER}:{sam_local.PORT}"
    assert variables["AWS_ENDPOINT_URL_DYNAMODB"] == host
    assert _options(serving("arm64"))["--docker-network"] == sam_local.NETWORK


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_event_that_needs_only_a_table_is_shown(
    architecture: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sam_local.show(architecture)
    shown = capsys.readouterr().out.splitlines()
    for name in alone():
        assert any(f"events/{name}.json" in line for line in shown if "local invoke" in line), name
    assert any("local start-api" in line for line in shown)
    assert f"LAYER_ARCHITECTURE={architecture}" in shown[1]


def test_an_unknown_architecture_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mips"], {}) == 2
    assert "expected arm64 or x86_64" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("printed", "complaint"),
    [
        ('START\n{"statusCode": 200, "body": "{\\"schemas\\": []}"}\n', ""),
        ('{"statusCode": 500, "body": "oops"}', "status 500, expected 200"),
        ('{"statusCode": 200, "body": "{}"}', "the body is no SCIM message"),
        ('{"errorMessage": "no module"}', "no module, expected no error"),
        ("", "no answer"),
    ],
    ids=["sound", "failed", "not-scim", "raised", "silent"],
)
def test_an_answer_is_compared_with_its_story(printed: str, complaint: str) -> None:
    done = subprocess.CompletedProcess([], 0, printed, "")
    said = complaint_about("get-user", done)
    assert said.startswith(complaint) if complaint else said == ""


def test_an_event_that_asks_other_services_is_left_out() -> None:
    assert {path.stem for path in EVENTS.glob("*.json")} - set(alone()) == {
        "empty-bucket",
        "publish-change",
    }
