"""What the parameters of template.yaml change in all that is deployed."""

from pathlib import Path
from typing import Any

from local import template as templates
from local.template import Template

ROOT = Path(__file__).parent.parent
KEY = "arn:aws:kms:us-east-1:123456789012:key/0f3c"


def _deployed(**parameters: str) -> Template:
    return templates.read(ROOT / "template.yaml", parameters=parameters)


def _statements(template: Template, role: str) -> list[dict[str, Any]]:
    policies = template.properties_of(role).get("Policies", [])
    return [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]


def _uses(statements: list[dict[str, Any]], service: str, actions: set[str]) -> bool:
    through = {"StringEquals": {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}}
    return any(
        actions <= set(each["Action"])
        and each["Resource"] == [KEY]
        and each["Condition"] == through
        for each in statements
        if "Condition" in each
    )


def test_whoever_reads_table_or_files_may_use_the_key_that_encrypts_them() -> None:
    """DynamoDB and S3 decrypt with the rights of their caller."""
    every = {"UmaChallenges": "true", "TokenEndpoint": "true", "TableCheck": "on"}
    template = _deployed(TableKeyArn=KEY, **every)
    for name in template.ids_of("AWS::Lambda::Function"):
        variables = template.properties_of(name)["Environment"]["Variables"]
        granted = _statements(template, f"{name}Role")
        assert _uses(granted, "dynamodb", {"kms:Decrypt"}) == ("TABLE_NAME" in variables), name
        reads_files = "BUCKET_NAME" in variables
        assert _uses(granted, "s3", {"kms:Decrypt", "kms:GenerateDataKey"}) == reads_files, name
    # The machine reads the lines of a layer itself.
    assert _uses(_statements(template, "BulkJobRole"), "s3", {"kms:Decrypt"})


def test_without_a_key_of_ones_own_nobody_may_use_one_through_another_service() -> None:
    template = _deployed()
    roles = template.ids_of("AWS::IAM::Role")
    granted = [each for role in roles for each in _statements(template, role)]
    assert [each for each in granted if "kms:ViaService" in str(each)] == []
