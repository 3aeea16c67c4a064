"""The service over HTTP, as commands talk to it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from scim_cli.root import scim
from tests.local.cli.shell import Shell, people


def test_a_download_goes_on_where_it_stopped(shell: Shell, tmp_path: Path) -> None:
    shell.json("import", shell.file("a", people("ann", "bob")), "--format", "ndjson")
    shell.json("export", str(tmp_path / "whole"), "--format", "ndjson")
    whole = (tmp_path / "whole").read_bytes()
    (job, *_) = shell.json("job", "list")
    link = shell.service().call("GET", f"/Jobs/{job['id']}/Result")["download"]
    part = tmp_path / "part"
    part.write_bytes(whole[:10])
    moved: list[int] = []
    for _ in range(2):
        shell.service().download(link, part, moved.append)
        assert part.read_bytes() == whole
    assert moved == [len(whole)]


def test_what_the_service_refuses_ends_the_command(shell: Shell) -> None:
    result = shell.run("job", "show", "nothing")
    assert result.exit_code == 1
    assert "404: There is no job with this id." in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["job", "list"], "SCIM_URL"),
        (["job", "list", "--url", "http://127.0.0.1:1/scim/v2"], "SCIM_TOKEN"),
    ],
)
def test_a_service_has_to_be_named(words: list[str], said: str) -> None:
    result = CliRunner().invoke(scim, words, env={"SCIM_URL": "", "SCIM_TOKEN": ""})
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_service_that_does_not_answer_is_told() -> None:
    words = ["job", "list", "--url", "http://127.0.0.1:1/scim/v2"]
    result = CliRunner().invoke(scim, words, env={"SCIM_TOKEN": "x"})
    assert result.exit_code == 4
    assert "http://127.0.0.1:1/scim/v2 cannot be reached: " in result.stderr
