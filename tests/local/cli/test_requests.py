"""The last requests from the command line: one line each."""

from scim_cli.requests import row_of


def test_a_row_shows_the_request_and_why_it_was_refused() -> None:
    entry = {
        "number": 7,
        "at": 1_770_000_000_000,
        "operation": "POST /Users",
        "status": 400,
        "client": "okta",
        "tolerated": ["capitalisedOp", "nullValues"],
        "refused": {"error": "InvalidValue", "attribute": "active", "rule": "expected a boolean."},
    }
    assert row_of(entry) == {
        "at": "2026-02-02T02:40:00Z",
        "number": 7,
        "operation": "POST /Users",
        "status": 400,
        "client": "okta",
        "tolerated": "capitalisedOp, nullValues",
        "refused": "active expected a boolean.",
    }


def test_a_row_shows_the_first_refused_operation_of_a_bulk_request() -> None:
    first = {"position": 3, "operation": "POST /Users", "status": 409, "error": "Uniqueness"}
    first |= {"attribute": "userName", "rule": "The value of … is already taken."}
    why = "Operations[3] POST /Users: userName The value of … is already taken."
    for number, shown in ((1, why), (9, f"{why} (and 8 more)")):
        entry = {"refusedOperations": {"number": number, "first": [first]}}
        assert row_of(entry)["refused"] == shown


def test_missing_fields_are_empty_cells() -> None:
    row = row_of({"number": 8, "operation": "GET /Users", "status": 200})
    assert (row["client"], row["tolerated"], row["refused"]) == ("", "", "")


def test_a_dry_run_is_marked() -> None:
    row = row_of({"number": 9, "operation": "POST /Users", "status": 200, "dryRun": True})
    assert row["operation"] == "POST /Users (dry run)"
