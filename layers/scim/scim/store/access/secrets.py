"""Secrets that this service has to send to others: in AWS Secrets Manager, by name."""

import re
from dataclasses import dataclass, field

from scim.errors import Unavailable
from scim.expiring_cache import ExpiringCache
from scim.store.access.quick_client import quick_client, reaching

NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
REMEMBERED = 300.0
"""Seconds until a changed secret is read again."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a deployment; their full names begin with its prefix."""

    prefix: str
    cache: ExpiringCache[str, str] = field(default_factory=ExpiringCache)

    def secret(self, name: str) -> str:
        """Return a secret. Raises Unavailable when it cannot be read or does not exist."""
        if not NAME.fullmatch(name):
            raise Unavailable(f"The name of a secret is {NAME.pattern}.")
        secret = self.cache.get(name)
        if secret is None:
            # Created here: most authorizers never need a secret, and creating a client takes time.
            with reaching(f"The secret {name} cannot be read."):
                client = quick_client("secretsmanager")
                answer = client.get_secret_value(SecretId=f"{self.prefix}{name}")
            if "SecretString" not in answer:
                raise Unavailable(f"The secret {name} is not text.")
            secret = str(answer["SecretString"])
            self.cache.keep(name, secret, REMEMBERED)
        return secret
