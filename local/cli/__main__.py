"""`python -m local.cli`."""

from local.cli.client import client
from local.cli.definitions import definitions
from local.cli.index import index
from local.cli.issuer import issuer
from local.cli.job import job
from local.cli.limit import limit
from local.cli.profile import profile
from local.cli.report import report
from local.cli.root import scim
from local.cli.tenant import tenant
from local.cli.token import token
from local.cli.transfer.export import export
from local.cli.transfer.import_ import import_

for group in (tenant, token, client, issuer, limit, profile, definitions, index, report, job):
    scim.add_command(group)
for command in (import_, export):
    scim.add_command(command)

if __name__ == "__main__":
    scim()
