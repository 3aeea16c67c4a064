"""A revision is written when it changes something, and the record it leaves is the one to show."""

from scim.resource.change import EdgeDelta, Update
from scim.resource.record import Edge, Key, Record
from scim.service.messages import Precondition
from scim.service.resources.commit import Revision, store_revision
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import LATER, NOW, FakeDeployment


def _group() -> tuple[FakeDeployment, FakeDirectory, Record, Key]:
    directory = FakeDirectory()
    deployment = FakeDeployment(directory)
    group = deployment.group("All", deployment.user("anna"))
    other = Key("User", deployment.user("bert"))
    record = directory.read("acme", Key("Group", group))
    assert record is not None
    deployment.clock.time = LATER
    return deployment, directory, record, other


def _last(directory: FakeDirectory) -> Update:
    change = directory.changes[-1]
    assert isinstance(change, Update)
    return change


def test_a_revision_without_changes_is_not_written() -> None:
    deployment, directory, record, _ = _group()
    before = list(directory.changes)
    revision = Revision(record, dict(record.body), (EdgeDelta("members"),))
    assert store_revision(deployment.endpoint("Group"), revision, Precondition()) is record
    assert directory.changes == before


def test_a_new_body_is_written_with_the_entries_before_and_after() -> None:
    deployment, directory, record, _ = _group()
    revision = Revision(record, {"displayName": "Everyone"}, ())
    after = store_revision(deployment.endpoint("Group"), revision, Precondition())
    assert (after.version, after.created, after.last_modified) == (2, NOW, LATER)
    assert after.body == {"displayName": "Everyone"}
    assert {entry.value for entry in _last(directory).entries_before} == {"all"}
    assert {entry.value for entry in _last(directory).entries_after} == {"everyone"}


def test_new_edges_alone_leave_the_body_out_and_so_do_not_depend_on_the_version() -> None:
    deployment, directory, record, other = _group()
    delta = EdgeDelta("members", added=(Edge(other),))
    revision = Revision(record, dict(record.body), (delta, EdgeDelta("members")))
    after = store_revision(deployment.endpoint("Group"), revision, Precondition())
    assert after.counts == {"members": 2}
    assert _last(directory).body is None
    assert _last(directory).edges == (delta,)
    assert not _last(directory).must_match


def test_edges_that_go_are_counted_off() -> None:
    deployment, _, record, other = _group()
    gone = Key("User", deployment.member_ids(record.key.id)[0])
    delta = EdgeDelta("members", added=(Edge(other),), removed=(gone,))
    after = store_revision(
        deployment.endpoint("Group"), Revision(record, record.body, (delta,)), Precondition()
    )
    assert after.counts == {"members": 1}


def test_a_version_the_client_named_must_match_even_for_edges() -> None:
    deployment, directory, record, other = _group()
    delta = EdgeDelta("members", added=(Edge(other),))
    condition = Precondition(if_match='W/"1"')
    store_revision(deployment.endpoint("Group"), Revision(record, record.body, (delta,)), condition)
    assert _last(directory).must_match


def test_a_change_is_not_before_the_one_it_was_made_from_whatever_the_clock_says() -> None:
    deployment, _, record, _ = _group()
    later = Revision(record, {"displayName": "Everyone"}, ())
    after = store_revision(deployment.endpoint("Group"), later, Precondition())
    deployment.clock.time = NOW
    again = store_revision(
        deployment.endpoint("Group"), Revision(after, {"displayName": "All"}, ()), Precondition()
    )
    assert (after.last_modified, again.last_modified) == (LATER, LATER)
