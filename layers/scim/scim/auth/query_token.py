"""A test mode: a token in the query. Never on AWS (scim.settings refuses it).

RFC 6750 section 2.3 warns of it: a URL is written down in too many places.
"""

from collections.abc import Mapping
from typing import Any

from scim.auth.authorizer import Authorizer


def with_query_token(handler: Authorizer, parameter: str) -> Authorizer:
    """Return the authorizer's handler for requests that may carry their token in a parameter.

    Without a name for it none does. A token in the header wins; one that is there twice is none.
    """
    if not parameter:
        return handler

    def moved(event: Mapping[str, Any], context: Any) -> dict[str, object]:
        headers = event.get("headers") or {}
        values = (event.get("multiValueQueryStringParameters") or {}).get(parameter) or []
        if len(values) != 1 or any(name.lower() == "authorization" for name in headers):
            return handler(event, context)
        bearer = {"Authorization": f"Bearer {values[0]}"}
        return handler({**event, "headers": {**headers, **bearer}}, context)

    return moved
