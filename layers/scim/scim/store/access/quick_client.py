"""Clients of KMS and Secrets Manager, for which a caller waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from scim.errors import Unavailable

CONNECT_SECONDS: Final = 1
READ_SECONDS: Final = 2
ATTEMPTS: Final = 2
"""Attempts that botocore makes. Without any answer they end before the authorizer's time is over."""


def quick_client(service: Literal["kms", "secretsmanager"]) -> Any:
    """Return boto3's client of the service."""
    # Imported here: few invocations need it, and it takes longer to load than everything else.
    import boto3  # noqa: PLC0415 - as above
    from botocore.config import Config  # noqa: PLC0415 - as above

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    return boto3.client(service, config=config)


@contextmanager
def reaching(detail: str) -> Iterator[None]:
    """Raise Unavailable with this detail in place of botocore's errors inside the block."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(detail, retry_after=5) from error
