"""Connections are kept and used again; where no answer comes, the error is the one botocore has."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from botocore import exceptions

from scim.store.dynamodb.connections import Connections, HttpAnswer, OpenSocket
from scim.store.dynamodb.retry import SILENCE
from tests.scim.store.dynamodb.endpoint import (
    Step,
    answering,
    close,
    endpoint,
    reset,
    sending,
)


def to(url: str, seconds: float = 5.0) -> Connections:
    return Connections(url, seconds, seconds)


def test_a_request_is_sent_and_its_answer_read() -> None:
    with endpoint(answering(b'{"a":1}', headers=["X-Told: yes"])) as at:
        answer = to(at.url).exchange({"host": "h", "x-amz-target": "T"}, b"asked")
    assert (answer.status, answer.body, answer.headers["x-told"]) == (200, b'{"a":1}', "yes")
    assert at.asked == [b"asked"]
    assert at.heads[0].splitlines()[0] == "POST / HTTP/1.1"


def test_one_connection_serves_one_request_after_another() -> None:
    with endpoint(*[answering() for _ in range(3)]) as at:
        connections = to(at.url)
        for number in range(3):
            assert connections.exchange({}, b"%d" % number).status == 200
    assert (at.connections, at.asked) == (1, [b"0", b"1", b"2"])


def test_a_connection_that_was_closed_meanwhile_is_not_used_again() -> None:
    def answer_and_close(connection: socket.socket, body: bytes) -> None:
        answering()(connection, body)
        close(connection, body)

    with endpoint(answer_and_close, answering()) as at:
        connections = to(at.url)
        connections.exchange({}, b"")
        deadline = time.monotonic() + 5
        while at.connections < 1 or (
            connections._idle[0].is_idle() and time.monotonic() < deadline
        ):
            time.sleep(0.001)
        assert connections.exchange({}, b"").status == 200
    assert at.connections == 2


def test_a_connection_the_answer_ends_is_closed() -> None:
    with endpoint(answering(headers=["Connection: close"]), answering()) as at:
        connections = to(at.url)
        connections.exchange({}, b"")
        assert connections._idle == []


BODIES: list[tuple[str, bytes, bytes]] = [
    (
        "chunked",
        b'Transfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4;x=y\r\n":1}\r\n0\r\n\r\n',
        b'{"a":1}',
    ),
    ("to-the-end", b"\r\n{}", b"{}"),
    ("long", b"Content-Length: 200000\r\n\r\n" + b"x" * 200_000, b"x" * 200_000),
    ("empty", b"Content-Length: 0\r\n\r\n", b""),
]


@pytest.mark.parametrize(
    ("sent", "read"), [each[1:] for each in BODIES], ids=[b[0] for b in BODIES]
)
def test_a_body_is_read_with_a_length_in_chunks_or_to_the_end_of_the_connection(
    sent: bytes, read: bytes
) -> None:
    with endpoint(sending(b"HTTP/1.1 200 OK\r\n" + sent, and_close=True)) as at:
        assert to(at.url).exchange({}, b"").body == read


def test_interim_responses_are_skipped() -> None:
    with endpoint(
        sending(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    ) as at:
        assert to(at.url).exchange({}, b"") == HttpAnswer(200, {"content-length": "2"}, b"{}")


BROKEN: list[tuple[str, Step]] = [
    ("closed", close),
    ("reset", reset),
    ("cut-in-the-body", answering(b"x" * 100, cut=1)),
    ("cut-in-the-head", answering(b"", cut=6)),
    ("no-http", sending(b"SSH-2.0-OpenSSH\r\n\r\n", and_close=True)),
    ("no-status", sending(b"HTTP/1.1 abc\r\n\r\n", and_close=True)),
    (
        "no-chunk",
        sending(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", and_close=True),
    ),
    (
        "headers-without-end",
        sending(
            b"HTTP/1.1 200 OK\r\n" + b"".join(b"a%d: b\r\n" % n for n in range(999)), and_close=True
        ),
    ),
]


@pytest.mark.parametrize("step", [step for _, step in BROKEN], ids=[name for name, _ in BROKEN])
def test_a_malformed_answer_is_a_connection_error(step: Step) -> None:
    with endpoint(step, answering()) as at:
        connections = to(at.url)
        with pytest.raises(exceptions.ConnectionClosedError) as met:
            connections.exchange({}, b"")
        assert isinstance(met.value, SILENCE)
        assert connections.exchange({}, b"").status == 200
    assert at.connections == 2


def test_an_answer_that_comes_too_late_is_a_timeout() -> None:
    ended = threading.Event()
    with endpoint(lambda *_: ended.wait(5) and None) as at:
        with pytest.raises(exceptions.ReadTimeoutError):
            to(at.url, 0.05).exchange({}, b"")
        ended.set()


def test_after_a_connection_has_died_unnoticed_no_other_idle_one_is_tried() -> None:
    with endpoint(answering()) as at, ExitStack() as sockets:
        connections = to(at.url)
        for _ in range(3):
            ours, _silent = map(sockets.enter_context, socket.socketpair())
            ours.settimeout(0.05)
            connections._idle.append(OpenSocket(ours))
        with pytest.raises(exceptions.ReadTimeoutError):
            connections.exchange({}, b"")
        assert connections.exchange({}, b"").status == 200


class _Shared(list[OpenSocket]):
    """Idle connections of which another thread takes the last one just before this thread does."""

    def __len__(self) -> int:
        return super().__len__() + 1


def test_connections_that_another_thread_takes_meanwhile_hide_no_error() -> None:
    with endpoint(lambda *_: None) as at:
        connections = to(at.url)
        connections._idle = _Shared()
        with pytest.raises(exceptions.ConnectionClosedError):
            connections.exchange({}, b"")


def test_a_refused_connection_is_a_connection_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(exceptions.EndpointConnectionError):
        to(f"http://127.0.0.1:{port}").exchange({}, b"")


def test_an_untrusted_certificate_is_refused(
    certified: Callable[[ssl.SSLContext], None],
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certified(context)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, pytest.raises(ssl.SSLError):
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(exceptions.SSLError):
            to(f"https://localhost:{listening.getsockname()[1]}").exchange({}, b"")
        thread.join(5)


def test_a_trusted_certificate_is_accepted(
    certified: Callable[[ssl.SSLContext], None],
) -> None:
    serving, asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    certified(serving)
    certified(asking)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with serving.wrap_socket(connection, server_side=True) as safe:
                safe.recv(65_536)
                answering(b"safe")(safe, b"")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"https://localhost:{listening.getsockname()[1]}"
        connections = Connections(url, 5, 5, lambda: asking)
        assert connections.exchange({}, b"x").body == b"safe"
        thread.join(5)
