"""The operations of an undo have the same order in each process, so that a dry run shows what is done."""

from scim.service.feed.undo_order import Claim, names_freed_first


def test_what_frees_the_names_that_one_operation_takes_keeps_its_order() -> None:
    names = [("value", "User", "userName", name) for name in ("kim", "ann", "sam", "lee", "bob")]
    frees = [Claim({"path": name[-1]}, frees=frozenset({name})) for name in names]
    taking = Claim({"path": "new"}, takes=frozenset(names))
    order = [operation["path"] for operation in names_freed_first([taking, *frees])]
    assert order == ["kim", "ann", "sam", "lee", "bob", "new"]
