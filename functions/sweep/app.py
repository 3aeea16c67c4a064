"""Works off what deletes and large changes left to do: when they tell, and once a minute."""

from scim.bootstrap.workers import sweep_handler

handler = sweep_handler()
