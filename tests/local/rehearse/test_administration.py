"""The rehearsal looks at the console and the Admin API, and stops at the first wrong answer."""

import httpx2
import pytest

from local.rehearse.administration import tell_of_administration
from local.rehearse.story import UnexpectedError

PAGES, ADMIN = "http://emulator/_aws/api/a1/live", "http://emulator/_aws/api/a2/live/admin/v1"
POLICY = {"content-security-policy": "frame-ancestors 'none'"}


def _told(**wrong: httpx2.Response) -> list[str]:
    lines: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        path, is_in = request.url.path, "cookie" in request.headers
        tenants = {"items": [{"name": "demo"}]}
        if "/console/api/admin/status" in path:
            usual = (
                httpx2.Response(200, json={"items": [{"tenant": "demo"}]})
                if is_in
                else httpx2.Response(401, json={"detail": "no session"})
            )
            return wrong.get("status", usual)
        if "/console/api/session" in path:
            assert b"s3cret" in request.content
            assert request.headers["x-scim-console"]
            return wrong.get("session", httpx2.Response(204, headers={"set-cookie": "c=1; Path=/"}))
        if path.endswith("/tenants"):
            is_signed = request.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256")
            usual = httpx2.Response(200, json=tenants) if is_signed else httpx2.Response(403)
            return wrong.get("admin", usual)
        return wrong.get("page", httpx2.Response(200, headers=POLICY))

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as client:
        tell_of_administration(client, PAGES, ADMIN, "s3cret", lines.append)
    return lines


def test_each_step_is_printed() -> None:
    assert _told()[-2:] == ["GET /admin/v1/tenants 403", "GET /admin/v1/tenants 200"]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("page", httpx2.Response(401)),
        ("page", httpx2.Response(200)),
        ("status", httpx2.Response(200, json={"items": []})),
        ("session", httpx2.Response(403)),
        ("admin", httpx2.Response(200, json={"items": []})),
    ],
    ids=["no page", "no policy", "open to everybody", "no session", "unsigned"],
)
def test_a_wrong_answer_ends_it(name: str, wrong: httpx2.Response) -> None:
    with pytest.raises(UnexpectedError):
        _told(**{name: wrong})
