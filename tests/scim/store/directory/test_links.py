"""Edges are added, removed and kept with one step for each target, and references are counted."""

import pytest

from scim.errors import InvalidValue
from scim.resource.change import EdgeDelta
from scim.resource.record import Edge, Key, Pointer
from scim.store.directory.links import (
    EdgeChange,
    EdgeWrites,
    edge_changes_of,
    edge_item,
    edge_of,
    referrers_added,
    referrers_removed,
    split,
)
from scim.store.dynamodb.write import ConditionFailed, Failure, Write, absent, exists
from scim.store.keys.directory import resource_key

STAFF, ANN, BOB, CREW = (
    Key("Group", "staff"),
    Key("User", "ann"),
    Key("User", "bob"),
    Key("Group", "crew"),
)
NOW = "2026-03-01T10:00:00.000Z"
SENT = {"display": "Ann"}


def come(target: Key, attribute: str = "members") -> EdgeChange:
    return EdgeChange(attribute, target, 1, {})


def go(target: Key, attribute: str = "members") -> EdgeChange:
    return EdgeChange(attribute, target, -1, {})


def stay(target: Key, attribute: str = "members") -> EdgeChange:
    return EdgeChange(attribute, target, 0, SENT)


def moves(*some: EdgeChange) -> EdgeWrites:
    return EdgeWrites("acme", STAFF, some, NOW)


def failed_condition(*writes: Write) -> ConditionFailed:
    return ConditionFailed([Failure(write, {}) for write in writes])


def step_on(some: EdgeWrites, target: Key) -> Write:
    return next(write for write in some.writes() if write.item_key == resource_key("acme", target))


@pytest.mark.parametrize(
    ("deltas", "expected"),
    [
        ([], []),
        ([EdgeDelta("members", (Edge(BOB), Edge(ANN)))], [come(ANN), come(BOB)]),
        ([EdgeDelta("members", (Edge(ANN), Edge(ANN)))], [come(ANN)]),
        ([EdgeDelta("members", removed=(ANN, ANN))], [go(ANN)]),
        ([EdgeDelta("members", (Edge(ANN, SENT),), (ANN,))], [stay(ANN)]),
        (
            [EdgeDelta("owners", (Edge(ANN),)), EdgeDelta("members", removed=(ANN,))],
            [go(ANN), come(ANN, "owners")],
        ),
        ([EdgeDelta("members", (Edge(ANN), Edge(CREW)))], [come(CREW), come(ANN)]),
    ],
    ids=[
        "nothing",
        "two in key order",
        "one twice",
        "one removed twice",
        "removed and added",
        "from one relation to another",
        "of two types",
    ],
)
def test_each_edge_moves_once(deltas: list[EdgeDelta], expected: list[EdgeChange]) -> None:
    assert edge_changes_of(STAFF, deltas) == tuple(expected)


@pytest.mark.parametrize(
    "delta", [EdgeDelta("members", (Edge(STAFF),)), EdgeDelta("members", removed=(STAFF,))]
)
def test_a_resource_is_not_related_to_itself(delta: EdgeDelta) -> None:
    with pytest.raises(InvalidValue, match="cannot be related to itself"):
        edge_changes_of(STAFF, [delta])


@pytest.mark.parametrize(
    ("some", "counts"),
    [
        ((come(ANN), come(BOB)), {"n.members": 2}),
        ((go(ANN), come(BOB)), {}),
        ((stay(ANN),), {}),
        ((go(ANN), come(ANN, "owners")), {"n.members": -1, "n.owners": 1}),
    ],
    ids=["two come", "one for another", "one stays", "between relations"],
)
def test_a_relation_grows_by_what_comes_less_what_goes(
    some: tuple[EdgeChange, ...], counts: dict[str, int]
) -> None:
    assert moves(*some).counts() == counts


def test_an_edge_can_be_added_once_and_to_a_live_target() -> None:
    edge, target = moves(come(ANN)).writes()
    assert (edge.action, edge.item_key) == ("Put", ("T#acme#Group#staff#members", "ann"))
    assert edge.item == {"k": "edge", "s": 1, "t": "User", "c": NOW}
    assert edge.conditions == (absent(),)
    assert (target.action, target.item_key) == ("Update", ("T#acme#User", "ann"))
    assert target.adds == {"g.Group.members": frozenset({b"\x00staff"}), "l": 1}
    assert target.conditions == (exists("v"), absent("d"))


def test_an_edge_can_be_removed_from_a_live_or_deleted_target() -> None:
    edge, target = moves(go(ANN)).writes()
    assert (edge.action, edge.conditions) == ("Delete", (exists(),))
    assert target.drops == {"g.Group.members": frozenset({b"\x00staff"})}
    assert target.adds == {"l": -1}
    assert target.conditions == (exists("v"),)


