"""`python -m local.cli`."""

from local.cli.root import scim
from local.cli.token import token

scim.add_command(token)

if __name__ == "__main__":
    scim()
