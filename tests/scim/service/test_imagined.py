"""What a dry run notes, and what becomes of a stored resource with it."""

from scim.resource.access_path import EdgePage
from scim.resource.change import EdgeDelta
from scim.resource.imagined import (
    DELETED,
    NOTHING_IMAGINED,
    Imagined,
    Imagining,
    content_of,
    edges_after,
    imagined_after,
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


def test_without_a_note_a_resource_is_as_stored() -> None:
    assert record_after(STAFF, record(), NOTHING_IMAGINED) == record()
    assert record_after(STAFF, None, NOTHING_IMAGINED) is None
    assert record_after(STAFF, record(), Imagined(DELETED, 1)) is None


def test_a_resource_is_as_noted_but_for_what_others_have_to_do_with_it() -> None:
    content = content_of(Record(STAFF, 4, NOW, NOW, {"displayName": "y"}), {}, ())
    after = record_after(STAFF, record(), Imagined(content, 1))
    assert after is not None
    assert (after.version, after.body) == (4, {"displayName": "y"})
    assert (after.links, after.referrers) == (record().links, record().referrers)
    new = record_after(UNIT, None, Imagined(content, 1))
    assert new is not None
    assert (new.key, new.version, new.links) == (UNIT, 4, {})


def test_links_and_references_move_without_content() -> None:
    desk = Link("User", "desk")
    imagined = NOTHING_IMAGINED
    for imagining in (
        Imagining("Group s", link=MEMBERS, linked="u"),
        Imagining("Group s", link=MEMBERS, unlinked="t"),
        Imagining("Group s", link=MEMBERS, unlinked="u"),
        Imagining("Group s", link=MEMBERS, linked="v"),
        Imagining("Group s", link=desk, references=-1),
    ):
        imagined = imagined_after(imagined, imagining)
    after = record_after(STAFF, record(), imagined)
    assert after is not None
    assert (after.links, after.referrers) == ({MEMBERS: {"v"}}, {})
    assert imagined.revision == 0
    assert record_after(STAFF, None, imagined) is None


def test_only_values_of_the_own_type_are_noted() -> None:
    first = EdgeDelta("members", (Edge(TEAM), Edge(ANN)))
    second = EdgeDelta("members", (Edge(UNIT),), (TEAM, ANN))
    content = content_of(record(), {}, [first])
    content = content_of(record(), Imagined(content, 1).nested, [second])
    assert content["nested"] == {"members": {"t": False, "u": True}}
    assert [(each.name, each.linked, each.unlinked) for each in links_moved(STAFF, [second])] == [
        ("Group u", "s", ""),
        ("Group t", "", "s"),
    ]
    stored = EdgePage([Edge(ANN), Edge(TEAM)])
    assert edges_after(STAFF, "members", stored, Imagined(content, 2)).edges == [
        Edge(ANN),
        Edge(UNIT),
    ]
    earlier = EdgePage([Edge(ANN), Edge(TEAM)], "t")
    assert edges_after(STAFF, "members", earlier, Imagined(content, 2)).edges == [Edge(ANN)]
    assert edges_after(STAFF, "owners", stored, Imagined(content, 2)) == stored
