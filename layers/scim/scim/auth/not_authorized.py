"""A caller who is not authorized: API Gateway's 401, and a line in the operator's log that says why."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from scim.log import logger

Authorizer = Callable[[Mapping[str, Any], Any], dict[str, object]]
UNKNOWN: Final = "the token is not known"
"""The reason where nobody has issued a token, or nobody who can be asked."""


class NotAuthorized(Exception):
    """Makes API Gateway respond with 401, which it does only for exactly this message.

    `reason` is for the log, because the caller gets none; it contains nothing that the caller sent.
    `tenant` and `token_id` are those of a token that is known; for another issuer's token, `tenant` is
    the only tenant that accepts this issuer.
    """

    def __init__(self, reason: str, tenant: str | None = None, token_id: str | None = None) -> None:
        super().__init__("Unauthorized")
        self.reason = reason
        self.tenant = tenant
        self.token_id = token_id


def logged(handler: Authorizer) -> Authorizer:
    """Return the authorizer's handler, which writes a line to the log for each caller it refuses or cannot check."""

    def logging(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        try:
            return handler(event, context)
        except NotAuthorized as refusal:
            logger().info(
                "credentials refused",
                extra={
                    "reason": refusal.reason,
                    "tenant": refusal.tenant,
                    "token": refusal.token_id,
                },
            )
            raise
        except Exception:
            # Lambda logs the error too, but not the error that caused it.
            logger().exception("credentials not checked")
            raise

    return logging
