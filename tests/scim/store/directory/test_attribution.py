"""Who changed a resource and how is stored with it."""

from scim.resource.change import EdgeDelta
from scim.resource.history.origin import Action, Origin
from scim.resource.record import Edge, Key
from scim.store.directory.attribution import MOST_NAMED, attributed, attribution, bereavement

CALLER = Origin("t1", "token:t1", "userName:kim", "192.0.2.7", "req-1")
ANN, CREW = Key("User", "ann"), Key("Group", "crew")


def test_what_is_stored_is_read_again() -> None:
    delta = EdgeDelta("members", (Edge(ANN), Edge(CREW)), (Key("User", "bob"),))
    by = attribution(CALLER, Action.PATCH, [delta])
    edges = {"members": {"+": {"User": ["ann"], "Group": ["crew"]}, "-": {"User": ["bob"]}}}
    assert attributed({"by": by}) == (CALLER, "patch", edges)


def test_of_many_edges_there_is_the_number() -> None:
    came = tuple(Edge(Key("User", f"u{n}")) for n in range(MOST_NAMED + 1))
    by = attribution(CALLER, Action.PUT, [EdgeDelta("members", came)])
    assert attributed({"by": by})[2] == {"members": {"+": MOST_NAMED + 1, "-": 0}}


def test_an_owner_who_is_not_the_token_itself_is_kept() -> None:
    client = Origin("jwt-1", "client:crm", transaction="req-2")
    assert attributed({"by": attribution(client, Action.CREATE)})[0] == client


def test_who_loses_a_member_knows_which_and_by_whom() -> None:
    origin, action, relations = attributed({"by": bereavement(CALLER, ["members"], ANN)})
    assert (origin, action) == (CALLER, "patch")
    assert relations == {"members": {"+": {}, "-": {"User": ["ann"]}}}


def test_an_item_from_before_says_nothing_of_who_it_was() -> None:
    assert attributed({"v": 7}) == (Origin(), "", {})


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
