"""The pages' function: serves files to everybody, and the pages' routes to a session."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

from scim.errors import (
    Forbidden,
    InternalError,
    MethodNotAllowed,
    NotFound,
    ScimError,
    Unauthorized,
)
from scim.http.console.answers import Answer, framed_by, json_answer, refusal
from scim.http.console.pages import INDEX, page, redirect
from scim.http.console.sessions import ConsoleSessions, OpenSession, header_values_of, source_of
from scim.http.console.sign_in import BACK, BEGIN, SignIn
from scim.http.message.body import json_object
from scim.http.message.request import Request
from scim.log import log_not_served, logger
from scim.permission import Permissions
from scim.principal import Principal

MARK = "x-scim-console"
"""A header that only our pages send: another site needs a CORS preflight to send it, which fails.

Its value is the tenant that the page shows, or `1` if it shows none.
"""
MAX_BODY = 65_536
_OPEN = "session:open"
_API = "api/"


@dataclass(frozen=True, slots=True)
class Call:
    """A request from a page, with its session; `base` is scheme, host and stage."""

    method: str
    session: OpenSession
    base: str
    query: Mapping[str, str]
    body: Mapping[str, object]
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def tenant(self) -> str:
        """The tenant of the session, empty in the operator's console."""
        return self.session.principal.tenant


ConsoleRoute = Callable[[Call], object]
"""Returns the response body as JSON, None for a response without a body."""


def permissions_of(kind: str) -> Permissions:
    """Return the permissions that each route of the portal or the console needs (definitions/console.json)."""
    text = (files("scim") / "definitions" / "console.json").read_text("utf-8")
    rows = json.loads(text)[kind]
    return Permissions(frozenset({_OPEN}), {row["path"]: row["methods"] for row in rows})


def granted_by(table: Permissions) -> frozenset[str]:
    """Return the permissions of a session: exactly those that the table's routes need."""
    return frozenset(name for methods in table.rows.values() for name in methods.values())


@dataclass(frozen=True, slots=True)
class PagesFunction:
    """The Lambda handler of the pages below a mount such as `/setup`.

    `base_url` is the configured one, or empty for the gateway's own. `table` has the permissions that
    each route needs. `sign_in` is None unless people can sign in at an identity provider.
    `frame_ancestors` are the origins that may show the pages in a frame, none by default.
    """

    mount: str
    base_url: str
    sessions: ConsoleSessions
    table: Permissions
    routes: Mapping[str, ConsoleRoute]
    sign_in: SignIn | None = None
    frame_ancestors: str = ""

    def __call__(self, event: Mapping[str, Any], _context: Any) -> Answer:
        """Return the response to one request; the response to an unexpected error does not reveal its cause."""
        response = self._answer_or_refusal(event)
        return framed_by(response, self.frame_ancestors) if self.frame_ancestors else response

    def _answer_or_refusal(self, event: Mapping[str, Any]) -> Answer:
        try:
            return self._answer(event)
        except ScimError as error:
            log_not_served(error)
            return refusal(error)
        except Exception:  # noqa: BLE001 - it is logged
            logger().exception("unexpected error")
            return refusal(InternalError("The request could not be served."))

    def _answer(self, event: Mapping[str, Any]) -> Answer:
        subpath = (event.get("pathParameters") or {}).get("proxy")
        if subpath is None and not str(event.get("path") or "").endswith("/"):
            request_path = (event.get("requestContext") or {}).get("path") or self.mount
            return redirect(f"{request_path}/{INDEX}")
        if subpath is not None and subpath.startswith(_API):
            return self._api_answer(event, subpath.removeprefix(_API))
        if self.sign_in is not None and subpath in (BEGIN, BACK):
            console = f"{_base_of(event, self.base_url)}{self.mount}"
            return self.sign_in.serve(event, subpath, console)
        return page(event, unquote(subpath or ""), f"{self.mount.strip('/')}.html")

    def _api_answer(self, event: Mapping[str, Any], path: str) -> Answer:
        method = str(event.get("httpMethod"))
        rule, parameters = _rule_for(self.table.rows, path)
        permissions = self.table.rows[rule]
        if method not in permissions:
            raise MethodNotAllowed("This is not served here.", tuple(permissions))
        headers, base = header_values_of(event), _base_of(event, self.base_url)
        _require_own_page(method, headers, base)
        body = _body_of(event, headers)
        if permissions[method] == _OPEN and method == "GET":
            return json_answer(200, {"signIn": BEGIN if self.sign_in else None})
        if permissions[method] == _OPEN:
            return self._opened(event, headers, str(body.get("secret") or ""))
        session = self.sessions.session_of(headers)
        _require_same_tenant(headers, session)
        if not self.table.is_granted(session.principal.scopes, permissions[method]):
            raise Forbidden("This session does not allow it.")
        if rule == "/session" and method == "DELETE":
            return json_answer(204, None, {"Set-Cookie": self.sessions.end(headers)})
        query = event.get("queryStringParameters") or {}
        call = Call(method, _with_source(session, event), base, query, body, parameters)
        document = self.routes[rule](call)
        if method != "GET":
            logger().info("asked", extra={"method": method, "rule": rule, **_log_fields(session)})
        return json_answer(204 if document is None else 200, document)

    def _opened(
        self, event: Mapping[str, Any], headers: Mapping[str, Sequence[str]], secret: str
    ) -> Answer:
        """Exchange the secret of a link for a session, unless the browser has that session."""
        if self.sessions.holds(secret, headers):
            return json_answer(204, None)
        cookie = self.sessions.exchange(secret, source_of(event))
        return json_answer(204, None, {"Set-Cookie": cookie})


