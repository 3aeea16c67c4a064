"""Events are sent to a public address by https, whatever the name of the receiver resolves to."""

import socket
from collections.abc import Iterator, Sequence

import pytest

from scim.workers.receiver import SECONDS, NotReachedError, PushAnswer, post, post_with_loopback
from tests.fakes.receiver import Receiver, dripping, receiving

NEW_YEAR_2028 = 1_830_297_600.0
OUT_AND_IN = ("8.8.8.8", "10.0.0.1")


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "fd00::1",
        "fec0::1",
        "ff0e::1",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "2002:a9fe:a9fe::1",
    ],
)
def test_a_name_with_a_private_address_is_not_called(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _require_not_called([address], monkeypatch)


def _resolve_to(addresses: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name have these addresses."""
    families = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in addresses]
    found = [
        (family, socket.SOCK_STREAM, 6, "", (each, 443))
        for family, each in zip(families, addresses, strict=True)
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def _require_not_called(addresses: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Require that nothing is sent to a host whose name has these addresses."""
    _resolve_to(addresses, monkeypatch)
    called: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *each: called.append(each))
    with pytest.raises(NotReachedError, match="not public"):
        post("https://events.example.com/scim", "token", "")
    assert called == []


def test_a_name_with_a_public_and_a_private_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _require_not_called(OUT_AND_IN, monkeypatch)


def test_the_next_address_is_called_if_one_does_not_accept(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(["8.8.8.8", "8.8.8.8", "8.8.4.4", "1.1.1.1"], monkeypatch)
    called: list[str] = []

    def connection(address: tuple[str, int], _: float) -> socket.socket:
        called.append(address[0])
        if address[0] == "8.8.8.8":
            raise ConnectionRefusedError
        ours, theirs = socket.socketpair()
        theirs.close()
        return ours

    monkeypatch.setattr(socket, "create_connection", connection)
    with pytest.raises(NotReachedError):
        post("https://events.example.com/scim", "token", "")
    assert called == ["8.8.8.8", "8.8.4.4"]


def test_all_addresses_share_the_timeout_and_the_first_has_half_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _resolve_to([f"8.8.8.{number}" for number in range(1, 30)], monkeypatch)
    seconds: list[float] = []

    def silent(_: tuple[str, int], timeout: float) -> socket.socket:
        seconds.append(timeout)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", silent)
    with pytest.raises(NotReachedError):
        post("https://events.example.com/scim", "token", "")
    assert seconds[0] == SECONDS / 2
    assert sum(seconds) == pytest.approx(SECONDS)


@pytest.mark.parametrize(
    "url", ["http://events.example.com", "https://10.0.0.1", "http://169.254.169.254/latest"]
)
def test_a_url_that_was_stored_by_another_way_is_not_called(url: str) -> None:
    with pytest.raises(NotReachedError, match="cannot be called"):
        post_with_loopback(url, "token", "")


def test_a_loopback_address_is_called_only_where_allowed(receiver: Receiver) -> None:
    assert post_with_loopback(receiver.url, "token", "").is_accepted
    with pytest.raises(NotReachedError):
        post(receiver.url, "token", "")


def test_an_event_names_the_service_that_sends_it(receiver: Receiver) -> None:
    """AWS WAF's common rules refuse a request without a User-Agent (auth0-logs-to-provider#64)."""
    post_with_loopback(receiver.url, "token", "")
    assert receiver.got[-1][1]["user-agent"] == "serverless-scim"


@pytest.mark.parametrize(
    ("status", "body", "headers", "receipt"),
    [
        (202, None, {}, PushAnswer(202)),
        (400, {"err": "invalid_key"}, {}, PushAnswer(400, "invalid_key")),
        (400, {"err": "bjensen@example.com"}, {}, PushAnswer(400)),
        (400, {"err": 7}, {}, PushAnswer(400)),
        (400, [], {}, PushAnswer(400)),
        (503, {"err": "invalid_key"}, {"Retry_After": "90"}, PushAnswer(503, "", 90)),
        (429, None, {"Retry_After": "Sat, 01 Jan 2028 00:02:00 GMT"}, PushAnswer(429, "", 120)),
        (429, None, {"Retry_After": "Fri, 31 Dec 2027 23:00:00 GMT"}, PushAnswer(429)),
        (429, None, {"Retry_After": "soon"}, PushAnswer(429)),
        (202, None, {"Retry_After": "9" * 5000}, PushAnswer(202, "", 999_999_999)),
    ],
    ids=[
        "taken",
        "refused",
        "a text of its own",
        "no code",
        "no object",
        "asks to wait",
        "names a date",
        "names a date that has passed",
        "names no time",
        "names more digits than Python reads",
    ],
)
def test_the_answer_of_a_receiver_is_read(
    receiver: Receiver,
    status: int,
    body: object,
    headers: dict[str, str],
    receipt: PushAnswer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scim.workers.receiver.time.time", lambda: NEW_YEAR_2028)
    receiver.refuses(status, body, **headers)
    assert post_with_loopback(receiver.url, "token", "") == receipt


@pytest.mark.parametrize("part", ["headers", "body"])
def test_an_answer_that_drips_ends_in_time(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim.workers.receiver.SECONDS", 0.3)
    with dripping(part) as dripped, pytest.raises(NotReachedError, match="TimeoutError"):
        post_with_loopback(dripped.url, "token", "")
    assert 0 < dripped.parts < dripped.most / 2


def test_a_receiver_that_does_not_listen_is_not_reached() -> None:
    with pytest.raises(NotReachedError, match="ConnectionRefusedError"):
        post_with_loopback("http://127.0.0.1:9/", "token", "secret")
