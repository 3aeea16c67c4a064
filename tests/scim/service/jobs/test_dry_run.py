"""A dry run of an import tells what the import answers, and stores nothing in the directory."""

import json
from dataclasses import replace
from typing import Any

import pytest

from scim.resource.job import Job
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.jobs.accept import REQUEST_FILE
from scim.service.jobs.declare import declared, start
from scim.service.jobs.states import do_batch, do_step
from tests.fakes.operations import PATCH, Sent, gone, group, managed, named, user
from tests.fakes.workshop import BASE, CALLER, TENANT, Workshop, stands, with_bounds


def begun(shop: Workshop, operations: list[Sent], *, is_dry: bool, **members: Any) -> Job:
    """Return a started import of the operations."""
    content = json.dumps({"schemas": [BULK_REQUEST_URN], "Operations": operations}).encode()
    declaration = {"kind": "import", "dryRun": is_dry, **members}
    job = declared(shop.job_context, CALLER, BASE, declaration)
    shop.job_context.backend.payloads.put(job.tenant, job.id, REQUEST_FILE, content)
    return start(shop.job_context, CALLER, job.id)


def answered(
    shop: Workshop, operations: list[Sent], *, is_dry: bool, **members: Any
) -> list[tuple[str, str]]:
    """Import the operations and return the status and effect of each."""
    job = begun(shop, operations, is_dry=is_dry, **members)
    shop.turn(job)
    return [(entry["status"], entry["effect"]) for entry in shop.entries(job)]


def with_nesting(shop: Workshop, nesting: int) -> Workshop:
    deployment = with_bounds(shop.job_context.deployment, nesting=nesting)
    return replace(shop, job_context=replace(shop.job_context, deployment=deployment))


def patched(where: str, **operation: Any) -> Sent:
    return {
        "method": "PATCH",
        "path": where,
        "data": {"schemas": [PATCH], "Operations": [operation]},
    }


def renamed(path: str, name: str) -> Sent:
    return patched(path, op="replace", path="userName", value=name)


def joined(path: str, member: str) -> Sent:
    return patched(path, op="add", path="members", value=[{"value": f"bulkId:{member}"}])


def emptied(path: str) -> Sent:
    return patched(path, op="remove", path="members")


def is_there(path: str, name: str) -> Sent:
    """Return a PUT that changes nothing if an earlier operation has given the user this name."""
    return {"method": "PUT", "path": path, "data": {"userName": name}}


def chain(*names: str) -> list[Sent]:
    """Return groups of which each is a member of the one before."""
    pairs = zip(names, [*names[1:], None], strict=True)
    return [group(name) if inner is None else group(name, inner) for name, inner in pairs]


STORED = "stored-1"
"""Stands for the id of a stored user, ann."""

FILES: dict[str, list[Sent]] = {
    "a bit of everything": [
        user("ben"),
        named("/Users/bulkId:ben", "Ben"),
        group("staff", "ben"),
        group("lonely", "nobody"),
        gone("/Users/nobody"),
        {**user("ben"), "bulkId": "again"},
        gone("/Nowhere/1"),
        gone("/GroupMembers/1"),
    ],
    "a name that is stored": [user("ann"), user("ANN2")],
    "a rename there and back": [
        renamed(f"/Users/{STORED}", "eve"),
        renamed(f"/Users/{STORED}", "ann"),
        {**user("ann"), "bulkId": "another"},
        user("eve"),
    ],
    "a rename over a third name": [
        user("ben"),
        renamed("/Users/bulkId:ben", "third"),
        renamed(f"/Users/{STORED}", "ben"),
        renamed("/Users/bulkId:ben", "ann"),
        {**user("third"), "bulkId": "again"},
        {**user("ben"), "bulkId": "taken"},
    ],
    "a change of what an earlier one changed": [
        is_there(f"/Users/{STORED}", "eve"),
        is_there(f"/Users/{STORED}", "eve"),
        {**renamed(f"/Users/{STORED}", "joe"), "version": 'W/"2"'},
        {**renamed(f"/Users/{STORED}", "jim"), "version": 'W/"2"'},
    ],
    "what is deleted is gone": [
        gone(f"/Users/{STORED}"),
        renamed(f"/Users/{STORED}", "eve"),
        gone(f"/Users/{STORED}"),
        user("ann"),
        gone("/Users/bulkId:ann"),
        {**user("ann"), "bulkId": "once more"},
    ],
    "groups that contain each other": [
        group("a", "b"),
        group("b", "a"),
        group("c", "b"),
        group("d", "d"),
    ],
    "groups that would contain each other": [
        *chain("a", "b", "c"),
        joined("/Groups/bulkId:c", "a"),
        joined("/Groups/bulkId:b", "c"),
        emptied("/Groups/bulkId:a"),
        joined("/Groups/bulkId:c", "a"),
        joined("/Groups/bulkId:a", "b"),
    ],
    "groups that lie too deep": [
        *chain("a", "b", "c"),
        *chain("d", "e", "f"),
        joined("/Groups/bulkId:c", "d"),
        joined("/Groups/bulkId:b", "d"),
        joined("/Groups/bulkId:f", "d"),
    ],
    "a deleted group contains nothing": [
        group("a", "b"),
        group("b"),
        gone("/Groups/bulkId:a"),
        {**group("a"), "bulkId": "a2"},
        joined("/Groups/bulkId:b", "a2"),
    ],
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", FILES)
def test_a_dry_run_tells_what_the_import_answers(shop: Workshop, name: str) -> None:
    shop = with_nesting(shop, 3)
    job = begun(shop, [user("ann")], is_dry=False)
    shop.turn(job)
    id_ = shop.entries(job)[0]["location"].rsplit("/", 1)[1]
    operations = json.loads(json.dumps(FILES[name]).replace(STORED, id_))
    before = stands(shop)
    foreseen = answered(shop, operations, is_dry=True)
    assert stands(shop) == before
    assert foreseen == answered(shop, operations, is_dry=False)
    assert len(foreseen) == len(operations)


def test_a_dry_run_of_an_update_knows_what_earlier_lines_create(shop: Workshop) -> None:
    operations = [user("ann", title="Dr"), renamed("/Users/bulkId:ann", "eve")]
    operations += [{**user("eve", title="Ms"), "bulkId": "eve"}]
    foreseen = answered(shop, operations, is_dry=True, existing="update")
    assert foreseen == [("201", "create"), ("200", "update"), ("200", "update")]
    assert answered(shop, operations, is_dry=False, existing="update") == foreseen


def test_a_dry_run_that_is_done_twice_has_its_first_results(shop: Workshop) -> None:
    job = begun(shop, [*chain("a", "b"), user("ann")], is_dry=True)
    batches = [batch for layer in shop.planned(job) for batch in layer]
    for batch in batches:
        do_batch(shop.job_context, batch, lambda: False)
    first = shop.entries(job)
    for batch in batches:
        for number in batch.steps:
            do_step(shop.job_context, batch, number)
    assert shop.entries(job) == first
    assert {entry["status"] for entry in first} == {"201"}
    assert shop.job_context.deployment.directory.count(TENANT, "User") == 0


def test_what_a_dry_run_creates_and_links_later_has_no_location(shop: Workshop) -> None:
    job = begun(shop, [managed("ann", "bo"), managed("bo", "ann")], is_dry=True)
    assert any(step % 2 for layer in shop.planned(job) for batch in layer for step in batch.steps)
    shop.turn(job)
    entries = shop.entries(job)
    assert [entry["status"] for entry in entries] == ["201", "201"]
    assert not any("location" in entry or "version" in entry for entry in entries)
