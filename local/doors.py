"""All APIs of the template behind one address; deployed they have a URL each.

The one for administration is at `/admin/v1`.

The second one knows what to do with a request that has no Authorization header: it looks for the
token in the query, where that is switched on, and sends for a ticket. Who has the header is let
through the first.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from local.aws import aws_answer, is_aws_write
from local.gateway import Gateway
from local.http import Answer, Request
from local.template import TEMPLATE, parameters_of
from scim.auth.oauth.token import KEYS_PATH, METADATA_PATH, TOKEN_PATH
from scim.service.feed.signing import KEYS_PATH as EVENT_KEYS_PATH

OPEN = frozenset({EVENT_KEYS_PATH, KEYS_PATH, METADATA_PATH, TOKEN_PATH})
PAGES = {"/setup/": "/setup/index.html", "/console/": "/console/index.html"}
"""Where people look for a page, and where it is on every gateway: what they make of a slash at the end differs."""
SECOND = "UmaApi"
ADMIN, ADMIN_PATH = "AdminApi", "/admin/v1/"
PARAMETER = "UmaChallenges"

_ASKED_FOR = ("SCIM_QUERY_TOKEN", "SCIM_LOOPBACK_ISSUERS")


def with_second_door(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings with the second API, where they ask for something only it has."""
    wanted = any(settings.get(name, "0") not in ("", "0") for name in _ASKED_FOR)
    return {**settings, PARAMETER: "true"} if wanted else dict(settings)


def second_of(gateway: Gateway, settings: Mapping[str, str], address: str) -> Gateway | None:
    """Return the second API beside the first, None where it is not deployed."""
    if settings.get(PARAMETER) != "true":
        return None
    variables = {
        name: value for name, value in settings.items() if name not in parameters_of(TEMPLATE)
    }
    return Gateway(gateway.template, gateway.store, address, variables, SECOND)


def answering(gateway: Gateway, second: Gateway | None) -> Callable[[Request], Answer]:
    """Return what answers requests: the gateway, and beside it the second API.

    Each forgets what its authorizer said when a tenant was changed, so that the change holds at once;
    on AWS that takes up to a minute.
    """
    gateways = [gateway] if second is None else [gateway, second]
    first = gateway.answer if second is None else by_header(gateway.answer, second.answer)
    administered = cache(lambda: gateway.beside(ADMIN))

    def answer(request: Request) -> Answer:
        of_aws = aws_answer(request)
        request = replace(request, path=PAGES.get(request.path, request.path))
        serve = administered().answer if request.path.startswith(ADMIN_PATH) else first
        answered = serve(request) if of_aws is None else of_aws
        if is_aws_write(request) if of_aws else _changes_access(request):
            for each in gateways:
                each.forget_verdicts()
        return answered

    return answer


def by_header(
    first: Callable[[Request], Answer], second: Callable[[Request], Answer]
) -> Callable[[Request], Answer]:
    """Return what sends requests with an Authorization header to the first, others to the second.

    What needs no token is at the first alone.
    """

    def answer(request: Request) -> Answer:
        is_page = request.path.startswith(("/setup", "/console"))
        is_open = is_page or request.path in OPEN
        is_for_first = request.header("authorization") is not None or is_open
        return first(request) if is_for_first else second(request)

    return answer


def _changes_access(request: Request) -> bool:
    is_of_definitions = "definitions" in request.path.lower()
    is_write = request.method not in {"GET", "HEAD"}
    return is_write and (is_of_definitions or request.path.startswith(ADMIN_PATH))
