"""Both APIs of the template behind one address; deployed they have a URL each.

The second one knows what to do with a request that has no Authorization header: it looks for the
token in the query, where that is switched on, and sends for a ticket. Who has the header is let
through the first.
"""

from collections.abc import Callable, Mapping

from local.gateway import Gateway
from local.http import Answer, Request
from scim.auth.oauth.token import KEYS_PATH, METADATA_PATH, TOKEN_PATH

OPEN = frozenset({KEYS_PATH, METADATA_PATH, TOKEN_PATH})
SECOND = "UmaApi"
PARAMETER = "UmaChallenges"

_ASKED_FOR = ("SCIM_QUERY_TOKEN", "SCIM_LOOPBACK_ISSUERS")


def with_second_door(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings with the second API, where they ask for something only it has."""
    wanted = any(settings.get(name, "0") not in ("", "0") for name in _ASKED_FOR)
    return {**settings, PARAMETER: "true"} if wanted else dict(settings)


def answering(
    gateway: Gateway, settings: Mapping[str, str], address: str
) -> Callable[[Request], Answer]:
    """Return what answers requests: the gateway, and beside it the second API where it is deployed."""
    if settings.get(PARAMETER) != "true":
        return gateway.answer
    variables = {name: value for name, value in settings.items() if name != PARAMETER}
    second = Gateway(gateway.template, gateway.store, address, variables, SECOND)
    return by_header(gateway.answer, second.answer)


def by_header(
    first: Callable[[Request], Answer], second: Callable[[Request], Answer]
) -> Callable[[Request], Answer]:
    """Return what sends requests with an Authorization header to the first, others to the second.

    What needs no token is at the first alone.
    """

    def answer(request: Request) -> Answer:
        is_for_first = request.header("authorization") is not None or request.path in OPEN
        return first(request) if is_for_first else second(request)

    return answer
