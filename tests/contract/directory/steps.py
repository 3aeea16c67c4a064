"""Steps that several parts of the contract share, on resources of one tenant."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from scim.resource.access_path import Direction
from scim.resource.change import Creation, Restoration
from scim.resource.record import Key, Link, Record
from scim.service.ports import Directory
from tests.contract.samples import MUCH_LATER, deletion_of, entries_of, user

T = "acme"
MEMBERS = Link("Group", "members")


def stored(directory: Directory, creation: Creation, tenant: str = T) -> Record:
    """Create a resource and read it back."""
    version = directory.create(tenant, creation)
    record = fresh(directory, creation.key, tenant)
    assert record.version == version
    return record


def fresh(directory: Directory, key: Key, tenant: str = T) -> Record:
    """Read a resource that must live."""
    return directory.read_latest(tenant, [key])[key]


def keep(directory: Directory, key: Key) -> None:
    """Delete a resource that is kept until the 31st of March."""
    until = int(datetime(2026, 3, 31, 10, 20, tzinfo=UTC).timestamp())
    directory.delete(T, replace(deletion_of(fresh(directory, key)), kept_until=until))


def restore(directory: Directory, key: Key) -> None:
    """Restore what is kept of a resource."""
    kept = directory.kept(T, key, MUCH_LATER)
    assert kept is not None
    restores = Restoration(kept.version, kept.created, kept.parents)
    entries = entries_of(kept.body)
    creation = Creation(key, kept.body, entries, MUCH_LATER, restores=restores)
    directory.create(T, creation)


def users(directory: Directory, number: int, tenant: str = T) -> list[Key]:
    """Create some users."""
    creations = [user(f"user{n}") for n in range(number)]
    for creation in creations:
        directory.create(tenant, creation)
    return [creation.key for creation in creations]


def member_ids(directory: Directory, source: Key, limit: int = 100) -> list[str]:
    """Walk through all edges of a group."""
    found: list[str] = []
    after: str | None = None
    while True:
        page = directory.edges(T, source, "members", Direction.UP, after, limit)
        found += [edge.target.id for edge in page.edges]
        after = page.beyond
        if after is None:
            return found


def all_ids(directory: Directory, type_name: str, limit: int) -> list[str]:
    """Walk through all records of a type."""
    found: list[str] = []
    after: str | None = None
    while True:
        page = directory.records(T, type_name, Direction.UP, after, limit)
        found += [record.key.id for record in page.records]
        after = page.records[-1].key.id if page.has_more else None
        if after is None:
            return found


def ids(keys: Iterable[Key]) -> list[str]:
    return sorted(key.id for key in keys)
