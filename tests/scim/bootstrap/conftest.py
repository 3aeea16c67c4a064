"""Tables as the tests of the store have them."""

from tests.scim.store.conftest import client, make_table, table_name

__all__ = ["client", "make_table", "table_name"]
