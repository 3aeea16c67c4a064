"""Every command in a document works: its `sh` blocks run, in order, against the service.

A block that cannot run everywhere says so behind `sh`: `aws` needs an account, `files` a file that
another program has written, `server` another SCIM server, `make` builds or serves or takes long. Of
those, each `scim` line has to name a command and options that are there, each `make` a target. A
block of JSON or YAML with a file's name behind its language is that file.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from local.apis import answering
from local.gateway import Gateway
from local.server import Server
from scim_cli.root import scim

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELSEWHERE = {"sh aws", "sh files", "sh make", "sh server"}
FILES = re.compile(r"(?:json|yaml) ([\w.-]+)")
PREAMBLE = f"""
set -euo pipefail
scim() {{ "{sys.executable}" -m scim_cli "$@"; }}
curl() {{ command curl --fail-with-body --max-time 30 "$@"; }}
"""


@dataclass(frozen=True)
class Block:
    """A fenced block, by its document and its line in it."""

    document: str
    line: int
    info: str
    text: str


def blocks_of(document: Path) -> Iterator[Block]:
    text = document.read_text("utf-8")
    name = document.relative_to(ROOT).as_posix()
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(name, line, found[1].strip(), found[2])


BLOCKS = {document: list(blocks_of(document)) for document in DOCUMENTS}
RUN = [document for document, blocks in BLOCKS.items() if any(b.info == "sh" for b in blocks)]
SHOWN = [block for blocks in BLOCKS.values() for block in blocks if block.info in ELSEWHERE]


def _id(value: Path | Block) -> str:
    if isinstance(value, Block):
        return f"{value.document}:{value.line}"
    return value.relative_to(ROOT).as_posix()


@pytest.fixture(name="port", scope="module")
def _port() -> Iterator[int]:
    with (
        Gateway.start(overrides={"LogLevel": "ERROR"}) as gateway,
        Server(0) as server,
        server.serving(answering(gateway, None)),
    ):
        yield server.server_address[1]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "document",
    [
        pytest.param(each, id=_id(each), marks=() if each.name == "README.md" else pytest.mark.long)
        for each in RUN
    ],
)
def test_the_blocks_of_a_document_run(document: Path, port: int, tmp_path: Path) -> None:
    script = [PREAMBLE]
    for block in BLOCKS[document]:
        if named := FILES.fullmatch(block.info):
            (tmp_path / named[1]).write_text(block.text, "utf-8")
        elif block.info == "sh":
            script += [f"echo '--- line {block.line}' >&2", block.text.replace("8080", str(port))]
    ended = subprocess.run(
        ["bash", "-c", "\n".join(script)],  # noqa: S607 - the one on the path
        env={**os.environ, "PORT": str(port), "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=550,
    )
    assert ended.returncode == 0, ended.stderr[-2000:] + ended.stdout[-1000:]


@pytest.mark.parametrize("block", SHOWN, ids=_id)
def test_blocks_that_run_elsewhere_name_existing_targets_and_commands(block: Block) -> None:
    for line in block.text.splitlines():
        words = line.split()
        match words:
            case ["make", target, *_]:
                assert f"\n.PHONY: {target} " in (ROOT / "Makefile").read_text("utf-8"), line
            case ["scim", *rest]:
                _require_known(rest, line)


def test_blocks_of_the_shell_have_no_comments() -> None:
    """Who pastes one into zsh, as on macOS, would run its backticks, and its apostrophes would open a text."""
    assert not [
        (block.document, line)
        for blocks in BLOCKS.values()
        for block in blocks
        if block.info.partition(" ")[0] == "sh"
        for line in block.text.splitlines()
        if re.search(r"(^|\s)#", line)
    ]


def test_blocks_of_the_shell_say_where_they_run() -> None:
    infos = {block.info for blocks in BLOCKS.values() for block in blocks}
    assert {info for info in infos if info.split()[:1] in (["sh"], ["bash"], ["shell"])} == {
        "sh",
        *ELSEWHERE,
    }


def test_architecture_shows_the_strata_that_the_linter_holds() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    held = {each["id"]: each["layers"] for each in contracts["contracts"] if "layers" in each}
    blocks = BLOCKS[ROOT / "docs" / "architecture.md"]
    strata, ladders = [block.text for block in blocks if not block.info][:2]
    assert _names(" ".join(held.pop("strata"))) <= _names(strata)
    shown: dict[str, str] = {}
    for line in ladders.splitlines():
        name, _, rest = line.partition(" ")
        last = name or list(shown)[-1]
        shown[last] = f"{shown.get(last, '')} {rest.strip()}"
    assert {name: [_names(layer) for layer in text.split("→")] for name, text in shown.items()} == {
        name: [_names(layer) for layer in layers] for name, layers in held.items()
    }


def _names(text: str) -> set[str]:
    return set(re.findall(r"[a-z_]+", text))


def test_the_readme_leads_to_every_page() -> None:
    pages = {path.name for path in ROOT.glob("docs/*.md")} - {"conformance-report.md"}
    named = set(re.findall(r"\(docs/([\w-]+[.]md)\)", (ROOT / "README.md").read_text("utf-8")))
    assert pages - named == set()


def test_every_picture_is_shown() -> None:
    pages = "".join(page.read_text("utf-8") for page in ROOT.glob("docs/*.md"))
    pictures = {picture.name for picture in ROOT.glob("docs/images/*")}
    assert pictures - set(re.findall(r"\(images/([\w-]+[.]\w+)\)", pages)) == set()


def test_a_page_that_is_named_is_linked() -> None:
    pages = [each for each in DOCUMENTS if each.parent.name != "decisions"]
    named = {
        _id(page): re.findall(
            r"(?<![\w/\[`])(?<!\]\()`?docs/[\w/-]+[.]md", FENCE.sub("", page.read_text("utf-8"))
        )
        for page in pages
    }
    assert {page: names for page, names in named.items() if names} == {}


def _require_known(words: list[str], line: str) -> None:
    """Refuse a command or an option that `scim` does not have."""
    command: click.Command = scim
    context = click.Context(scim)
    for word in words:
        if word.startswith("-"):
            options = {option for each in command.params for option in each.opts}
            assert word.partition("=")[0] in options, f"{line}: {word}"
        elif isinstance(command, click.Group):
            found = command.get_command(context, word)
            assert found is not None, f"{line}: {word}"
            command = found
