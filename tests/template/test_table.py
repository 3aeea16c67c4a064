"""The table, and a restored table in its place."""

import json
import re
from typing import Any

from tests.template.document import (
    TABLE,
    TEMPLATE,
)


def test_the_table_outlives_mistakes() -> None:
    properties = TABLE["Properties"]
    assert (TABLE["DeletionPolicy"], TABLE["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert properties["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}
    assert TEMPLATE["Parameters"]["DeletionProtection"]["Default"] == "true"


def test_the_table_has_the_keys_index_and_stream_the_store_builds_on() -> None:
    properties = TABLE["Properties"]
    (index,) = properties["GlobalSecondaryIndexes"]
    assert [key["AttributeName"] for key in properties["KeySchema"]] == ["pk", "sk"]
    assert index["IndexName"] == "byLastModified"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["gp", "gs"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_a_restored_table_is_served_in_the_place_of_the_own_one_everywhere() -> None:
    used = {key: TEMPLATE[key] for key in ("Resources", "Outputs", "Globals")}
    text = json.dumps(_without_choices(used))
    assert not re.search(r'"Ref": "Table"|"Fn::GetAtt": (\["Table"|"Table\.)|\$\{Table[.}]', text)


def _without_choices(node: Any) -> Any:
    """Return the part of the template without the choices between the two tables."""
    if isinstance(node, list):
        return [_without_choices(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("Fn::If", [None])[0] == "HasRestoredTable":
        return {}
    return {key: _without_choices(value) for key, value in node.items()}
