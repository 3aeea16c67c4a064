"""The operations of an undo have the same order in each process, so that a dry run shows what is done."""

from scim.service.bulk.waves import Mark
from scim.service.feed.undo_order import Claim, names_freed_first


def test_what_frees_the_names_that_one_operation_takes_keeps_its_order() -> None:
    names = [("value", "User", "userName", name) for name in ("kim", "ann", "sam", "lee", "bob")]
    frees = [Claim({"path": name[-1]}, frees=frozenset({name})) for name in names]
    taking = Claim({"path": "new"}, takes=frozenset(names))
    order = [operation["path"] for operation in names_freed_first([taking, *frees])]
    assert order == ["kim", "ann", "sam", "lee", "bob", "new"]


def test_who_takes_the_name_of_a_later_one_comes_after_its_placeholder() -> None:
    ann, bob, eve = ((("value", "User", "userName", name)) for name in ("ann", "bob", "eve"))

    def claim(name: str, takes: Mark, frees: Mark) -> Claim:
        placeholder, after = {"path": f"{name} placeholder"}, {"path": f"{name} after"}
        return Claim({"path": name}, frozenset({takes}), frozenset({frees}), placeholder, after)

    def order(*claims: Claim) -> list[str]:
        return [operation["path"] for operation in names_freed_first(claims)]

    first, second = claim("first", ann, bob), claim("second", bob, ann)
    assert order(first, second) == ["first placeholder", "second", "first after"]
    third = claim("third", eve, ann)
    circle = (first, third, claim("second", bob, eve))
    assert order(*circle) == ["first placeholder", "second", "third", "first after"]
    assert order(first, claim("second", eve, ann)) == ["second", "first"]
    stiff = Claim({"path": "stiff"}, frozenset({ann}), frozenset({bob}))
    assert order(stiff, second) == ["second", "stiff"]
