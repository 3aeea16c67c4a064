"""A change that fits is one transaction, and is repeated when others are in the way."""

from collections.abc import Callable, Sequence
from functools import partial

import pytest

from scim.errors import PayloadTooLarge, Unavailable, Uniqueness
from scim.expiring_cache import ExpiringCache
from scim.resource.change import Guard
from scim.resource.record import Key, Stale
from scim.store.directory.commit import REMEMBERED, ROUNDS, Changes
from scim.store.directory.links import EdgeChange, EdgeWrites
from scim.store.dynamodb.rows import Row
from scim.store.dynamodb.table import Table
from scim.store.dynamodb.write import ConditionFailed, Failure, Write, absent
from scim.store.keys.directory import ItemKey, resource_key, tenant_key

STAFF, ANN, BOB = Key("Group", "staff"), Key("User", "ann"), Key("User", "bob")
NOW = "2026-03-01T10:00:00.000Z"
HEAD = Write("Update", resource_key("acme", STAFF), (absent("j"),), adds={"v": 1})
UNIQUE = Write("Put", ItemKey("T#acme#Group#displayName", "staff"), refusal=Uniqueness("taken"))
ALIVE_WITH_A_JOURNAL: Row = {"v": 4, "j": "1"}


class Refusing(Table):
    """Refuses writes as it is told, one after the other; items are nowhere.

    `refusals` name for each write the places of the steps refused and the items they met.
    """

    def __init__(self, *refusals: dict[ItemKey, Row]) -> None:
        self.refusals = list(refusals)
        self.written: list[Sequence[Write]] = []
        self.looked_at: list[ItemKey] = []

    def clock_at(self, now: str) -> Callable[[], str]:
        return lambda: now

    def write(self, writes: Sequence[Write]) -> None:
        self.written.append(writes)
        refusal = self.refusals.pop(0) if self.refusals else {}
        failed = [Failure(s, refusal[s.item_key]) for s in writes if s.item_key in refusal]
        if failed:
            raise ConditionFailed(failed)

    def item(self, item_key: ItemKey) -> Row | None:
        self.looked_at.append(item_key)
        return None


def moves(*some: tuple[Key, int]) -> EdgeWrites:
    return EdgeWrites(
        "acme", STAFF, tuple(EdgeChange("members", key, by, {}) for key, by in some), NOW
    )


def people(number: int) -> EdgeWrites:
    return moves(*((Key("User", f"u{n:02d}"), 1) for n in range(number)))


def item_keys(writes: Sequence[Write]) -> list[str]:
    return ["/".join(write.item_key) for write in writes]


def test_a_change_is_one_transaction() -> None:
    table = Refusing()
    Changes(table, 49).make(HEAD, [UNIQUE], moves((ANN, 1)), [Guard("members", 7)])
    assert [item_keys(writes) for writes in table.written] == [
        [
            "T#acme#Group/staff",
            "T#acme#Group#displayName/staff",
            "T#acme#nesting/Group#members",
            "T#acme#Group#staff#members/ann",
            "T#acme#User/ann",
        ]
    ]
    assert table.written[0][0].adds == {"v": 1, "n.members": 1}


@pytest.mark.parametrize(
    ("edges", "rest", "guards", "is_journaled"),
    [
        (49, 1, 0, False),
        (49, 2, 0, True),
        (49, 1, 1, True),
        (48, 2, 1, False),
        (50, 0, 0, True),
    ],
    ids=["100 steps", "101 steps", "101 with a guard", "100 with a guard", "50 edges"],
)
def test_a_change_too_large_for_a_transaction_is_journaled(
    edges: int, rest: int, guards: int, is_journaled: bool
) -> None:
    table = Refusing()
    others = [Write("Delete", ItemKey("other", str(n))) for n in range(rest)]
    asked = [Guard("members", 0)] * guards
    Changes(table, 49).make(HEAD, others, people(edges), asked)
    assert ("T#acme#journal/Group#staff" in item_keys(table.written[0])) is is_journaled
    assert is_journaled or len(table.written[0]) == 100


@pytest.mark.parametrize(("edges", "is_journaled"), [(3, False), (4, True)])
def test_the_width_bounds_the_edges_of_a_transaction(edges: int, is_journaled: bool) -> None:
    table = Refusing()
    Changes(table, 3).make(HEAD, [], people(edges), [])
    assert ("T#acme#journal/Group#staff" in item_keys(table.written[0])) is is_journaled


