"""Jobs that a client declares."""

import json
from dataclasses import replace
from typing import Any

import pytest

from scim.errors import (
    Conflict,
    Forbidden,
    InvalidSyntax,
    InvalidValue,
    NotFound,
    PayloadTooLarge,
    TooManyRequests,
)
from scim.principal import Principal
from scim.resource.job import Job, JobKind, Status
from scim.schema.message_uri import BULK_REQUEST_URN
from scim.service.jobs.accept import REQUEST_FILE
from scim.service.jobs.declare import LINK_SECONDS, declared, download, start, upload
from scim.service.jobs.states import lay_out_next, plan
from tests.fakes.operations import user
from tests.fakes.workshop import BASE, CALLER, TENANT, Workshop, with_bounds


def asked(shop: Workshop, caller: Principal = CALLER, **members: Any) -> Job:
    return declared(shop.job_context, caller, BASE, members)


def started(shop: Workshop) -> list[str]:
    found: list[str] = shop.job_context.backend.machine.started  # type: ignore[attr-defined]
    return found


def test_an_import_waits_for_its_file_and_says_where_it_goes(shop: Workshop) -> None:
    job = asked(shop, kind="import", dryRun=True, existing="update", failOnErrors=2)
    assert (job.kind, job.status, job.is_dry) == (JobKind.IMPORT, Status.WAITING, True)
    assert job.json()["existing"] == "update"
    link = upload(shop.job_context, job)
    assert link is not None
    assert (link.method, link.json()["expiresIn"]) == ("PUT", LINK_SECONDS)
    assert f"{TENANT}/{job.id}/{REQUEST_FILE}" in link.url
    assert started(shop) == []
    assert shop.state_of(job) == replace(job, last_modified=job.created)


@pytest.mark.parametrize("is_dry", [False, True])
def test_an_undo_says_what_it_undoes_and_whether_it_only_rehearses(
    shop: Workshop, is_dry: bool
) -> None:
    deleted = {"deleted": "/Users/2819c223/"}
    job = asked(shop, kind="undo", undoes=deleted, dryRun=is_dry)
    assert (job.kind, job.status, job.is_dry) == (JobKind.UNDO, Status.PENDING, is_dry)
    assert job.undo_deleted == "Users/2819c223"
    moments = {"since": "2026-03-01T10:00:00+01:00", "until": "2026-03-01T10:00:00Z"}
    job = asked(shop, kind="undo", undoes={"token": "t1", **moments})
    assert (job.undo_token, job.undo_since, job.undo_until) == (
        "t1",
        "2026-03-01T09:00:00+00:00",
        "2026-03-01T10:00:00+00:00",
    )
    assert asked(shop, kind="undo", undoes={"transaction": "j1"}).undo_of == "j1"


def test_an_import_starts_with_its_file(shop: Workshop) -> None:
    job = asked(shop, kind="import")
    with pytest.raises(Conflict, match="has no file"):
        start(shop.job_context, CALLER, job.id)
    shop.job_context.backend.payloads.put(TENANT, job.id, REQUEST_FILE, b"{}")
    for _ in range(2):
        assert start(shop.job_context, CALLER, job.id).status is Status.PENDING
    assert set(started(shop)) == {job.id}
    assert upload(shop.job_context, shop.state_of(job)) is None


def test_a_started_job_has_the_scopes_that_owner_and_starter_share(shop: Workshop) -> None:
    owner = replace(CALLER, scopes=frozenset({"bulk", "users:*", "groups:view"}))
    job = asked(shop, owner, kind="import")
    shop.job_context.backend.payloads.put(TENANT, job.id, REQUEST_FILE, b"{}")
    starter = Principal(
        TENANT, "t2", frozenset({"*:view", "users:create", "jobs:all"}), owner="token:t2"
    )
    begun = start(shop.job_context, starter, job.id)
    assert begun.scopes == {"users:view", "users:create", "groups:view"}
    assert (begun.owner, begun.starter, begun.starter_token) == (owner.owner, "token:t2", "t2")


def test_a_file_has_a_limit(shop: Workshop) -> None:
    job = asked(shop, kind="import")
    shop.job_context.backend.payloads.put(TENANT, job.id, REQUEST_FILE, b"12345")
    for most, is_taken in ((4, False), (5, True)):
        job_context = replace(
            shop.job_context, deployment=with_bounds(shop.job_context.deployment, import_bytes=most)
        )
        if is_taken:
            assert start(job_context, CALLER, job.id).status is Status.PENDING
        else:
            with pytest.raises(PayloadTooLarge):
                start(job_context, CALLER, job.id)


def test_an_ended_job_cannot_be_started(shop: Workshop) -> None:
    job = asked(shop, kind="import")
    shop.job_context.backend.jobs.turn(job, Status.CANCELLED, job.created)
    with pytest.raises(Conflict, match="cancelled"):
        start(shop.job_context, CALLER, job.id)
    with pytest.raises(NotFound):
        start(shop.job_context, replace(CALLER, tenant="umbrella"), job.id)


