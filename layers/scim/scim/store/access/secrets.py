"""Secrets that this service has to send to others: in AWS Secrets Manager, by name."""

import re
from dataclasses import dataclass, field

from scim.expiring_cache import ExpiringCache

NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
REMEMBERED = 300.0
"""Seconds until a changed secret is read again."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a deployment; their full names begin with its prefix."""

    prefix: str
    cache: ExpiringCache[str, str] = field(default_factory=ExpiringCache)

    def secret(self, name: str) -> str:
        """Return a secret. Raises LookupError for an invalid name, and botocore's error for a missing secret."""
        if not NAME.fullmatch(name):
            raise LookupError(f"The name of a secret is {NAME.pattern}.")
        secret = self.cache.get(name)
        if secret is None:
            # Created here: most authorizers never need a secret, and creating a client takes time.
            import boto3  # noqa: PLC0415 - heavy, as is said above
            from botocore.config import Config  # noqa: PLC0415 - likewise

            config = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})
            client = boto3.client("secretsmanager", config=config)
            secret = str(client.get_secret_value(SecretId=f"{self.prefix}{name}")["SecretString"])
            self.cache.keep(name, secret, REMEMBERED)
        return secret
