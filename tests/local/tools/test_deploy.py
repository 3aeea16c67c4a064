"""A deployment is asked for six things once, and nothing unsound is deployed."""

import re
import tomllib
from pathlib import Path

import pytest

from local import template as templates
from local.tools import deploy
from local.tools.deploy import (
    QUESTIONS,
    DeploymentError,
    answers,
    architecture_of,
    building,
    deploying,
    overrides_of,
    release_of,
    require_sound,
    section_of,
)

ROOT = Path(__file__).parents[3]
SAID = ["eu-west-1", "", "", "ops@example.com", "90", ""]


def _given(*said: str) -> dict[str, str]:
    lines = iter(said)
    return answers(lambda _: next(lines))


def test_six_things_are_asked_and_the_usual_is_an_empty_line() -> None:
    assert len(QUESTIONS) == 6
    given = _given(*SAID)
    assert (given["region"], given["LogRetentionDays"], given["DeletionProtection"]) == (
        "eu-west-1",
        "90",
        "true",
    )


def test_every_question_is_the_region_or_a_parameter_of_the_template() -> None:
    template = templates.document_of(ROOT / "template.yaml")
    asked = {each.parameter for each in QUESTIONS}
    assert asked - {"region"} <= template["Parameters"].keys()


def test_the_answers_are_a_section_of_samconfig() -> None:
    config = (ROOT / "samconfig.toml").read_text("utf-8") + section_of("dev", _given(*SAID))
    parsed = tomllib.loads(config)["dev"]
    assert parsed["global"]["parameters"] == {"stack_name": "scim-dev", "region": "eu-west-1"}
    assert parsed["deploy"]["parameters"]["parameter_overrides"] == [
        "AlarmEmail=ops@example.com",
        "LogRetentionDays=90",
        "DeletionProtection=true",
        "Limits={}",
    ]
    require_sound(config, "dev")


@pytest.mark.parametrize(
    "limits", ['{"MaxMembres":1}', '{"MaxFilterDepth":99}', "nothing"], ids=["name", "number", "no"]
)
def test_unsound_limits_are_not_deployed(limits: str) -> None:
    with pytest.raises(DeploymentError, match=r"Limits|LIMITS"):
        require_sound(section_of("prod", _given(*SAID), limits), "prod")


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("LogRetentionDays=45", "LogRetentionDays=45: expected one of 1, 3, 5, "),
        ("DeletionProtection=yes", "DeletionProtection=yes: expected one of true, false."),
        ("MemorySize=1", "MemorySize=1: expected a number from 256 to 10240."),
        ("Cannary=true", "The template has no parameter Cannary. Did you mean Canary?"),
    ],
)
def test_a_value_that_the_template_forbids_is_refused_before_the_build(
    parameter: str, said: str
) -> None:
    written = section_of("prod", _given(*SAID)).replace("AlarmEmail=ops@example.com", parameter)
    with pytest.raises(DeploymentError, match=re.escape(said)):
        require_sound(written, "prod")


def test_answers_that_are_not_allowed_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "samconfig.toml"
    config.write_text("version = 0.1\n")
    monkeypatch.setattr(deploy, "CONFIG", config)
    lines = iter(["", "", "", "", "45", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(lines))
    assert deploy.main(["dev"]) == 2
    assert config.read_text() == "version = 0.1\n"


@pytest.mark.parametrize(
    ("region", "is_region"),
    [
        *[
            (name, True)
            for name in ("us-east-1", "ap-southeast-12", "us-gov-west-1", "eusc-de-east-1")
        ],
        *[(name, False) for name in ("eu west 1", "Frankfurt", "eu-central", "eu-central-1a", "y")],
    ],
)
def test_an_invalid_region_is_refused(region: str, *, is_region: bool) -> None:
    config = section_of("dev", _given(region, "", "", "", "30", "true"))
    if is_region:
        require_sound(config, "dev")
    else:
        with pytest.raises(DeploymentError, match=f"region = {region}: expected a region like"):
            require_sound(config, "dev")


def test_a_domain_needs_a_certificate() -> None:
    with pytest.raises(DeploymentError, match="certificate"):
        section_of("dev", _given("", "scim.example.com", "", "", "", ""))


def test_the_deployment_gets_the_name_of_its_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = ["--config-env", "prod", "--config-file", "own.toml"]
    out = Path("out")
    build = building("prod", out, "--config-file", "own.toml")
    assert build[1:] == ["build", *named, "--build-dir", "out"]
    deploy = deploying("prod", out, ["Canary=true"], "--config-file", "own.toml")
    assert deploy[1:-1] == [
        *("deploy", *named, "--template-file", "out/template.yaml"),
        *("--parameter-overrides", "Canary='true'"),
    ]
    template = templates.document_of(ROOT / "template.yaml")
    name, value = read_by_sam(deploy[-1])
    assert re.fullmatch(template["Parameters"][name]["AllowedPattern"], value)


def read_by_sam(argument: str) -> tuple[str, str]:
    """Return the parameter that SAM reads in an argument, as samcli/cli/types.py does."""
    parts = r"""("(?:\\.|[^"\\]+)*"|'(?:\\.|[^'\\]+)*'|(?:\\.|[^ "\\]+)+)"""
    ((name, value),) = re.findall(rf"""(?:(?: )([A-Za-z0-9"']+)={parts})""", f" {argument}")
    if value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return name, value.replace("\\ ", " ").replace('\\"', '"').replace("\\'", "'")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "true",
        '{"MaxMembers": 20000, "TenantRate": 50}',
        '{"groups": ["the \\"operators\\""]}',
        "openid email profile groups",
        "https://a.example https://b.example:8443",
        "10.0.0.0/8,::/0",
        "it's",
    ],
)
def test_sam_is_given_the_whole_value_of_a_parameter(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = deploying("prod", Path("out"), [f"Name={value}"])
    assert read_by_sam(command[-2]) == ("Name", value)


def test_a_release_is_another_one_when_a_file_or_a_parameter_is(tmp_path: Path) -> None:
    file = tmp_path / "layer" / "scim.py"
    file.parent.mkdir()
    file.write_text("1")
    first = release_of([tmp_path], ["Me=on"])
    (file.parent / "scim.pyc").write_bytes(b"compiled at another time")
    assert release_of([tmp_path], ["Me=on"]) == first
    by_parameter = release_of([tmp_path], ["Me=off"])
    file.write_text("2")
    assert len({first, by_parameter, release_of([tmp_path], ["Me=on"])}) == 3


@pytest.mark.parametrize(
    "written",
    ['["Me=on", "Limits={}"]', '"Me=on Limits={}"', """ "Me=on Limits='{}'" """],
)
def test_parameters_are_read_as_sam_reads_them(written: str) -> None:
    config = f"[dev.deploy.parameters]\nparameter_overrides = {written}"
    assert overrides_of(config, "dev") == ["Me=on", "Limits={}"]


@pytest.mark.parametrize(
    ("overrides", "architecture"),
    [([], "arm64"), (["Limits={}", "Architecture=x86_64"], "x86_64")],
)
def test_the_layer_is_built_for_the_processors_that_are_said(
    overrides: list[str], architecture: str
) -> None:
    assert architecture_of(overrides) == architecture
