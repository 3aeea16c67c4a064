"""How many requests a server answers: what is counted, and what the report says of it."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench.beside.member_add import Served
from bench.caller import UnexpectedAnswerError
from bench.scale.throughput import Load, rows


class Counting(BaseHTTPRequestHandler):
    """Answers and remembers what it is asked; refuses /v2/Refused."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        text = json.dumps({"path": self.path}).encode()
        self.send_response(500 if "Refused" in self.path else 200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


class Spending(Served):
    """A server that takes a quarter of a second of CPU between two questions."""

    spent = 0.0

    def seconds(self) -> float:
        Spending.spent += 0.25
        return Spending.spent


@pytest.fixture
def served() -> Iterator[Served]:
    Counting.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield Spending(server.server_address[1], "", 0)
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_answer_is_counted_once(served: Served) -> None:
    found = Load(served, 3, 0.2).of(lambda number: ("GET", f"/{number}", None))
    assert len(set(Counting.asked)) == len(Counting.asked)
    assert found["byCpuSecond"] == 4 * len(Counting.asked)


def test_a_refusal_is_no_answer(served: Served) -> None:
    with pytest.raises(UnexpectedAnswerError):
        Load(served, 2, 0.2).of(lambda _: ("GET", "/Refused", None))


def test_a_row_has_what_a_function_does_and_what_the_server_does() -> None:
    found = {
        "GET": {
            "1": {"bySecond": 1_200, "byCpuSecond": 1_400},
            "4": {"bySecond": 1_300, "byCpuSecond": 1_500},
        }
    }
    head, _, row = rows(found, {"GET": {"milliseconds": 0.25}})
    assert head == "| request | one function | 1 / 4 clients | 1 / 4 clients, CPU |"
    assert row == "| GET | 4,000 | 1,200 / 1,300 | 1,400 / 1,500 |"
