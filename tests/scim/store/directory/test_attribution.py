"""The attribute `by` of a resource: what it says of the last change."""

import pytest

from scim.resource.change import EdgeDelta
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Edge, Key
from scim.store.directory.attribution import (
    MOST_NAMED,
    attribution,
    attribution_in,
    attribution_of_both,
)
from scim.store.dynamodb.values import packed

CALLER = Origin("t1", "token:t1", "userName:kim", "192.0.2.7", "req-1")
ANN, CREW = Key("User", "ann"), Key("Group", "crew")


def test_a_stored_attribution_is_read_back() -> None:
    delta = EdgeDelta("members", (Edge(ANN), Edge(CREW)), (Key("User", "bob"),))
    by = attribution(CALLER, Action.PATCH, [delta])
    edges = {"members": {"+": {"User": ["ann"], "Group": ["crew"]}, "-": {"User": ["bob"]}}}
    assert attribution_in({"by": by}) == (CALLER, "patch", edges, ())


def test_an_attribution_of_many_edges_has_their_number() -> None:
    came = tuple(Edge(Key("User", f"u{n}")) for n in range(MOST_NAMED + 1))
    by = attribution(CALLER, Action.PUT, [EdgeDelta("members", came)])
    assert attribution_in({"by": by}).relations == {"members": {"+": MOST_NAMED + 1, "-": 0}}


def test_an_owner_who_is_not_the_token_itself_is_kept() -> None:
    client = Origin("jwt-1", "client:crm", transaction="req-2")
    assert attribution_in({"by": attribution(client, Action.CREATE)}).origin == client


@pytest.mark.parametrize("action", Action)
def test_the_action_is_stored_where_no_edges_change(action: Action) -> None:
    assert attribution_in({"by": attribution(CALLER, action)}) == (CALLER, action.value, {}, ())


def test_an_item_from_before_says_nothing_of_who_it_was() -> None:
    assert attribution_in({"v": 7}) == (Origin(), "", {}, ())


def test_an_attribution_without_an_action_says_who_it_was() -> None:
    assert attribution_in({"by": packed(CALLER.json())}) == (CALLER, "", {}, ())


def test_an_attribution_has_the_names_of_secrets_only() -> None:
    by = attribution(CALLER, Action.CREATE, secrets=("password",))
    assert attribution_in({"by": by}) == (CALLER, "create", {}, ("password",))


def test_a_caller_with_one_member_takes_less_than_200_bytes() -> None:
    delta = EdgeDelta("members", (Edge(Key("User", "9b0c3b1e-6f4f-4a52-9e0a-6c3d8a1f7e55")),))
    token = Origin(
        "5e1f9c2ab7d04486",
        "token:5e1f9c2ab7d04486",
        "",
        "203.0.113.99",
        "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    )
    assert len(attribution(token, Action.PATCH, [delta])) < 200


def test_the_later_of_two_attributions_has_the_edges_of_both() -> None:
    bob = Key("User", "bob")
    earlier = attribution(CALLER, Action.PUT, [EdgeDelta("members", (Edge(ANN),), (bob,))])
    edges = [EdgeDelta("members", removed=(CREW, bob)), EdgeDelta("owners", (Edge(ANN),))]
    later = attribution(CALLER, Action.PATCH, edges)
    assert attribution_in({"by": attribution_of_both(earlier, later)}) == (
        CALLER,
        "patch",
        {
            "members": {"+": {"User": ["ann"]}, "-": {"User": ["bob"], "Group": ["crew"]}},
            "owners": {"+": {"User": ["ann"]}, "-": {}},
        },
        (),
    )
