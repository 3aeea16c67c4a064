"""All APIs of the template behind one address; when deployed, each has its own URL.

The administration API is at `/admin/v1`. The second API handles requests without an Authorization header: it
looks for the token in the query if that is enabled, and redirects for a ticket. Requests with the header go
to the first API.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from local.aws import aws_answer, is_aws_write, job_answer
from local.gateway import Gateway
from local.http import Answer, Request
from local.template import TEMPLATE, parameters_of
from scim.auth.oauth.token import KEYS_PATH, METADATA_PATH, TOKEN_PATH
from scim.http.public import HEALTH_PATH, OPENAPI_PATH
from scim.service.feed.signing import KEYS_PATH as EVENT_KEYS_PATH

OPEN = frozenset({EVENT_KEYS_PATH, HEALTH_PATH, KEYS_PATH, METADATA_PATH, OPENAPI_PATH, TOKEN_PATH})
PAGES = {"/setup/": "/setup/index.html", "/console/": "/console/index.html"}
"""The paths at which people look for a page, and those that every gateway serves: gateways differ on a final slash."""
SECOND = "UmaApi"
ADMIN, ADMIN_PATH = "AdminApi", "/admin/v1/"
PARAMETER = "UmaChallenges"

_ASKED_FOR = ("SCIM_QUERY_TOKEN", "SCIM_LOOPBACK_ISSUERS")


def with_second_api(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings with the second API enabled, if they ask for something that only it has."""
    needs_second = any(settings.get(name, "0") not in ("", "0") for name in _ASKED_FOR)
    return {**settings, PARAMETER: "true"} if needs_second else dict(settings)


def second_of(gateway: Gateway, settings: Mapping[str, str], address: str) -> Gateway | None:
    """Return the second API on the same store, None if it is not deployed."""
    if settings.get(PARAMETER) != "true":
        return None
    variables = {
        name: value for name, value in settings.items() if name not in parameters_of(TEMPLATE)
    }
    return Gateway(gateway.template, gateway.store, address, variables, SECOND)


def answering(gateway: Gateway, second: Gateway | None) -> Callable[[Request], Answer]:
    """Return a function that answers requests by the gateway and the second API.

    When a tenant was changed, each forgets its authorizer's results, so that the change takes effect at once;
    on AWS that takes up to a minute.
    """
    gateways = [gateway] if second is None else [gateway, second]
    first = gateway.answer if second is None else by_header(gateway.answer, second.answer)
    administered = cache(lambda: gateway.beside(ADMIN))

    def answer(request: Request) -> Answer:
        of_aws = aws_answer(request)
        request = replace(request, path=PAGES.get(request.path, request.path))
        serve = administered().answer if request.path.startswith(ADMIN_PATH) else first
        if of_aws is not None:
            response = of_aws
        elif "/jobs" in request.path.lower():
            response = job_answer(request, serve)
        else:
            response = serve(request)
        if is_aws_write(request) if of_aws else _changes_access(request):
            for served_gateway in gateways:
                served_gateway.forget_verdicts()
        return response

    return answer


def by_header(
    first: Callable[[Request], Answer], second: Callable[[Request], Answer]
) -> Callable[[Request], Answer]:
    """Return a function that sends requests with an Authorization header to the first API, others to the second.

    Only the first API has the paths that need no token.
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
