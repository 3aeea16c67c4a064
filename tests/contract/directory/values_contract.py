"""The part of the contract of `Directory` about values."""

from dataclasses import replace

import pytest

from scim.errors import Uniqueness
from scim.resource.access_path import Direction, IndexValue
from scim.resource.change import Creation
from scim.resource.record import Entry, Key, Stale
from scim.service.ports import Directory
from tests.contract.directory.steps import T, fresh, ids, stored
from tests.contract.samples import NOW, content, id_, user


class ValuesContract:
    """Unique values, and lookups by the values of an index."""

    # Unique values

    def test_a_unique_value_cannot_be_taken_twice(self, directory: Directory) -> None:
        directory.create(T, user("ann"))
        with pytest.raises(Uniqueness) as refusal:
            directory.create(T, user("ann"))
        assert "userName" in refusal.value.detail
        assert "ann" not in refusal.value.detail

    def test_folded_values_collide(self, directory: Directory) -> None:
        directory.create(T, user("Ann"))
        with pytest.raises(Uniqueness):
            directory.create(T, user("aNN"))

    def test_a_refused_creation_leaves_nothing(self, directory: Directory) -> None:
        directory.create(T, user("ann", externalId="1"))
        refused = user("ann", externalId="2")
        with pytest.raises(Uniqueness):
            directory.create(T, refused)
        assert directory.read(T, refused.key) is None
        assert (
            directory.ids(T, IndexValue("User", "externalId", "2"), Direction.UP, None, 10).ids
            == []
        )
        assert directory.count(T, "User") == 1

    def test_values_that_are_not_unique_are_shared(self, directory: Directory) -> None:
        one, two = user("ann", externalId="7"), user("bob", externalId="7")
        directory.create(T, one)
        directory.create(T, two)
        assert directory.ids(
            T, IndexValue("User", "externalId", "7"), Direction.UP, None, 10
        ).ids == ids([one.key, two.key])

    def test_a_unique_value_of_another_type_is_free(self, directory: Directory) -> None:
        directory.create(T, user("ann"))
        other = replace(user("ann"), key=Key("Device", id_()))
        directory.create(T, other)
        assert directory.ids(
            T, IndexValue("Device", "userName", "ann"), Direction.UP, None, 10
        ).ids == [other.key.id]

    def test_an_id_cannot_be_created_twice(self, directory: Directory) -> None:
        creation = user("ann")
        directory.create(T, creation)
        with pytest.raises(Stale):
            directory.create(T, replace(user("bob"), key=creation.key))
        assert fresh(directory, creation.key).body == creation.body

    def test_a_changed_unique_value_frees_the_old_and_guards_the_new(
        self, directory: Directory
    ) -> None:
        ann = stored(directory, user("ann"))
        directory.update(T, content(ann, {"userName": "anna"}))
        assert (
            directory.ids(T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10).ids
            == []
        )
        assert directory.ids(
            T, IndexValue("User", "userName", "anna"), Direction.UP, None, 10
        ).ids == [ann.key.id]
        directory.create(T, user("ann"))
        with pytest.raises(Uniqueness):
            directory.create(T, user("anna"))

    def test_a_change_to_a_taken_value_is_refused_and_changes_nothing(
        self, directory: Directory
    ) -> None:
        ann = stored(directory, user("ann"))
        directory.create(T, user("bob"))
        with pytest.raises(Uniqueness):
            directory.update(T, content(ann, {"userName": "bob"}))
        assert fresh(directory, ann.key) == ann
        assert directory.ids(
            T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10
        ).ids == [ann.key.id]

    def test_a_change_of_case_only_keeps_the_value(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        directory.update(T, content(ann, {"userName": "ANN"}))
        assert fresh(directory, ann.key).body == {"userName": "ANN"}
        assert directory.ids(
            T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10
        ).ids == [ann.key.id]

    # Looking up values

    def test_a_value_nobody_has_finds_nothing(self, directory: Directory) -> None:
        assert (
            directory.ids(T, IndexValue("User", "userName", "ann"), Direction.UP, None, 10).ids
            == []
        )

    @pytest.mark.parametrize(
        ("value", "other"),
        [
            ("ann", "ann b"),
            ("ann", "ann\x00b"),
            ("ann", "ann\x01"),
            ("ann", "an"),
            ("", "a"),
            ("a#b", "a"),
            ("é" * 700, "é" * 701),
            ("x" * 5000, "x" * 4999 + "y"),
            ("\U0001f600", "\uffff"),
        ],
        ids=ascii,
    )
    @pytest.mark.parametrize("is_unique", [True, False])
    def test_only_the_very_value_is_found(
        self, directory: Directory, value: str, other: str, is_unique: bool
    ) -> None:
        keys = [Key("User", id_()), Key("User", id_())]
        for key, held in zip(keys, (value, other), strict=True):
            entries = frozenset({Entry("nickName", held, is_unique)})
            directory.create(T, Creation(key, {}, entries, NOW))
        assert directory.ids(
            T, IndexValue("User", "nickName", value), Direction.UP, None, 10
        ).ids == [keys[0].id]
        assert directory.ids(
            T, IndexValue("User", "nickName", other), Direction.UP, None, 10
        ).ids == [keys[1].id]

    def test_an_attribute_named_with_a_schema_urn_is_indexed(self, directory: Directory) -> None:
        attribute = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber"
        key = Key("User", id_())
        directory.create(T, Creation(key, {}, frozenset({Entry(attribute, "7", True)}), NOW))
        assert directory.ids(T, IndexValue("User", attribute, "7"), Direction.UP, None, 10).ids == [
            key.id
        ]

    def test_no_more_ids_than_asked_for_are_found(self, directory: Directory) -> None:
        keys = [stored(directory, user(f"u{n}", externalId="7")).key for n in range(3)]
        assert (
            directory.ids(T, IndexValue("User", "externalId", "7"), Direction.UP, None, 2).ids
            == ids(keys)[:2]
        )

    def test_an_added_and_a_removed_value_follow_the_body(self, directory: Directory) -> None:
        ann = stored(directory, user("ann", externalId="1"))
        directory.update(T, content(ann, {"userName": "ann", "displayName": "Ann"}))
        assert (
            directory.ids(T, IndexValue("User", "externalId", "1"), Direction.UP, None, 10).ids
            == []
        )
        assert directory.ids(
            T, IndexValue("User", "displayName", "ann"), Direction.UP, None, 10
        ).ids == [ann.key.id]
