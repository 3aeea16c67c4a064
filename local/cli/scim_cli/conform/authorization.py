"""How a client gets a token: by the metadata of RFC 8414 and a JWT that it signs (RFC 7523 section 2.2)."""

import json
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from scim_cli.conform.answer import Answer, Exchange, expect
from scim_cli.conform.probe import Probe

_WELL_KNOWN: Final = "/.well-known/oauth-authorization-server"
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_HIDDEN: Final = "…"
_FORM: Final = "application/x-www-form-urlencoded"


def metadata_of(probe: Probe) -> dict[str, Any]:
    """Return the metadata of the authorization server (RFC 8414 section 3); raises Fault if there is none."""
    parts = urlsplit(probe.base)
    origin = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
    for url in (origin + _WELL_KNOWN + parts.path, probe.base + _WELL_KNOWN, origin + _WELL_KNOWN):
        headers = {"Accept": "application/json", "Authorization": None}
        answer = probe.send("GET", url, headers=headers)
        if answer.status == 200 and "token_endpoint" in answer.body:
            return dict(answer.body)
    expect(condition=False, fault="no metadata with a token_endpoint was found")
    return {}


def request_token(probe: Probe, assertion: str) -> Answer:
    """Return the token endpoint's response to a client's assertion; the record omits assertion and token."""
    url = str(metadata_of(probe)["token_endpoint"])
    form = {
        "grant_type": "client_credentials",
        "scope": "scim",
        "client_assertion_type": _ASSERTION,
        "client_assertion": assertion,
    }
    request = probe.http.build_request(
        "POST", probe.url_of(url), content=urlencode(form), headers={"Content-Type": _FORM}
    )
    request.headers.pop("Authorization", None)
    response = probe.http.send(request)
    answer = Answer.of(response)
    content = urlencode({**form, "client_assertion": _HIDDEN})
    body = {**answer.body, **({"access_token": _HIDDEN} if "access_token" in answer.body else {})}
    probe.exchanges.append(Exchange("POST", url, content, answer.status, {}, json.dumps(body)))
    return answer
