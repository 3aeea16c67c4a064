"""Damage to the items of a table, and what fsck says of each."""

from collections.abc import Callable
from typing import Any

from scim.store.dynamodb.values import packed

Wires = list[dict[str, dict[str, Any]]]


def one(items: Wires, kind: str, sk: str | None = None, pk: str = "") -> dict[str, Any]:
    """Return the first item of a kind, with that sort key, with that in its partition key."""
    return next(
        item
        for item in items
        if item["k"]["S"] == kind and sk in (None, item["sk"]["S"]) and pk in item["pk"]["S"]
    )


def without(kind: str, sk: str | None = None, pk: str = "") -> Callable[[Wires], None]:
    return lambda items: items.remove(one(items, kind, sk, pk))


def without_count(items: Wires) -> None:
    """Lose a shard that has counted something: what cancelled out is no loss."""
    shards = (item for item in items if item["k"] == {"S": "count"} and item["n"] != {"N": "0"})
    items.remove(next(shards))


def changed(kind: str, sk: str | None = None, /, **attributes: Any) -> Callable[[Wires], None]:
    return lambda items: one(items, kind, sk).update(attributes)


def lacking(kind: str, sk: str, *attributes: str) -> Callable[[Wires], None]:
    def damage(items: Wires) -> None:
        for attribute in attributes:
            del one(items, kind, sk)[attribute]

    return damage


def body(kind_sk: str, value: object) -> Callable[[Wires], None]:
    return changed("resource", kind_sk, z={"B": packed(value)})


def copied(kind: str, sk: str | None, /, **attributes: Any) -> Callable[[Wires], None]:
    return lambda items: items.append({**one(items, kind, sk), **attributes})


def numbered(id_: str, last: str) -> Callable[[Wires], None]:
    """Give bob a number as id, and say which number was the last one given."""
    place = {"pk": {"S": "T#acme#number"}, "sk": {"S": "User"}}

    def damage(items: Wires) -> None:
        changed("resource", "bob", sk={"S": id_})(items)
        items.append({**place, "k": {"S": "number"}, "s": {"N": "1"}, "n": {"N": last}})

    return damage


