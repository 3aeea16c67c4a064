"""The alert that a tenant's breaker has opened: a log line, and a metric for an alarm."""

from typing import Final

from scim.log import logger
from scim.service.metrics import SERVICE, TENANT, embedded, write

METRIC: Final = "BreakerOpened"


def report_open(tenant: str) -> None:
    """Log and count that nothing more is removed from the tenant's directory."""
    logger().error("breaker opened", extra={"tenant": tenant})
    described = embedded({METRIC: "Count"}, [(SERVICE,)])
    write({**described, SERVICE: logger().service, TENANT: tenant, METRIC: 1})
