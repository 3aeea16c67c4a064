"""Secrets this service needs to show others: in AWS Secrets Manager, by name."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
REMEMBERED = 300.0
"""Seconds until a secret that was changed is read anew."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a deployment, whose full names begin with its prefix."""

    prefix: str
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, str]] = field(default_factory=dict)

    def secret(self, name: str) -> str:
        """Return a secret. Raises LookupError for a name that cannot be one, botocore's for a missing one."""
        if not NAME.fullmatch(name):
            raise LookupError(f"The name of a secret is {NAME.pattern}.")
        until, secret = self._known.get(name, (0.0, ""))
        if until <= self.clock():
            # Made here: most authorizers never need a secret, and a client takes time to make.
            import boto3  # noqa: PLC0415 - heavy, as is said above
            from botocore.config import Config  # noqa: PLC0415 - likewise

            config = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})
            client = boto3.client("secretsmanager", config=config)
            secret = client.get_secret_value(SecretId=f"{self.prefix}{name}")["SecretString"]
            self._known[name] = (self.clock() + REMEMBERED, secret)
        return secret
