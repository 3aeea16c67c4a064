"""The rehearsal's checks of administration: the console's page, a session in it, the Admin API."""

import json
from collections.abc import Callable, Mapping

import httpx2
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.rehearse.emulator import KEYS, REGION
from local.rehearse.story import UnexpectedError

_MARK = {"X-Scim-Console": "1", "Content-Type": "application/json"}


def tell_of_administration(
    client: httpx2.Client, pages: str, admin: str, secret: str, log: Callable[[str], None]
) -> None:
    """Open the console's page, begin a session with a link's secret and list the tenants.

    Raises UnexpectedError at the first wrong response.
    """
    for name in ("index.html", "operator/main.js", "style.css"):
        page = _answer(client, log, "GET", f"{pages}/console/{name}", 200)
        policy = page.headers.get("content-security-policy", "")
        if "frame-ancestors 'none'" not in policy:
            raise UnexpectedError(f"the policy of {name} is {policy or 'none'}")
    api = f"{pages}/console/api"
    refused = _answer(client, log, "GET", f"{api}/admin/status", 401, _MARK)
    if "session" not in refused.json()["detail"]:
        raise UnexpectedError(f"without a session: {refused.text}")
    opened = _answer(client, log, "POST", f"{api}/session", 204, _MARK, {"secret": secret})
    cookie = {"Cookie": opened.headers["set-cookie"].partition(";")[0]}
    found = _answer(client, log, "GET", f"{api}/admin/status", 200, {**_MARK, **cookie}).json()
    if "demo" not in [each["tenant"] for each in found["items"]]:
        raise UnexpectedError(f"the tenants are {found}")
    _answer(client, log, "GET", f"{admin}/tenants", 403)  # unsigned
    signed = AWSRequest("GET", f"{admin}/tenants")
    SigV4Auth(Credentials(*KEYS), "execute-api", REGION).add_auth(signed)
    shown = _answer(client, log, "GET", f"{admin}/tenants", 200, dict(signed.headers.items()))
    if "demo" not in [each["name"] for each in shown.json()["items"]]:
        raise UnexpectedError(f"the Admin API shows {shown.text}")


def _answer(
    client: httpx2.Client,
    log: Callable[[str], None],
    method: str,
    url: str,
    status: int,
    headers: Mapping[str, str] | None = None,
    body: object = None,
) -> httpx2.Response:
    content = None if body is None else json.dumps(body).encode()
    # Pages send Origin with each change. The emulator does not pass the host name to the function, so the
    # function's own origin has none.
    own = {"Origin": "https://"} if method != "GET" else {}
    answer = client.request(method, url, headers={**own, **(headers or {})}, content=content)
    log(f"{method} {url.partition('/live')[2]} {answer.status_code}")
    if answer.status_code != status:
        raise UnexpectedError(f"{method} {url}: {answer.status_code} {answer.text[:500]}")
    return answer
