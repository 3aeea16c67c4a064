"""All rules."""

from typing import Final

from scim_cli.conform.interop import INTEROP
from scim_cli.conform.interop_changes import CHANGES
from scim_cli.conform.ipsie import AL1
from scim_cli.conform.ipsie_al2 import AL2
from scim_cli.conform.rfc_async import ASYNC
from scim_cli.conform.rfc_lists import LISTS
from scim_cli.conform.rfc_more import MORE
from scim_cli.conform.rfc_patch import PATCHING
from scim_cli.conform.rfc_reading import READING
from scim_cli.conform.rfc_writing import WRITING
from scim_cli.conform.rule import Rule

RULES: Final[tuple[Rule, ...]] = tuple(
    rule
    for part in (READING, LISTS, WRITING, MORE, PATCHING, ASYNC, INTEROP, CHANGES, AL1, AL2)
    for rule in part.all
)
