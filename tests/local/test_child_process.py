"""A program that answers lines is asked until the block ends."""

import sys

import pytest

from local.child_process import NotAnsweredError, answering

ECHO = """
import json, os, sys
for line in sys.stdin:
    question = json.loads(line)
    if question == "end":
        break
    print(json.dumps([question, os.environ["WHO"]]), flush=True)
"""


def test_each_line_sent_gets_its_answer() -> None:
    with answering([sys.executable, "-c", ECHO], {"WHO": "me"}) as ask:
        assert ask({"a": [1, "ü\n"]}) == [{"a": [1, "ü\n"]}, "me"]
        assert ask(None) == [None, "me"]


def test_a_program_that_ended_raises_an_error() -> None:
    with answering([sys.executable, "-c", ECHO], {"WHO": "me"}) as ask:
        for question in ("end", "x" * 100_000):
            with pytest.raises(NotAnsweredError, match="ended instead of answering"):
                ask(question)
