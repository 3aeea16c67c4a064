"""Definitions compiled into the layer equal those of a plain checkout."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

import pytest

from scim import compiled
from scim.bootstrap import compiling
from scim.filter.parsing import shipped
from scim.filter.parsing.parse import parse_filter, parse_path
from scim.filter.parsing.template import filter_template, path_template
from scim.profile import shipped as profiles
from scim.schema import loading
from tests.scim.filter.trees import written

ROOT = Path(__file__).parents[3]
SHAPES = json.loads((files("scim") / "definitions" / "shapes.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written_to = tmp_path_factory.mktemp("compiled")
    compiling.write(written_to)
    return written_to


@pytest.fixture
def built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(compiled, "COMPILED", folder)
    _forget()
    yield folder
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    caches = (shipped._shipped, filter_template, path_template, profiles.shipped, loading._plain)
    for cache in caches:
        cache.cache_clear()


def test_a_shipped_filter_is_what_the_parser_reads(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [written(parse_filter(text).filter) for text in SHAPES["filters"]]
    monkeypatch.undo()
    _forget()
    assert ours == [written(parse_filter(text).filter) for text in SHAPES["filters"]]


def test_a_shipped_path_is_what_the_parser_reads(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [parse_path(text) for text in SHAPES["paths"]]
    monkeypatch.undo()
    _forget()
    assert ours == [parse_path(text) for text in SHAPES["paths"]]


def test_a_shape_that_identity_providers_send_needs_no_antlr(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from scim import compiled;"
        f"compiled.COMPILED = Path({str(folder)!r});"
        "from scim.filter.parsing.parse import parse_filter, parse_path;"
        f"[parse_filter(text) for text in {SHAPES['filters']!r}];"
        f"[parse_path(text) for text in {SHAPES['paths']!r}];"
        "sys.exit('antlr4' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _served(name: str) -> tuple[object, object]:
    try:
        # Resource types are equal to themselves alone.
        return profiles.shipped(name), asdict(loading.catalogue_of(profiles.shipped(name)))
    except loading.DefinitionError as error:
        return name, str(error)


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.long)])
def test_compiled_profiles_and_catalogues_equal_those_of_the_documents(
    built: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    with_options = [*profiles.with_options()][::step]
    names = [*profiles.names(), *with_options, "okta+openDiscovery+groupMembers", ""]
    ours = [_served(name) for name in names]
    monkeypatch.undo()
    _forget()
    assert ours == [_served(name) for name in names]


def test_the_compiled_mounts_are_those_of_the_documents(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles.every_mount.cache_clear()
    ours = profiles.every_mount()
    monkeypatch.undo()
    profiles.every_mount.cache_clear()
    assert ours == profiles.every_mount()


@pytest.mark.long
def test_a_catalogue_of_other_definitions_is_built_separately(built: Path) -> None:
    profile = profiles.shipped("ownidp")
    other = loading.Additions(variables={"host": "elsewhere.example"})
    assert loading.catalogue_of(profile, other) != loading.catalogue_of(profile)


def test_a_schema_is_read_once_and_shared(built: Path) -> None:
    catalogue = loading.catalogue_of(profiles.shipped(""))
    user = catalogue.resource_type("User")
    assert user is not None
    assert any(user.schema is each for each in catalogue.schemas)


@pytest.mark.parametrize("function", ["resource", "authorizer", "search"])
@pytest.mark.sampled(2)
def test_a_function_starts_without_loading_the_definition_readers(
    folder: Path, function: str
) -> None:
    program = (
        "import sys; from pathlib import Path; from scim import compiled;"
        f"compiled.COMPILED = Path({str(folder)!r});"
        f"sys.path.insert(0, {str(ROOT / 'functions' / function)!r}); import app;"
        "heavy = {'pydantic', 'aws_lambda_powertools', 'boto3', 'antlr4', 'cryptography'};"
        "sys.exit(', '.join(heavy & sys.modules.keys()))"
    )
    environment = {
        "PYTHONPATH": str(ROOT / "layers/scim"),
        "TABLE_NAME": "scim",
        "RESOURCE_TYPE": "User",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    )
    assert run.stderr.decode().strip() == ""
