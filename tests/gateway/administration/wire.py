"""The Admin API without a network between."""

import httpx2

from local.gateway import Gateway
from local.http import Answer

HOST = "127.0.0.1:8080"


class Wire(httpx2.BaseTransport):
    """Hands requests to the gateway without a network between."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway.beside("AdminApi")

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = self.answer(request.method, request.url.raw_path.decode(), request)
        return httpx2.Response(answer.status, headers=answer.headers, content=answer.body)

    def answer(self, method: str, target: str, request: httpx2.Request | None = None) -> Answer:
        headers = {} if request is None else dict(request.headers)
        content = b"" if request is None else request.read()
        return self._gateway.handle(method, target, {"Host": HOST, **headers}, content)
