"""The keys requests are signed with: the environment's, else whatever botocore's chain finds."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import NoCredentialsError

from scim.store.dynamodb.signature import Keys


class SigningKeys:
    """Returns the keys to sign with now.

    A function on Lambda has them in its environment. Where they are not, or may end before the
    process does (a snapshot, a container, a role), botocore finds and refreshes them.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._keys = _in_environment(environ)
        self._chain: Any = None

    def __call__(self) -> Keys:
        """Return the keys. Raises NoCredentialsError where there are none."""
        if self._keys is not None:
            return self._keys
        if self._chain is None:
            self._chain = _chain()
        if self._chain is None:
            raise NoCredentialsError
        now = self._chain.get_frozen_credentials()
        return Keys(now.access_key, now.secret_key, now.token or "")

    def renew(self) -> bool:
        """Look again, after keys were refused; tell whether there are others now."""
        before = self()
        self._keys, self._chain = _in_environment(self._environ), None
        return self() != before


def _in_environment(environ: Mapping[str, str]) -> Keys | None:
    access, secret = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
    if not access or not secret or environ.get("AWS_CREDENTIAL_EXPIRATION"):
        return None
    token = environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN")
    return Keys(access, secret, token or "")


def _chain() -> Any:
    import botocore.session  # noqa: PLC0415 - loaded where it is used: it takes longer than all else

    return botocore.session.Session().get_credentials()
