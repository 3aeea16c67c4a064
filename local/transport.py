"""A gateway without sockets as a transport of httpx, for clients that speak httpx."""

import httpx

from local.gateway import Gateway


class GatewayTransport(httpx.BaseTransport):
    """Hands each request of an httpx client to a gateway in this process."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        ]
        target = request.url.raw_path.decode("ascii")
        status, answered, body = self._gateway.handle(
            request.method, target, headers, request.read()
        )
        return httpx.Response(status, headers=list(answered), content=body)
