"""Parameters and environment variables of the template, which are the settings of the service."""

import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from local.functions import ELSEWHERE
from scim.settings import LIMITS, VARIABLES, limits
from tests.template.document import (
    API,
    FUNCTIONS,
    TEMPLATE,
)

IN_RULES = {
    *("Ref", "Fn::And", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::Equals"),
    *("Fn::If", "Fn::Not", "Fn::Or", "Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"),
}
"""What CloudFormation knows in the section Rules; it refuses the whole template for another."""


def _functions(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _functions(each)
    if isinstance(value, dict):
        yield from (name for name in value if name == "Ref" or name.startswith("Fn::"))
        for each in value.values():
            yield from _functions(each)


def test_rules_are_made_of_what_cloudformation_knows_there() -> None:
    assert set(_functions(TEMPLATE["Rules"])) <= IN_RULES


def test_every_setting_can_be_deployed_and_every_variable_is_a_setting() -> None:
    deployed = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])
    for properties in FUNCTIONS.values():
        deployed |= set(properties.get("Environment", {}).get("Variables", {}))
    known = {each.name for each in VARIABLES.values()} | ELSEWHERE
    assert known - set(limits().values()) <= deployed, "set the variable in template.yaml"
    assert {name for name in deployed if not name.startswith("POWERTOOLS_")} <= {*known, LIMITS}


@pytest.mark.parametrize(
    ("variable", "parameter"),
    sorted(
        (variable, value["Ref"])
        for variable, value in TEMPLATE["Globals"]["Function"]["Environment"]["Variables"].items()
        if variable.startswith("SCIM_") and variable != LIMITS and "Ref" in value
    ),
)
def test_a_parameter_defaults_to_what_the_setting_does(variable: str, parameter: str) -> None:
    (field,) = (each for each in VARIABLES.values() if each.name == variable)
    default = TEMPLATE["Parameters"][parameter]["Default"]
    assert type(field.default)(int(default) if str(default).isdigit() else default) == field.default


def test_the_access_log_keeps_neither_secrets_nor_queries() -> None:
    log = json.dumps(API["AccessLogSetting"])
    named = set(re.findall(r"\$context\.([A-Za-z.]+)", log))
    assert named == {
        "requestTime",
        "requestId",
        "identity.sourceIp",
        "identity.userAgent",
        "authorizer.tenant",
        "httpMethod",
        "resourcePath",
        "status",
        "responseLength",
        "responseLatency",
        "error.responseType",
    }


def test_every_parameter_is_described_labelled_and_in_one_group() -> None:
    parameters = TEMPLATE["Parameters"]
    shown = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]
    groups = Counter(name for group in shown["ParameterGroups"] for name in group["Parameters"])
    assert groups == dict.fromkeys(parameters, 1), "put it in one of ParameterGroups"
    assert set(shown["ParameterLabels"]) == set(parameters), "label it in ParameterLabels"
    assert [name for name, each in parameters.items() if not each.get("Description")] == []
