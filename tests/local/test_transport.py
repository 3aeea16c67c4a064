"""A client that speaks httpx2 needs no socket."""

import httpx2

from local.transport import GatewayTransport


def test_a_request_reaches_the_gateway_as_it_would_by_http(gateway):
    client = httpx2.Client(transport=GatewayTransport(gateway), base_url="http://127.0.0.1:8080")
    answer = client.post("/open?a=x%20y", json={"b": 1})
    assert answer.status_code == 200
    event = answer.json()["event"]
    assert event["queryStringParameters"] == {"a": "x y"}
    assert event["body"] == '{"b":1}'
    assert event["headers"]["Content-Type"] == "application/json"