DAMAGE: list[tuple[str, Callable[[Wires], None], str]] = [
    ("an unknown kind", changed("edge", k={"S": "edgy"}), "unknown kind 'edgy'"),
    ("no kind", lacking("entry", "bob", "k"), "unknown kind None"),
    ("another item schema", changed("edge", s={"N": "9"}), "unknown item schema 9"),
    ("a key of another form", changed("edge", pk={"S": "T#acme#Group"}), "not the key of a edge"),
    ("no tenant", changed("edge", pk={"S": "T##Group#x#m"}), "not the key of a edge"),
    ("a missing attribute", lacking("resource", "bob", "c"), "lacks c"),
    ("a version below one", changed("resource", "bob", v={"N": "0"}), "version 0"),
    (
        "time going back",
        changed("resource", "bob", c={"S": "2027-03-01T10:00:00.000Z"}),
        "before it was created",
    ),
    ("a stale index key", changed("resource", "bob", gs={"S": "2020#bob"}), "byLastModified"),
    ("an unreadable body", changed("resource", "bob", z={"B": b"\x01\xff"}), "cannot be read"),
    ("an unknown codec", changed("resource", "bob", z={"B": b"\x7fabc"}), "cannot be read"),
    ("a body that is no object", body("bob", [1]), "no object"),
    (
        "a password in a body",
        body("bob", {"userName": "bob", "externalId": "x-bob", "x": [{"passWord": "1"}]}),
        "its body holds a password",
    ),
    ("a password beside it", changed("resource", "bob", password={"S": "1"}), "holds a password"),
    ("a huge item", changed("edge", x={"B": b"x" * 360_000}), "larger than"),
    (
        "a secret in the clear",
        changed("edge", label={"S": "scim_a1_" + "x" * 43}),
        "holds a secret",
    ),
    ("a lost entry", without("entry", "bob"), "its userName is not indexed"),
    ("a lost shared entry", without("entry", "x-bob\x00bob"), "its externalId is not indexed"),
    (
        "an entry of another value",
        changed("entry", "bob", sk={"S": "bill"}),
        "an entry whose owner has another value",
    ),
    ("a stale entry", copied("entry", "bob", sk={"S": "robert"}), "has another value"),
    ("an entry of the dead", copied("entry", "bob", sk={"S": "old"}, i={"S": "old"}), "of nothing"),
    ("an entry taken over", changed("entry", "bob", i={"S": "zoe"}), "has another value"),
    (
        "an entry of two minds",
        changed("entry", "x-bob\x00bob", i={"S": "zoe"}),
        "its key and its owner differ",
    ),
    ("a value held twice", body("zoe", {"userName": "BOB"}), "its userName is not indexed"),
    ("a lost resource", without("resource", "bob"), "an entry of nothing that lives"),
    ("a lost edge", without("edge", "bob", "#staff#"), "staff members without an edge"),
    ("a lost link", lacking("resource", "bob", "g.Group.members", "l"), "does not know of"),
    ("miscounted links", changed("resource", "bob", l={"N": "7"}), "counts 7 links"),
    ("miscounted edges", changed("resource", "staff", **{"n.members": {"N": "5"}}), "counts 5"),
    ("uncounted edges", lacking("resource", "staff", "n.members"), "counts 0 members, has 2"),
    (
        "an edge into nothing",
        copied("edge", "bob", sk={"S": "nobody"}),
        "an edge to nothing",
    ),
    (
        "an edge from nothing",
        copied("edge", "bob", pk={"S": "T#acme#Group#nothing#members"}),
        "an edge of nothing",
    ),
    (
        "an edge across tenants",
        copied("edge", "bob", pk={"S": "T#globex#Group#staff#members"}),
        "an edge to nothing",
    ),
    (
        "a relation to itself",
        copied("edge", "bob", sk={"S": "crew"}, t={"S": "Group"}),
        "a relation to itself",
    ),
    ("a lost count", without_count, "counters say"),
    ("a wrong count", changed("count", n={"N": "40"}), "counters say"),
    ("a body in a tombstone", changed("resource", "old", z={"B": b"\x01"}), "with a body"),
    ("an endless tombstone", lacking("resource", "old", "ttl"), "without an end"),
    ("a lost reap job", without("reap"), "a tombstone with edges and no reap job"),
    ("a reap job of the living", changed("reap", sk={"S": "User#bob"}), "without a tombstone"),
    ("a lost journal", without("journal"), "marked with a journal that is not there"),
    ("a lost mark", lacking("resource", "crew", "j"), "a journal without its resource"),
    ("a stray chunk", copied("chunk", None, sk={"S": "Group#crew#x#0000"}), "no journal"),
    (
        "a circle",
        lambda items: (
            [
                copied(
                    "edge",
                    "bob",
                    pk={"S": f"T#acme#Group#{a}#members"},
                    sk={"S": b},
                    t={"S": "Group"},
                )(items)
                for a, b in (("staff", "crew"), ("crew", "staff"))
            ]
            and None
        ),
        "contains itself by members",
    ),
    (
        "a guard that nothing holds",
        lambda items: items.append(
            {
                "pk": {"S": "T#acme#nesting"},
                "sk": {"S": "Group#members"},
                "k": {"S": "nesting"},
                "s": {"N": "1"},
                "n": {"N": "1"},
                "j": {"S": "Group#staff"},
            }
        ),
        "held by nothing that is under way",
    ),
    (
        "a number that will be given again",
        numbered("8", "7"),
        "acme#User#8: beyond 7, the last number given",
    ),
    ("a tenant the sweeper does not know", without("tenant"), "the sweeper does not know"),
]
