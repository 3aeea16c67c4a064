"""`python -m local.cli`."""

from local.cli.client import client
from local.cli.index import index
from local.cli.issuer import issuer
from local.cli.limit import limit
from local.cli.profile import profile
from local.cli.root import scim
from local.cli.tenant import tenant
from local.cli.token import token

for group in (tenant, token, client, issuer, limit, profile, index):
    scim.add_command(group)

if __name__ == "__main__":
    scim()
