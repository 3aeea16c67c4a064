"""The local gateway: template.yaml's API, its authorizer and its functions, in this process."""

import itertools
import os
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any

from local import template as templates
from local.api_gateway.answer import MalformedAnswerError, answer_of
from local.api_gateway.authorizer import Authorizers, authorizers_of
from local.api_gateway.compression import compressed, decompressed
from local.api_gateway.event import Stage, authorizer_event, context_of, proxy_event
from local.api_gateway.refusal import Refusal, Refusals
from local.api_gateway.routes import Match, Route, routes_of
from local.api_gateway.signature import identity_of
from local.functions import functions_of
from local.http import Answer, Request, request_of
from local.limits import DOCUMENT, folded
from local.runtime import EventTooLargeError, FunctionError, Runtime
from local.schedule import Schedules, schedules_of
from local.seed import seed, shortest_token
from local.state_machine import interpreted
from local.stores import STACK_VARIABLE, Store, opened
from local.streams import event_sources_of
from local.template import TEMPLATE, Template
from scim.log import logger
from scim.settings import limits

ADDRESS = "127.0.0.1:8080"
REQUEST_LIMIT = 10 * 1024 * 1024

_TOO_LONG_FOR_THE_GATEWAY = Refusal(
    "REQUEST_TOO_LARGE", f"HTTP content length exceeded {REQUEST_LIMIT} bytes."
)
_TOO_LONG_FOR_LAMBDA = Refusal("REQUEST_TOO_LARGE", "Request Too Long")
_BROKEN = Refusal("DEFAULT_5XX", "Internal server error")
_UNSIGNED = Refusal("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
_BADLY_SIGNED = Refusal(
    "INVALID_SIGNATURE", "Authorization header requires 'Credential' parameter."
)
_NO_LAMBDA = Refusal("API_CONFIGURATION_ERROR", "Internal server error")

_NO_MORE: Mapping[str, str] = MappingProxyType({})

_stacks = itertools.count(1)


class Gateway:
    """Answers requests as API Gateway would with this template deployed."""

    def __init__(
        self,
        template: Template,
        store: Store,
        address: str,
        variables: Mapping[str, str],
        api: str = "Api",
    ) -> None:
        stage = _stage_of(template, api)
        body = template.properties_of(api)["Body"]
        self._compressed_from = template.properties_of(api).get("MinimumCompressionSize")
        binary = tuple(
            str(media_type).lower()
            for media_type in body.get("x-amazon-apigateway-binary-media-types", ())
        )
        self.template = template
        self.store = store
        self._deployed = address, variables
        self._stage = Stage(
            template.scope.name_of(api),
            template.scope.name_of(stage),
            address,
            binary,
            template.properties_of(stage).get("Variables", {}),
        )
        self._routes = routes_of(body)
        self._refusals = Refusals(body.get("x-amazon-apigateway-gateway-responses", {}))
        self._runtime = Runtime(functions_of(template, variables))
        self._authorizers = Authorizers(authorizers_of(body), self._runtime.invoke)
        scheduled = () if store.is_shared else schedules_of(template)
        self.schedules = Schedules(scheduled, self._runtime.invoke)
        self.event_sources = event_sources_of(template, store.tables, self._runtime.invoke)

    @staticmethod
    @contextmanager
    def start(
        store: str = "moto",
        overrides: Mapping[str, str] | None = None,
        *,
        template: Path = TEMPLATE,
        address: str = ADDRESS,
        data: Path | None = None,
    ) -> Iterator["Gateway"]:
        """Open a store and the gateway on it, until the block ends.

        An override is a parameter of the template, or an environment variable of every function.
        """
        parameters, variables = _settings(template, address, overrides or {})
        alone = "local" if data else f"local-{os.getpid()}-{next(_stacks)}"
        stack = os.environ.get(STACK_VARIABLE) or alone
        deployed = templates.read(template, stack, parameters)
        with opened(store, deployed, data) as opened_store:
            seed(opened_store)
            gateway = Gateway(deployed, opened_store, address, variables)
            runs = (
                nullcontext() if opened_store.is_shared else interpreted(deployed, gateway.invoke)
            )
            try:
                with runs:
                    yield gateway
            finally:
                # A job's thread may be running a function, which restores its environment at the end.
                gateway._runtime.end()
                # It has this gateway's level, and functions of the next one would keep it.
                logger.cache_clear()

    def beside(self, api: str = "Api", variables: Mapping[str, str] = _NO_MORE) -> "Gateway":
        """Return another API of the same template on the same store, with additional variables in its functions."""
        address, base_variables = self._deployed
        return Gateway(self.template, self.store, address, {**base_variables, **variables}, api)

    def forget_verdicts(self) -> None:
        """Forget the authorizer's cached results."""
        self._authorizers.forget()

    def invoke(self, arn: str, event: Mapping[str, Any]) -> Any:
        """Run one of the functions."""
        return self._runtime.invoke(arn, event)

    def handle(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> Answer:
        """Answer one request; the target is that of the request line: path and query, still encoded."""
        return self.answer(request_of(method, target, headers, body))

    def answer(self, request: Request) -> Answer:
        request = decompressed(request, self._compressed_from, REQUEST_LIMIT)
        match = self._routes.match(request.path)
        context = context_of(request, match, self._stage)
        result = self._answer_or_refusal(request, context)
        if isinstance(result, Refusal):
            result = self._refusals.answer(result, request, context)
        return compressed(result, request.header("Accept-Encoding"), self._compressed_from)

    def _answer_or_refusal(self, request: Request, context: dict[str, Any]) -> Answer | Refusal:
        match = self._routes.match(request.path)
        route = match.resource.route_for(request.method) if match else None
        if match is None or route is None:
            # Without a route, API Gateway parses any Authorization header as an AWS signature.
            return _BADLY_SIGNED if request.header("Authorization") else _UNSIGNED
        if len(request.body) > REQUEST_LIMIT:
            return _TOO_LONG_FOR_THE_GATEWAY
        refusal = self._refusal_of(route, request, match, context)
        if refusal is not None:
            return refusal
        if route.function_arn is None:
            return _NO_LAMBDA
        try:
            payload = self._runtime.invoke(
                route.function_arn, proxy_event(request, match, context, self._stage)
            )
            return answer_of(payload, request.header("Accept"), self._stage.binary_types)
        except EventTooLargeError:
            return _TOO_LONG_FOR_LAMBDA
        except FunctionError as error:
            traceback.print_exception(error)
            return _BROKEN
        except MalformedAnswerError as error:
            print(f"Malformed Lambda proxy response: {error}")
            return _BROKEN

    def _refusal_of(
        self, route: Route, request: Request, match: Match, context: dict[str, Any]
    ) -> Refusal | None:
        """Add the caller to the context, or return why the route is closed to them."""
        if route.is_signed:
            identity = identity_of(request)
            if isinstance(identity, Refusal):
                return identity
            context["identity"] |= identity
        if route.authorizer is not None:
            event = authorizer_event(request, match, context, self._stage)
            permit = self._authorizers.permit(route.authorizer, request, event)
            if isinstance(permit, Refusal):
                return permit
            context["authorizer"] = dict(permit.context)
        return None


def _stage_of(template: Template, api: str) -> str:
    """Return the logical id of an API's only stage."""
    (stage,) = (
        stage
        for stage in template.ids_of("AWS::ApiGateway::Stage")
        if template.properties_of(stage)["RestApiId"] == template.scope.name_of(api)
    )
    return stage


def _settings(
    template: Path, address: str, overrides: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the parameters of the template and the environment variables of every function."""
    declarations = templates.parameters_of(template)
    # The service has no TLS here, and the well-known tokens are shorter than a secret should be.
    # One machine serves one person, so there is no rate limit here until a tenant is given one.
    defaults = {
        "BaseUrl": f"http://{address}",
        "MinimumTokenLength": str(shortest_token()),
        "TenantRate": "0",
        # For experiments, responses show which tolerances were used.
        "ShowTolerated": "1",
        "Metrics": "off",  # no CloudWatch reads them from the log
    }
    names = {*declarations, *(limits() if DOCUMENT in declarations else ())}
    values = {name: value for name, value in defaults.items() if name in names} | dict(overrides)
    if DOCUMENT in declarations:
        values = folded(values)
    variables = {name: value for name, value in values.items() if name not in declarations}
    if misspelt := [name for name in variables if not name.isupper()]:
        raise ValueError(f"{template.name} has no parameter {', '.join(misspelt)}.")
    return {name: value for name, value in values.items() if name in declarations}, variables
