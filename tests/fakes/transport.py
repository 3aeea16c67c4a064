"""A gateway without sockets as a transport of httpx2, for clients that speak httpx2."""

import httpx2

from local.gateway import Gateway


class GatewayTransport(httpx2.BaseTransport):
    """Hands each request of an httpx2 client to a gateway in this process."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        ]
        target = request.url.raw_path.decode("ascii")
        status, answered, body = self._gateway.handle(
            request.method, target, headers, request.read()
        )
        return httpx2.Response(status, headers=list(answered), content=body)
