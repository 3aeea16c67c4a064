"""The requests of an identity provider's connection test, and the meaning of each response."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx2

_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_MEANS = {
    401: "The token is not accepted: it is wrong, has expired, belongs to another tenant, or is one that must not be sent as Bearer.",
    403: "The token lacks the permission: give it the scope. Or this address may not call (AllowedCidrs).",
    404: "No SCIM service found: does the URL end in /scim/v2?",
    405: "The response is not SCIM: does the URL end in /scim/v2?",
    429: "The tenant receives too many requests: try again later.",
}
_SERVER, _MOVED = 500, 300


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of a connection test: whether it passed, and what the response means."""

    question: str
    is_well: bool
    explanation: str
    is_answered: bool = True
    """False if there was no response."""


Judge = Callable[[httpx2.Response], str]
"""Returns what is wrong with a response, an empty string if nothing is."""


def trial(http: httpx2.Client, base: str, token: str) -> Iterator[Finding]:
    """Yield the findings, one for each check; stop after one that makes the rest pointless."""
    bearer = {"Authorization": f"Bearer {token}", "Accept": "application/scim+json"}
    unknown_user = f'userName eq "{secrets.token_hex(8)}@test-connection.invalid"'
    checks: tuple[tuple[str, str, dict[str, str], dict[str, str], Judge], ...] = (
        ("the server responds", "/ServiceProviderConfig", {}, bearer, _config_fault),
        ("users are listed", "/Users", {"startIndex": "1", "count": "1"}, bearer, _list_fault),
        ("an unknown user is not found", "/Users", {"filter": unknown_user}, bearer, _filter_fault),
        ("groups are listed", "/Groups", {"startIndex": "1", "count": "1"}, bearer, _list_fault),
        ("schemas are served", "/Schemas", {}, bearer, _list_fault),
        ("a request without a token is refused", "/Users", {}, {}, _refusal_fault),
        (
            "a request with a wrong token is refused",
            "/Users",
            {},
            {"Authorization": f"Bearer {secrets.token_urlsafe(32)}"},
            _refusal_fault,
        ),
    )
    for question, path, query, headers, fault_of in checks:
        try:
            answer = http.get(base.rstrip("/") + path, params=query, headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            yield Finding(
                question, is_well=False, explanation=_unreachable(error), is_answered=False
            )
            return
        fault = fault_of(answer)
        yield Finding(question, not fault, fault or f"{answer.status_code}")
        if fault and path == "/ServiceProviderConfig" and answer.status_code != 403:
            return


def _config_fault(answer: httpx2.Response) -> str:
    if fault := _answer_fault(answer):
        return fault
    document = answer.json()
    return (
        "" if isinstance(document, dict) and "patch" in document else "This is not a SCIM server."
    )


def _list_fault(answer: httpx2.Response) -> str:
    if fault := _answer_fault(answer):
        return fault
    document = answer.json()
    schemas = document.get("schemas") if isinstance(document, dict) else None
    is_list = isinstance(schemas, list) and _LIST in schemas
    return "" if is_list else "The response is not a ListResponse."


def _filter_fault(answer: httpx2.Response) -> str:
    if fault := _list_fault(answer):
        return fault
    total = answer.json().get("totalResults")
    return "" if total == 0 else f"totalResults is {total}: the server ignored the filter."


def _refusal_fault(answer: httpx2.Response) -> str:
    if answer.status_code == 401:
        return ""
    means = ": anybody can read this directory" if answer.is_success else ""
    return f"{answer.status_code} instead of 401{means}."


def _answer_fault(answer: httpx2.Response) -> str:
    status = answer.status_code
    if status == 200:
        return "" if _is_json(answer) else "200 without JSON: this is a page, not a SCIM server."
    if _MOVED <= status < 400:
        return f"{status}: moved to {answer.headers.get('location')}; use that URL."
    means = _MEANS.get(
        status, "The server failed; its log has the reason." if status >= _SERVER else ""
    )
    return f"{status}. {means} {_detail(answer)}".strip()


def _is_json(answer: httpx2.Response) -> bool:
    try:
        answer.json()
    except (ValueError, RecursionError):
        return False
    return True


def _detail(answer: httpx2.Response) -> str:
    document = answer.json() if _is_json(answer) else None
    return str(document.get("detail") or "") if isinstance(document, dict) else ""


def _unreachable(error: Exception) -> str:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return f"The server's certificate is not trusted here (SSL_CERT_FILE adds one): {text}"
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return f"This is not a valid URL: {text}"
    if isinstance(error, httpx2.TimeoutException):
        return "The server does not respond in time: is there a firewall in between?"
    return f"The server cannot be reached: {text}"