def test_a_failed_job_continues_as_another_run(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    shop.job_context.backend.jobs.turn(job, Status.FAILED, job.created, "It took too long.")
    begun = start(shop.job_context, CALLER, job.id)
    assert (begun.status, begun.run, begun.error) == (Status.PENDING, 1, "")
    assert started(shop) == [job.id, f"{job.id}-1"]
    # Started once more while it is under way it is the same run.
    assert start(shop.job_context, CALLER, job.id).run == 1
    assert started(shop) == [job.id, f"{job.id}-1", f"{job.id}-1"]
    shop.turn(job)
    assert shop.state_of(job).status is Status.COMPLETED


def test_a_continued_job_counts_against_the_open_jobs(shop: Workshop) -> None:
    job = shop.accept([user("ann")])
    shop.job_context.backend.jobs.turn(job, Status.FAILED, job.created)
    shop.accept([user("bob")])
    full = with_bounds(shop.job_context.deployment, open_jobs=1)
    with pytest.raises(TooManyRequests):
        start(replace(shop.job_context, deployment=full), CALLER, job.id)
    assert shop.state_of(job).status is Status.FAILED


@pytest.mark.parametrize("status", [Status.PENDING, Status.RUNNING])
def test_a_run_that_ended_without_a_word_is_followed_by_another(
    shop: Workshop, status: Status
) -> None:
    job = shop.accept([user("ann")])
    shop.job_context.backend.jobs.turn(job, status, job.created)
    shop.job_context.backend.machine.over.add(job.id)  # type: ignore[attr-defined]
    begun = start(shop.job_context, CALLER, job.id)
    assert (begun.status, begun.run) == (Status.PENDING, 1)
    assert started(shop)[-1] == f"{job.id}-1"


def test_an_export_is_under_way_at_once(shop: Workshop) -> None:
    job = asked(shop, kind="export", resourceTypes=["group", "USER"])
    assert (job.status, job.types) == (Status.PENDING, ("User", "Group"))
    assert started(shop) == [job.id]
    with pytest.raises(Conflict):
        download(shop.job_context, job)
    link = download(shop.job_context, replace(job, status=Status.COMPLETED))
    assert f"{TENANT}/{job.id}/export" in link.url


@pytest.mark.parametrize(
    ("scopes", "types", "is_allowed"),
    [
        (["bulk", "users:list"], ["User"], True),
        (["bulk", "users:list"], [], False),
        (["bulk", "users:view"], ["User"], False),
        (["bulk", "*:list"], [], True),
    ],
)
def test_an_export_needs_the_permission_to_list(
    shop: Workshop, scopes: list[str], types: list[str], is_allowed: bool
) -> None:
    caller = Principal(TENANT, "t", frozenset(scopes))
    if is_allowed:
        asked(shop, caller, kind="export", resourceTypes=types)
    else:
        with pytest.raises(Forbidden):
            asked(shop, caller, kind="export", resourceTypes=types)


def test_a_mapping_says_which_type_is_exported(shop: Workshop) -> None:
    mapping = {"resourceType": "Group", "columns": {"a": "displayName"}}
    assert asked(shop, kind="export", format="csv", mapping=mapping).types == ("Group",)


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({}, InvalidValue),
        ({"kind": "bulk"}, InvalidValue),
        ({"kind": "import", "format": "csv"}, InvalidValue),
        ({"kind": "import", "mapping": {"columns": {"a": "userName"}}}, InvalidValue),
        ({"kind": "export", "resourceTypes": ["GroupMember"]}, InvalidValue),
        ({"kind": "import", "failOnErrors": True}, InvalidValue),
        ({"kind": "import", "schemas": ["urn:other"]}, InvalidSyntax),
    ],
)
def test_an_invalid_declaration_is_refused(
    shop: Workshop, members: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        asked(shop, **members)
    assert shop.job_context.backend.jobs.all(TENANT) == []


def test_a_file_declared_too_large_is_refused_at_once(shop: Workshop) -> None:
    most = shop.job_context.deployment.bounds.import_bytes
    assert asked(shop, kind="import", size=most).file_bytes == most
    with pytest.raises(PayloadTooLarge):
        asked(shop, kind="import", size=most + 1)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = request_of("ann")
    job_context = shop.job_context
    for most in (len(content) - 1, len(content)):
        bounds = replace(job_context.deployment.bounds, import_bytes=most)
        narrow = replace(job_context, deployment=replace(job_context.deployment, bounds=bounds))
        job = declared(narrow, CALLER, BASE, {"kind": "import"})
        narrow.backend.payloads.put(TENANT, job.id, REQUEST_FILE, content)
        if most < len(content):
            for reading in ("read", "read_range", "stream"):
                monkeypatch.delattr(type(narrow.backend.payloads), reading)
            with pytest.raises(PayloadTooLarge, match=f"{len(content)} bytes; at most {most}"):
                start(narrow, CALLER, job.id)
            assert shop.state_of(job).status is Status.WAITING
            monkeypatch.undo()
        else:
            assert start(narrow, CALLER, job.id).status is Status.PENDING


@pytest.mark.parametrize("is_planned", [False, True], ids=["before it is read", "while it is read"])
def test_a_file_that_is_replaced_after_start_ends_the_job(shop: Workshop, is_planned: bool) -> None:
    job = asked(shop, kind="import")
    payloads = shop.job_context.backend.payloads
    payloads.put(TENANT, job.id, REQUEST_FILE, request_of("ann"))
    start(shop.job_context, CALLER, job.id)
    state = plan(shop.job_context, TENANT, job.id) if is_planned else None
    payloads.put(TENANT, job.id, REQUEST_FILE, request_of("eve"))
    if state is None:
        assert plan(shop.job_context, TENANT, job.id)["windows"] == 0
    else:
        assert lay_out_next(shop.job_context, state)["layers"] == 0
    ended = shop.state_of(job)
    assert ended.status is Status.FAILED
    assert "replaced" in ended.error


def request_of(name: str) -> bytes:
    return json.dumps({"schemas": [BULK_REQUEST_URN], "Operations": [user(name)]}).encode()
