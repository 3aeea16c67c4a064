"""The entries of an overlay, and stored resources read through it."""

from scim.resource.access_path import EdgePage
from scim.resource.change import EdgeDelta
from scim.resource.overlay import (
    DELETED_MARKER,
    NO_OVERLAY_ENTRY,
    OverlayChange,
    OverlayEntry,
    content_of,
    edges_after,
    entry_after,
    links_moved,
    record_after,
)
from scim.resource.record import Edge, Key, Link, Record

NOW = "2026-01-01T00:00:00.000Z"
MEMBERS = Link("Group", "members")
STAFF, TEAM, UNIT, ANN = Key("Group", "s"), Key("Group", "t"), Key("Group", "u"), Key("User", "a")


def record(key: Key = STAFF) -> Record:
    body, links = {"displayName": "x"}, {MEMBERS: frozenset({"t"})}
    return Record(key, 3, NOW, NOW, body, links, {"members": 1}, {Link("User", "desk"): 1})


def test_without_an_entry_a_resource_is_as_stored() -> None:
    assert record_after(STAFF, record(), NO_OVERLAY_ENTRY) == record()
    assert record_after(STAFF, None, NO_OVERLAY_ENTRY) is None
    assert record_after(STAFF, record(), OverlayEntry(DELETED_MARKER, 1)) is None


def test_an_entry_replaces_a_resource_except_for_its_links_and_references() -> None:
    content = content_of(Record(STAFF, 4, NOW, NOW, {"displayName": "y"}), {}, ())
    after = record_after(STAFF, record(), OverlayEntry(content, 1))
    assert after is not None
    assert (after.version, after.body) == (4, {"displayName": "y"})
    assert (after.links, after.referrers) == (record().links, record().referrers)
    new = record_after(UNIT, None, OverlayEntry(content, 1))
    assert new is not None
    assert (new.key, new.version, new.links) == (UNIT, 4, {})


def test_links_and_references_move_without_content() -> None:
    desk = Link("User", "desk")
    entry = NO_OVERLAY_ENTRY
    for overlay_change in (
        OverlayChange("Group s", link=MEMBERS, linked="u"),
        OverlayChange("Group s", link=MEMBERS, unlinked="t"),
        OverlayChange("Group s", link=MEMBERS, unlinked="u"),
        OverlayChange("Group s", link=MEMBERS, linked="v"),
        OverlayChange("Group s", link=desk, references=-1),
    ):
        entry = entry_after(entry, overlay_change)
    after = record_after(STAFF, record(), entry)
    assert after is not None
    assert (after.links, after.referrers) == ({MEMBERS: {"v"}}, {})
    assert entry.revision == 0
    assert record_after(STAFF, None, entry) is None


def test_an_entry_has_only_values_of_its_own_type() -> None:
    first = EdgeDelta("members", (Edge(TEAM), Edge(ANN)))
    second = EdgeDelta("members", (Edge(UNIT),), (TEAM, ANN))
    content = content_of(record(), {}, [first])
    content = content_of(record(), OverlayEntry(content, 1).nested, [second])
    assert content["nested"] == {"members": {"t": False, "u": True}}
    assert [(each.name, each.linked, each.unlinked) for each in links_moved(STAFF, [second])] == [
        ("Group u", "s", ""),
        ("Group t", "", "s"),
    ]
    stored = EdgePage([Edge(ANN), Edge(TEAM)])
    assert edges_after(STAFF, "members", stored, OverlayEntry(content, 2)).edges == [
        Edge(ANN),
        Edge(UNIT),
    ]
    earlier = EdgePage([Edge(ANN), Edge(TEAM)], "t")
    assert edges_after(STAFF, "members", earlier, OverlayEntry(content, 2)).edges == [Edge(ANN)]
    assert edges_after(STAFF, "owners", stored, OverlayEntry(content, 2)) == stored