def test_an_edge_that_stays_does_not_touch_its_target() -> None:
    (edge,) = moves(stay(ANN)).writes()
    assert (edge.action, edge.conditions) == ("Put", (exists(),))
    assert edge_of({"sk": "ann", **edge.item}) == Edge(ANN, SENT)


def test_a_target_of_two_relations_is_one_step() -> None:
    *edges, target = moves(go(ANN), come(ANN, "owners")).writes()
    assert [write.item_key.pk for write in edges] == [
        "T#acme#Group#staff#members",
        "T#acme#Group#staff#owners",
    ]
    assert target.drops == {"g.Group.members": frozenset({b"\x00staff"})}
    assert target.adds == {"g.Group.owners": frozenset({b"\x00staff"}), "l": 0}
    assert target.conditions == (exists("v"), absent("d"))


def test_an_edge_can_go_although_its_target_is_gone() -> None:
    some = moves(go(ANN), come(BOB))
    reduced = some.without_gone(failed_condition(step_on(some, ANN)))
    assert reduced is not None
    assert reduced.counts() == {}
    assert [write.item_key.sk for write in reduced.writes()] == ["ann", "bob", "bob"]


def test_an_edge_cannot_come_when_its_target_is_gone() -> None:
    some = moves(go(ANN), come(BOB))
    assert some.without_gone(failed_condition(step_on(some, BOB))) is None


def test_a_refusal_for_more_than_a_missing_target_stays_a_refusal() -> None:
    some = moves(go(ANN))
    edge, target = some.writes()
    assert some.without_gone(failed_condition(edge, target)) is None


def test_targets_found_missing_one_after_the_other_stay_missing() -> None:
    some = moves(go(ANN), go(BOB))
    once = some.without_gone(failed_condition(step_on(some, ANN)))
    assert once is not None
    twice = once.without_gone(failed_condition(step_on(once, BOB)))
    assert twice is not None
    assert [write.action for write in twice.writes()] == ["Delete", "Delete"]


def test_rolling_forward_leaves_out_edges_already_made() -> None:
    some = moves(come(ANN), go(BOB), come(CREW))
    ann, bob, *_ = some.writes()
    assert some.without_refused(failed_condition(ann, bob)).changes == (come(CREW),)


def test_rolling_forward_leaves_out_targets_deleted_meanwhile() -> None:
    some = moves(come(ANN), go(BOB), come(CREW))
    left = some.without_refused(failed_condition(step_on(some, ANN), step_on(some, BOB)))
    assert left.changes == (go(BOB), come(CREW))
    assert [write.item_key.sk for write in left.writes()] == ["bob", "crew", "crew"]


@pytest.mark.parametrize("sent", [{}, SENT, {"type": "User", "display": "é"}])
def test_the_values_sent_with_an_edge_come_back(sent: dict[str, object]) -> None:
    edge = edge_of({"pk": "p", "sk": "ann", **edge_item("User", sent, NOW)})
    assert (edge.target, edge.sent, edge.since) == (ANN, sent, NOW)


def test_an_edge_with_nothing_sent_stores_nothing_for_it() -> None:
    assert edge_item("User", {}, NOW) == {"k": "edge", "s": 1, "t": "User", "c": NOW}


@pytest.mark.parametrize(
    ("width", "sizes"), [(1, [1, 1, 1, 1, 1]), (2, [2, 2, 1]), (5, [5]), (9, [5])]
)
def test_slices_are_as_wide_as_they_may_be(width: int, sizes: list[int]) -> None:
    some = [come(Key("User", str(n))) for n in range(5)]
    slices = split(some, width)
    assert [len(slice_) for slice_ in slices] == sizes
    assert [move for slice_ in slices for move in slice_] == some


POINTERS = {Pointer("user", Key("User", "u1")), Pointer("organization", Key("Organization", "o1"))}


def test_a_reference_target_must_be_live_and_not_ending() -> None:
    first, second = referrers_added("acme", "Link", POINTERS)
    assert (first.item_key.pk, second.item_key.sk) == ("T#acme#Organization", "u1")
    assert dict(second.adds) == {"r.Link.user": 1}
    clauses = [(each.clause, each.attribute) for each in second.conditions]
    assert clauses == [
        ("attribute_exists({n})", "v"),
        ("attribute_not_exists({n})", "d"),
        ("attribute_not_exists({n})", "x"),
    ]


def test_a_released_reference_target_may_be_ending() -> None:
    writes = referrers_removed("acme", "Link", POINTERS)
    assert [dict(write.adds) for write in writes] == [
        {"r.Link.organization": -1},
        {"r.Link.user": -1},
    ]
    assert all([each.attribute for each in write.conditions] == ["v"] for write in writes)
