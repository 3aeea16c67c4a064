"""The directory that is exported and imported, and the comparison of two directories."""

import json

from bench.transfer import _directory, _lines


def test_groups_are_in_groups_and_never_in_themselves() -> None:
    groups = [json.loads(line) for line in _lines(50, 9)][:9]
    inner = {
        each["id"]: {m["value"] for m in each["members"] if m["value"].startswith("g")}
        for each in groups
    }
    assert inner["g0"] == {"g1", "g2"}
    assert all(int(m[1:]) > int(id_[1:]) for id_, members in inner.items() for m in members)
    assert set().union(*inner.values()) == {f"g{n}" for n in range(1, 9)}


def test_directories_are_the_same_when_only_ids_and_order_differ() -> None:
    one = b'{"id":"a"}\n{"id":"g","members":[{"value":"b"},{"value":"a"}]}\n{"id":"b"}\n'
    other = b'{"id":"1"}\n{"id":"2"}\n{"id":"3","members":[{"value":"1"},{"value":"2"}]}\n'
    same = {id_: id_ for id_ in "123"}
    found = _directory(other, same)
    assert _directory(one, {"a": "1", "b": "2", "g": "3"}) == found
    assert _directory(one, {"a": "1", "b": "3", "g": "2"}) != found