def show_session(call: Call) -> object:
    """Return the tenant and contact of the session, and when it expires."""
    session = call.session
    return {"tenant": call.tenant, "expiresAt": session.expires_at, "contact": session.contact}


def _with_source(session: OpenSession, event: Mapping[str, Any]) -> OpenSession:
    """Return the session with the request's source address and id."""
    address, request_id = source_of(event)
    principal = replace(session.principal, address=address, request_id=request_id)
    return replace(session, principal=principal)


def _log_fields(session: OpenSession) -> Mapping[str, str]:
    return {"tenant": session.principal.tenant, "session": session.principal.token_id}


def _rule_for(rules: Iterable[str], path: str) -> tuple[str, Mapping[str, str]]:
    """Return the rule that matches a path, and its parameters. Raises NotFound when none matches."""
    for rule in rules:
        parameters = _parameters_of(rule, path)
        if parameters is not None:
            return rule, parameters
    raise NotFound("There is nothing with this name.")


def _parameters_of(rule: str, path: str) -> Mapping[str, str] | None:
    """Return the parameters of a path, None if it does not match the rule."""
    names = rule.removeprefix("/").split("/")
    # The last parameter may take the rest of the path, still encoded.
    takes_rest = names[-1].endswith("+}")
    segments = path.split("/", len(names) - 1 if takes_rest else -1)
    if len(names) != len(segments) or not all(segments):
        return None
    parameters: dict[str, str] = {}
    for name, segment in zip(names, segments, strict=True):
        if name.endswith("+}"):
            parameters[name.strip("{+}")] = segment
        elif name.startswith("{"):
            parameters[name.strip("{}")] = unquote(segment)
        elif name != segment:
            return None
    return parameters


def _require_own_page(method: str, headers: Mapping[str, Sequence[str]], base: str) -> None:
    """Raise Forbidden unless one of our own pages sent the request (cross-site request forgery)."""
    origins = headers.get("origin", ())
    parts = urlsplit(base)
    is_ours = all(origin == f"{parts.scheme}://{parts.netloc}" for origin in origins)
    sites = headers.get("sec-fetch-site", ())
    is_same = all(site in ("same-origin", "none") for site in sites)
    if MARK not in headers or not is_ours or not is_same or (method != "GET" and not origins):
        raise Forbidden("Only the pages of this service may send this request.")


def _require_same_tenant(headers: Mapping[str, Sequence[str]], session: OpenSession) -> None:
    """Raise Unauthorized if the page shows another tenant than the session's.

    All tabs of a browser share the cookie, and it changes when one of them opens another link.
    """
    if any(
        unquote(tenant) not in ("1", session.principal.tenant) for tenant in headers.get(MARK, ())
    ):
        raise Unauthorized(
            "This browser has since opened a link of another tenant. Reload the page to continue with that tenant, "
            "or ask for a new link to this one."
        )


def _body_of(event: Mapping[str, Any], headers: Mapping[str, Sequence[str]]) -> dict[str, object]:
    text = event.get("body")
    if not text or event.get("httpMethod") == "GET":
        return {}
    last_values = {name: values[-1] for name, values in headers.items() if values}
    content = str(text).encode("utf-8", errors="replace")
    return json_object(Request("POST", {}, last_values, content, Principal("", ""), ""), MAX_BODY)


def _base_of(event: Mapping[str, Any], base_url: str) -> str:
    """Return scheme, host and stage, as configured or the gateway's own; never from the Host header."""
    if base_url:
        return base_url.rstrip("/")
    context = event.get("requestContext") or {}
    return f"https://{context.get('domainName', '')}/{context.get('stage', '')}"
