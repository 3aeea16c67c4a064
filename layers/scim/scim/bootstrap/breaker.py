"""Tells the operator that a tenant's breaker has opened: a line in the log, and a metric to alarm on."""

from typing import Final

from scim.http.log_lines import logger
from scim.service.metrics import SERVICE, TENANT, embedded, write

METRIC: Final = "BreakerOpened"


def told(tenant: str) -> None:
    """Say that nothing is removed from the tenant's directory any more."""
    logger().error("breaker opened", extra={"tenant": tenant})
    described = embedded({METRIC: "Count"}, [(SERVICE,)])
    write({**described, SERVICE: logger().service, TENANT: tenant, METRIC: 1})
