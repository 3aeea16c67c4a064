"""What counts as a removal, and what does not."""

import pytest

from scim.resource.change import Deletion, EdgeDelta, Update
from scim.resource.record import Edge, Key, Link, Record
from scim.schema.outline import Outline
from scim.schema.resource_type import OnDelete, Referrer
from scim.store.guards.breaker import removals_of

CREATED, NOW = "2026-03-01T10:00:00.000Z", "2026-03-01T11:00:00.000Z"
KIM, BO = Key("User", "kim"), Key("User", "bo")
ACTIVE, SHUT_OUT = {"active": True}, {"active": False}


def _record(body: dict[str, object] | None = None, **more: object) -> Record:
    return Record(Key("Group", "all"), 3, CREATED, CREATED, body or {}, **more)  # type: ignore[arg-type]


def _update(
    before: dict[str, object] | None, after: dict[str, object] | None, *deltas: EdgeDelta
) -> Update:
    return Update(_record(before), NOW, after, edges=deltas)


REFERRED = Deletion(
    _record(referrers={Link("Badge", "owner"): 3, Link("Desk", "user"): 2}),
    NOW,
    frozenset(),
    outlines={
        "Group": Outline(
            referrers=(
                Referrer("Badge", "owner", OnDelete.CASCADE),
                Referrer("Desk", "user", OnDelete.CLEAR),
            )
        )
    },
)


@pytest.mark.parametrize(
    ("change", "number"),
    [
        pytest.param(Deletion(_record(), NOW, frozenset()), 1, id="a deletion"),
        pytest.param(
            Deletion(_record(counts={"members": 7}), NOW, frozenset()), 8, id="with its members"
        ),
        pytest.param(REFERRED, 4, id="with what goes along"),
        pytest.param(_update(ACTIVE, SHUT_OUT), 1, id="a deactivation"),
        pytest.param(_update({}, SHUT_OUT), 1, id="of who did not say"),
        pytest.param(_update(SHUT_OUT, SHUT_OUT | {"title": "Dr"}), 0, id="of who was not"),
        pytest.param(_update(SHUT_OUT, ACTIVE), 0, id="an activation"),
        pytest.param(_update(ACTIVE, {}), 0, id="nothing said any more"),
        pytest.param(
            _update({}, None, EdgeDelta("members", (Edge(KIM),), (BO,))), 1, id="one for another"
        ),
        pytest.param(_update({}, None, EdgeDelta("members", (), (KIM, BO))), 2, id="two members"),
        pytest.param(_update({}, None, EdgeDelta("members", (Edge(KIM),))), 0, id="a member more"),
    ],
)
def test_deletions_deactivations_and_removed_edges_count_as_removals(
    change: Update | Deletion, number: int
) -> None:
    assert removals_of(change, 0) == number


@pytest.mark.parametrize(("new_seconds", "number"), [(3600, 1), (3601, 0)])
def test_the_removal_of_a_new_resource_does_not_count(new_seconds: int, number: int) -> None:
    assert removals_of(Deletion(_record(), NOW, frozenset()), new_seconds) == number
