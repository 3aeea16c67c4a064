"""The report of refused operations can be imported again: it refers to what was done by ids."""

import json
from pathlib import Path
from typing import Any

import pytest

from scim.schema.message_uri import BULK_REQUEST_URN
from scim_cli.transfer.refused_rows import Entry, write_report


@pytest.mark.parametrize(
    ("sent", "reported"),
    [
        pytest.param(
            {"data": {"members": [{"value": "bulkId:ann"}, {"value": "bulkId:bob"}]}},
            {"data": {"members": [{"value": "1"}, {"value": "bulkId:bob"}]}},
            id="a member",
        ),
        pytest.param(
            {"data": {"members": ['{"value":"bulkId:ann"}'], "x": '[{"value":"bulkId:bob"}]'}},
            {"data": {"members": ['{"value": "1"}'], "x": '[{"value":"bulkId:bob"}]'}},
            id="JSON text",
        ),
        pytest.param(
            {"data": {"members": [{"$ref": "../Users/bulkId:ann"}]}},
            {"data": {"members": [{"$ref": "../Users/1"}]}},
            id="a $ref",
        ),
        pytest.param(
            {"Data": [{"op": "remove", "path": 'members[value eq "bulkId:ann"]'}]},
            {"Data": [{"op": "remove", "path": 'members[value eq "1"]'}]},
            id="a filter",
        ),
        pytest.param({"path": "/Users/bulkId:ann"}, {"path": "/Users/1"}, id="the path"),
        pytest.param({"Path": "/Users/bulkId:bob"}, {"Path": "/Users/bulkId:bob"}, id="not done"),
        pytest.param(
            {"data": {"password": "bulkId:ann", "title": "see bulkId:ann"}},
            {"data": {"password": "bulkId:ann", "title": "see bulkId:ann"}},
            id="no reference",
        ),
    ],
)
def test_a_reported_operation_refers_to_what_was_done_by_id(
    tmp_path: Path, sent: dict[str, Any], reported: dict[str, Any]
) -> None:
    file, report = tmp_path / "file.json", tmp_path / "report.json"
    done = {"method": "POST", "path": "/Users", "bulkId": "ann", "data": {}}
    operations = f'{{"schemas":["{BULK_REQUEST_URN}"],"Operations":[\n{json.dumps(done)},\n'
    file.write_text(operations + json.dumps({"method": "PUT", **sent}) + "\n]}")
    entries = [
        Entry(2, "POST", "ann", new_id="1"),
        Entry(3, "PUT", reason="no"),
    ]
    write_report(report, file, "bulk", None, entries)
    (operation,) = json.loads(report.read_text())["Operations"]
    assert operation == {"method": "PUT", **reported, "reason": "no"}
