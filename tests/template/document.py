"""The parts of template.yaml that several tests look into."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local import template as templates

ROOT = Path(__file__).parents[2]
TEMPLATE: dict[str, Any] = templates.document_of(ROOT / "template.yaml")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
FUNCTIONS = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::Serverless::Function"
}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
API = RESOURCES["Api"]["Properties"]
TABLE = RESOURCES["Table"]
GATEWAY_RESPONSES: dict[str, dict[str, Any]] = API["GatewayResponses"]
APIS = ("Api", "UmaApi", "AdminApi")


def routes() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield function, method, path and the event's other properties, of the main API."""
    for name, properties in FUNCTIONS.items():
        for event in properties.get("Events", {}).values():
            if event["Type"] == "Api" and event["Properties"]["RestApiId"] == {"Ref": "Api"}:
                yield (
                    name,
                    event["Properties"]["Method"],
                    event["Properties"]["Path"],
                    event["Properties"],
                )


NO_LOG_GROUPS = {
    "Sid": "NoLogGroups",
    "Effect": "Deny",
    "Action": ["logs:CreateLogGroup"],
    "Resource": ["*"],
}
"""What SAM's own policy for logs grants, and no function needs."""


def statements(function: str) -> list[dict[str, Any]]:
    """Return what a function is granted, also what only under a condition."""
    return [
        one["Fn::If"][1] if "Fn::If" in one else one
        for policy in FUNCTIONS[function].get("Policies", [])
        for one in policy["Statement"]
        if one != NO_LOG_GROUPS
    ]


def table_statements(function: str) -> list[dict[str, Any]]:
    return [
        statement
        for statement in statements(function)
        # No key fences a scan: it has a test of its own.
        if all(action.startswith("dynamodb:") for action in statement["Action"])
        and statement["Action"] != ["dynamodb:Scan"]
    ]


def leading_keys(function: str) -> set[str]:
    return {
        key
        for statement in table_statements(function)
        for key in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }


ROUTES = {(method, path): name for name, method, path, _ in routes()}
