"""The steps of a transaction on what is referred to."""

from scim.resource.record import Key, Pointer
from scim.store.directory.links import letting_go, pointing

POINTERS = {Pointer("user", Key("User", "u1")), Pointer("organization", Key("Organization", "o1"))}


def test_what_is_referred_to_must_live_and_stay() -> None:
    first, second = pointing("acme", "Link", POINTERS)
    assert (first.item_key.pk, second.item_key.sk) == ("T#acme#Organization", "u1")
    assert dict(second.adds) == {"r.Link.user": 1}
    clauses = [(each.clause, each.attribute) for each in second.conditions]
    assert clauses == [
        ("attribute_exists({n})", "v"),
        ("attribute_not_exists({n})", "d"),
        ("attribute_not_exists({n})", "x"),
    ]


def test_what_is_let_go_of_may_be_on_its_way_out() -> None:
    writes = letting_go("acme", "Link", POINTERS)
    assert [dict(write.adds) for write in writes] == [
        {"r.Link.organization": -1},
        {"r.Link.user": -1},
    ]
    assert all([each.attribute for each in write.conditions] == ["v"] for write in writes)
