"""Events at the command line: shown again until they are followed."""

import json

import pytest
import yaml
from click.testing import Result

from scim_cli import events
from tests.gateway.client import USER
from tests.local.cli.shell import Shell


class _Enough(Exception):
    """The one who follows has seen enough."""


def lines(result: Result) -> list[str]:
    return [json.loads(line)["sub_id"]["uri"] for line in result.stdout.splitlines()]


def test_events_are_shown_until_they_are_followed(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = shell.run("events")
    assert (lines(none), none.stderr) == ([], "There are none.\n")
    made = shell.service().call("POST", "/Users", {"schemas": [USER], "userName": "seen"})
    shell.pump()
    path = f"/Users/{made['id']}"
    assert lines(shell.run("events")) == lines(shell.run("events")) == [path]

    def enough(_: float) -> None:
        raise _Enough

    monkeypatch.setattr(events.time, "sleep", enough)
    followed = shell.run("events", "--follow")
    assert (lines(followed), type(followed.exception)) == ([path], _Enough)
    assert lines(shell.run("events")) == []


def test_a_program_gets_the_events_as_one_document(shell: Shell) -> None:
    assert shell.json("events") == []
    made = shell.service().call("POST", "/Users", {"schemas": [USER], "userName": "whole"})
    shell.pump()
    path = f"/Users/{made['id']}"
    assert [each["sub_id"]["uri"] for each in shell.json("events")] == [path]
    (shown,) = yaml.safe_load(shell.run("events", "-o", "yaml").stdout)
    assert shown["sub_id"]["uri"] == path


def test_events_are_shown_again_from_a_point_on(shell: Shell) -> None:
    service = shell.service()
    shell.run("events")
    since = service.call("GET", "/.deltaToken")["value"]
    made = service.call("POST", "/Users", {"schemas": [USER], "userName": "again"})
    shell.pump()
    (jti,) = service.call("POST", "/Events", {})["sets"]
    service.call("POST", "/Events", {"ack": [jti]})
    assert lines(shell.run("events")) == []
    assert lines(shell.run("events", "--since", since)) == [f"/Users/{made['id']}"]


def test_the_number_of_events_not_yet_shown_is_reported(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "AT_ONCE", 1)
    shell.run("events")
    for name in ("one", "two"):
        shell.service().call("POST", "/Users", {"schemas": [USER], "userName": name})
    shell.pump()
    shown = shell.run("events")
    assert len(lines(shown)) == 1
    assert "There are more: --follow" in shown.stderr
