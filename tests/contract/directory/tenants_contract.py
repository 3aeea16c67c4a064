"""The part of the contract of `Directory` about tenants."""

import pytest

from scim.resource.access_path import Direction, IndexValue
from scim.resource.record import Key, Stale
from scim.service.ports import Directory
from tests.contract.directory.steps import T, fresh, stored, users
from tests.contract.samples import content, deletion_of, group, id_, joining, user


class TenantsContract:
    """Tenants see nothing of each other."""

    def test_another_tenant_sees_nothing(self, directory: Directory) -> None:
        (key,) = users(directory, 1)
        staff = stored(directory, group("staff", [key]))
        other = "globex"
        assert directory.read(other, key) is None
        assert directory.read_latest(other, [key]) == {}
        assert directory.read_many(other, [key]) == {}
        assert directory.records(other, "User", Direction.UP, None, 10).records in ([], ())
        assert directory.count(other, "User") == 0
        assert (
            directory.ids(
                other, IndexValue("User", "userName", "user0"), Direction.UP, None, 10
            ).ids
            == []
        )
        assert directory.edges(other, staff.key, "members", Direction.UP, None, 10).edges in (
            [],
            (),
        )

    def test_another_tenant_can_take_the_same_value(self, directory: Directory) -> None:
        directory.create(T, user("ann"))
        directory.create("acme-2", user("ann"))
        assert directory.count("acme-2", "User") == 1

    def test_another_tenant_can_change_nothing(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"))
        with pytest.raises(Stale):
            directory.update("globex", content(ann, {"userName": "mallory"}))
        with pytest.raises(Stale):
            directory.delete("globex", deletion_of(ann))
        assert fresh(directory, ann.key) == ann

    def test_an_edge_cannot_reach_into_another_tenant(self, directory: Directory) -> None:
        ann = stored(directory, user("ann"), "globex")
        with pytest.raises(Stale):
            directory.create(T, group("staff", [ann.key]))
        staff = stored(directory, group("staff"))
        with pytest.raises(Stale):
            directory.update(T, joining(staff, ann.key))

    @pytest.mark.parametrize("tenant", ["", "a#b", "~", "a b", "T#acme", "é"])
    def test_an_invalid_tenant_name_is_refused(self, directory: Directory, tenant: str) -> None:
        with pytest.raises(ValueError, match="tenant"):
            directory.create(tenant, user("ann"))
        with pytest.raises(ValueError, match="tenant"):
            directory.read(tenant, Key("User", id_()))
