"""The server speaks HTTP/1.1 on the loopback address and passes requests on unchanged."""

import http.client
import json
import socket

import pytest

from local.http import Answer
from local.server import Server


@pytest.fixture(scope="module")
def server(gateway):
    with Server(0) as started, started.serving(gateway.answer):
        yield started


@pytest.fixture
def connection(server):
    opened = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    yield opened
    opened.close()


def said(server, text: bytes) -> bytes:
    """What the server says to these bytes until it closes the connection."""
    with socket.create_connection(server.server_address, timeout=10) as raw:
        raw.sendall(text)
        return b"".join(iter(lambda: raw.recv(65_536), b""))


def event_in(response) -> dict:
    return json.loads(response.read())["event"]


def test_the_server_listens_on_the_loopback_address_only(server):
    assert server.server_address[0] == "127.0.0.1"


def test_a_connection_is_kept_for_the_next_request(connection):
    connection.request("GET", "/open?a=x+y", headers={"User-Agent": ""})
    assert event_in(connection.getresponse())["queryStringParameters"] == {"a": "x y"}
    kept = connection.sock
    connection.request("POST", "/open", body=b'{"a": 1}')
    assert event_in(connection.getresponse())["body"] == '{"a": 1}'
    assert connection.sock is kept


def test_repeated_headers_arrive_one_by_one(connection):
    connection.putrequest("GET", "/open")
    for value in ("1", "2"):
        connection.putheader("X-A", value)
    connection.endheaders()
    assert event_in(connection.getresponse())["multiValueHeaders"]["X-A"] == ["1", "2"]


def test_the_path_arrives_as_it_was_sent(connection):
    connection.request("GET", "/things/a%2Fb%20c", headers={"Authorization": "Bearer all"})
    assert event_in(connection.getresponse())["path"] == "/things/a%2Fb%20c"


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PROPFIND"])
def test_any_method_reaches_the_gateway(connection, method):
    connection.request(method, "/open")
    assert connection.getresponse().status == 403


def test_an_answer_to_head_has_no_body(server):
    head, _, body = said(
        server, b"HEAD /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    ).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert (
        int(dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])[b"Content-Length"]) > 0
    )
    assert body == b""


def test_a_chunked_body_is_put_together(connection):
    connection.request("POST", "/open", body=iter([b"one ", b"two"]), encode_chunked=True)
    assert event_in(connection.getresponse())["body"] == "one two"


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: -1", b"Content-Length: x", b"Transfer-Encoding: chunked"],
    ids=["negative", "not a number", "no chunks"],
)
def test_a_body_without_a_length_is_refused(server, head):
    text = b"POST /open HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\nzz\r\n"
    assert said(server, text).startswith(b"HTTP/1.1 400")


def test_a_body_larger_than_the_gateway_takes_is_refused_with_an_answer(connection):
    connection.request("POST", "/open", body=b"x" * (11 * 1024 * 1024))
    assert connection.getresponse().status == 413


def test_before_the_gateway_is_there_clients_are_asked_to_wait():
    with Server(0) as started:
        assert started.answer(None) == Answer(503, (("Retry-After", "1"),), b"")