@pytest.mark.parametrize("edges", [1940, 1941])
def test_a_change_of_too_many_edges_is_refused_and_says_what_to_do(edges: int) -> None:
    table = Refusing()
    change = partial(Changes(table, 1).make, HEAD, [], people(edges), [])
    if edges == 1940:
        change()
        assert len(table.written[0]) == 100
        return
    with pytest.raises(PayloadTooLarge, match=r"^members: 1941 .* at most 1600 in .* delete the"):
        change()
    assert table.written == []


def test_a_refused_step_raises_its_own_error() -> None:
    table = Refusing({UNIQUE.item_key: {"i": "other"}})
    with pytest.raises(Uniqueness, match="taken"):
        Changes(table, 49).make(HEAD, [UNIQUE], moves(), [])
    assert len(table.written) == 1


def test_the_first_refused_step_is_the_one_that_counts() -> None:
    table = Refusing({UNIQUE.item_key: {"i": "other"}, HEAD.item_key: {"v": 5}})
    with pytest.raises(Stale):
        Changes(table, 49).make(HEAD, [UNIQUE], moves(), [])


def test_a_journal_in_the_way_is_completed_and_the_change_made_again() -> None:
    table = Refusing({HEAD.item_key: ALIVE_WITH_A_JOURNAL})
    Changes(table, 49).make(HEAD, [], moves((ANN, 1)), [])
    assert table.looked_at == [("T#acme#journal", "Group#staff")]
    assert item_keys(table.written[0]) == item_keys(table.written[1])


@pytest.mark.parametrize(
    "met", [{}, {"v": 4}, {"v": 4, "j": "1", "d": NOW}], ids=["nothing", "no journal", "deleted"]
)
def test_without_a_journal_in_the_way_the_change_is_refused(met: Row) -> None:
    with pytest.raises(Stale):
        Changes(Refusing({HEAD.item_key: met}), 49).make(HEAD, [], moves(), [])


def test_an_edge_goes_without_the_target_that_is_gone() -> None:
    table = Refusing({resource_key("acme", ANN): {}})
    Changes(table, 49).make(HEAD, [], moves((ANN, -1), (BOB, 1)), [])
    assert item_keys(table.written[-1]) == [
        "T#acme#Group/staff",
        "T#acme#Group#staff#members/ann",
        "T#acme#Group#staff#members/bob",
        "T#acme#User/bob",
    ]


def test_an_edge_does_not_come_to_a_target_that_is_gone() -> None:
    with pytest.raises(Stale):
        Changes(Refusing({resource_key("acme", ANN): {}}), 49).make(HEAD, [], moves((ANN, 1)), [])


@pytest.mark.parametrize("edges", [1, 9], ids=["in one", "journaled"])
def test_after_the_last_round_the_change_is_refused_as_unavailable(edges: int) -> None:
    table = Refusing(*[{HEAD.item_key: ALIVE_WITH_A_JOURNAL}] * 99)
    with pytest.raises(Unavailable):
        Changes(table, 3).make(HEAD, [], people(edges), [])
    assert len(table.written) == ROUNDS


def test_a_tenant_is_named_to_the_sweeper_once_by_each_process() -> None:
    table = Refusing()
    changes = Changes(table, 49)
    for tenant in ("acme", "other", "acme"):
        changes.write_open(tenant, [HEAD])
    assert [item_keys(writes)[1:] for writes in table.written] == [
        ["T#~#open/acme"],
        ["T#~#open/other"],
        [],
    ]


def test_a_tenant_is_named_again_after_an_hour_however_often_it_has_work() -> None:
    table, now = Refusing(), 0.0
    changes = Changes(table, 49)
    changes._tenants_named = ExpiringCache(lambda: now)
    for _ in range(4):
        changes.write_open("acme", [HEAD])
        now += REMEMBERED / 2
    assert [len(writes) for writes in table.written] == [2, 1, 2, 1]


def test_a_tenant_whose_naming_was_refused_is_named_again() -> None:
    table = Refusing({HEAD.item_key: {}})
    changes = Changes(table, 49)
    with pytest.raises(ConditionFailed):
        changes.write_open("acme", [HEAD])
    changes.write_open("acme", [HEAD])
    assert [writes[-1].item_key for writes in table.written] == [tenant_key("acme")] * 2


def test_a_journaled_change_keeps_its_other_steps_in_the_first_transaction() -> None:
    table = Refusing()
    Changes(table, 3).make(HEAD, [UNIQUE], people(4), [Guard("members", 7)])
    (first,) = table.written
    assert [write.item_key.pk for write in first] == [
        "T#acme#Group",
        "T#acme#nesting",
        "T#acme#journal",
        "T#acme#chunk",
        "T#acme#Group#displayName",
        "T#~#open",
    ]
