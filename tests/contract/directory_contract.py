"""The rules of the port `Directory`, for every implementation.

A test module subclasses DirectoryContract and provides the fixture `directory`.
"""

from tests.contract.directory.content_contract import ContentContract
from tests.contract.directory.deletion_contract import DeletionContract
from tests.contract.directory.edges_contract import EdgesContract
from tests.contract.directory.lists_contract import ListsContract
from tests.contract.directory.relations_contract import RelationsContract
from tests.contract.directory.tenants_contract import TenantsContract
from tests.contract.directory.values_contract import ValuesContract


class DirectoryContract(
    ContentContract,
    ValuesContract,
    EdgesContract,
    DeletionContract,
    ListsContract,
    TenantsContract,
    RelationsContract,
):
    """What every directory must do; `many` edges are more than one transaction holds."""

    many = 1000
