"""A stored outcome shows the same entry."""

from dataclasses import replace

import pytest

from scim.errors import Uniqueness
from scim.service.bulk.request import BulkOperation, Method
from scim.service.bulk.response import Outcome, failed
from scim.service.jobs.results import content_of, entry_of, is_error, outcome_of

POST = BulkOperation(0, Method.POST, bulk_id="b")
MADE = Outcome(POST, 201, "https://host/Users/1", 'W/"1"', id="1", is_unlinked=True)


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(MADE, id="made"),
        pytest.param(failed(POST, Uniqueness("Taken.")), id="refused"),
        pytest.param(
            Outcome(BulkOperation(0, Method.DELETE), 204, "https://host/Users/1"), id="gone"
        ),
        pytest.param(failed(BulkOperation(0, None), Uniqueness("Taken.")), id="of no known method"),
    ],
)
def test_an_entry_shows_what_the_outcome_shows(outcome: Outcome) -> None:
    content = content_of(outcome)
    assert list(entry_of(content).items()) == list(outcome.json().items())
    assert is_error(content) == (outcome.error is not None)


def test_an_entry_of_a_file_has_its_line_and_its_effect() -> None:
    of_line = replace(POST, line=3)
    for outcome, effect in (
        (replace(MADE, operation=of_line), "unchanged"),
        (failed(of_line, Uniqueness("Taken.")), "error"),
    ):
        entry = entry_of(content_of(outcome))
        assert (entry["line"], entry["effect"]) == (3, effect)


def test_a_version_the_store_gave_is_shown_as_an_entity_tag() -> None:
    content = {"version": 7, "status": "200", "method": "PATCH"}
    assert entry_of(content) == {"method": "PATCH", "version": 'W/"7"', "status": "200"}


def test_a_creation_is_read_back_to_be_linked() -> None:
    assert outcome_of(POST, content_of(MADE)) == MADE
