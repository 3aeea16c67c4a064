"""References to resources outside a file; tests/gateway/jobs/test_files.py covers the rest."""

from collections.abc import Iterable, Mapping

from scim.resource.record import Key, Record
from scim.service.bulk.request import BulkOperation, Method
from scim.service.transfer.outside_references import with_ids_for_keys
from tests.fakes.directory import FakeDirectory
from tests.fakes.endpoint import FakeDeployment


class LaggingDirectory(FakeDirectory):
    """A directory whose reads of many resources lack the latest ones."""

    def read_many(self, tenant: str, keys: Iterable[Key]) -> Mapping[Key, Record]:
        return {}


def test_a_resource_created_a_moment_ago_is_known() -> None:
    deployment = FakeDeployment(directory=LaggingDirectory())
    members = [{"value": deployment.user("ann")}, {"value": "nobody"}]
    group = {"displayName": "staff", "members": members}
    operation = BulkOperation(0, Method.POST, None, data=group, line=1)
    same, warning = with_ids_for_keys(deployment.endpoint("Group"), operation, "id")
    assert (same, warning) == (operation, "Line 1: refers to nobody: nobody.")


def test_a_key_names_resources_by_id_where_their_type_has_no_index_of_it() -> None:
    deployment = FakeDeployment()
    members = [{"value": deployment.user("ann")}, {"value": "nobody"}]
    operation = BulkOperation(0, Method.POST, None, data={"members": members}, line=1)
    same, warning = with_ids_for_keys(deployment.endpoint("Group"), operation, "name")
    assert (same, warning) == (operation, "Line 1: refers to nobody: nobody.")
