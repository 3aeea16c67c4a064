"""Settings come from the environment, once, with the defaults the template documents."""

import os
import subprocess
import sys
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from scim.service.endpoint import Bounds
from scim.settings import LIMITS, VARIABLES, LocalOnlyError, Settings
from scim.variable import Variable, validated

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


class _Loader(yaml.CSafeLoader):
    """Reads CloudFormation's short forms as the name they hold, longer ones as nothing."""


def _named(loader: yaml.CSafeLoader, _: str, node: yaml.Node) -> object:
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_Loader.add_multi_constructor("!", _named)


@cache
def _globals() -> dict[str, Any]:
    template = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - safe
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    return {
        name: template["Parameters"][parameter]["Default"]
        for name, parameter in variables.items()
        if name.startswith("SCIM_") and isinstance(parameter, str)
    }


@pytest.fixture(name="environment")
def _environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for each in VARIABLES.values():
        monkeypatch.delenv(each.name, raising=False)
    return monkeypatch


def test_without_settings_the_default_bounds_hold(
    environment: pytest.MonkeyPatch,
) -> None:
    settings = Settings.from_environment()
    assert settings.bounds() == Bounds(feed_days=30, rate=100)
    assert (settings.base_url, settings.minimum_token_length) == ("", 40)
    assert settings.max_body_bytes == 1_048_576


@pytest.mark.parametrize("name", ["bounds", "breaker", "definition_limits"])
def test_every_limit_follows_its_setting(name: str) -> None:
    numbers = {
        each.name: each.default + 1 for each in fields(Settings) if type(each.default) is int
    }
    limits_of = getattr(Settings, name)
    usual, changed = (flat(limits_of(settings)) for settings in (Settings(), Settings(**numbers)))
    # Whether a larger page is refused, the profile says.
    assert {each for each in usual if usual[each] == changed[each]} <= {"refuses_larger_pages"}


def flat(limits: Any) -> dict[str, Any]:
    """Return the fields of limits, and those of the filter's among them."""
    by_name = asdict(limits)
    return {**by_name, **by_name.get("filter", {})}


def test_the_templates_defaults_are_the_settings_own(environment: pytest.MonkeyPatch) -> None:
    before = Settings.from_environment()
    for name, value in _globals().items():
        environment.setenv(name, str(value))
    assert Settings.from_environment() == before


def test_every_setting_of_the_template_is_read() -> None:
    names = {each.name for each in VARIABLES.values()}
    assert set(_globals()) <= {*names, LIMITS}


def test_every_variable_is_read_into_its_setting(environment: pytest.MonkeyPatch) -> None:
    values = {
        "TABLE_NAME": "scim",
        "RESOURCE_TYPE": "User",
        "SCIM_BASE_URL": "https://scim.example",
        "SCIM_MAX_FILTER_LENGTH": "11",
        "SCIM_MAX_FILTER_TERMS": "12",
        "SCIM_MAX_FILTER_DEPTH": "13",
        "SCIM_MAX_PATCH_OPERATIONS": "14",
        "SCIM_MAX_VALUES": "23",
        "SCIM_MAX_COMPARISONS": "24",
        "SCIM_MAX_NESTING": "25",
        "SCIM_MAX_BULK_OPERATIONS": "20",
        "SCIM_MAX_BULK_PAYLOAD_BYTES": "21",
        "SCIM_MAX_MEMBERS": "15",
        "SCIM_MAX_INLINE_MEMBERS": "16",
        "SCIM_MAX_PATCH_ANSWER_MEMBERS": "0",
        "SCIM_PAGE_SIZE": "17",
        "SCIM_MAX_PAGE_SIZE": "18",
        "SCIM_MAX_ANSWER_BYTES": "65537",
        "SCIM_MAX_SCANNED": "19",
    }
    for name, value in values.items():
        environment.setenv(name, value)
    settings = Settings.from_environment()
    bounds = settings.bounds()
    assert (settings.table_name, settings.resource_type) == ("scim", "User")
    assert settings.base_url == "https://scim.example"
    assert (bounds.filter.length, bounds.filter.terms, bounds.filter.depth) == (11, 12, 13)
    assert (bounds.patch_operations, bounds.members, bounds.inline_members) == (14, 15, 16)
    assert (bounds.values, bounds.comparisons, bounds.nesting) == (23, 24, 25)
    assert (bounds.patch_answer_members, bounds.page_size) == (0, 17)
    assert (bounds.bulk_operations, bounds.bulk_payload_bytes) == (20, 21)
    assert (bounds.max_page_size, bounds.scanned, bounds.answer_bytes) == (18, 19, 65537)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCIM_PAGE_SIZE", "0"),
        ("SCIM_PAGE_SIZE", "many"),
        ("SCIM_MAX_ANSWER_BYTES", "6291556"),
        ("SCIM_MAX_BODY_BYTES", "-1"),
        ("SCIM_MINIMUM_TOKEN_LENGTH", "0"),
        ("SCIM_METER", "perhaps"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(ValidationError, match=name):
        Settings.from_environment()


@pytest.mark.parametrize(("value", "is_metered"), [("0", False), ("1", True), (None, False)])
def test_answers_carry_their_cost_where_that_is_switched_on(
    environment: pytest.MonkeyPatch, value: str | None, is_metered: bool
) -> None:
    if value is not None:
        environment.setenv("SCIM_METER", value)

    def cost() -> str:
        return "1 trip"

    assert Settings.from_environment().metered(cost) is (cost if is_metered else None)


@pytest.mark.parametrize(
    ("name", "value"), [("SCIM_LOOPBACK_ISSUERS", "1"), ("SCIM_QUERY_TOKEN", "access_token")]
)
def test_settings_for_tests_are_refused_on_aws(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    environment.setenv("AWS_EXECUTION_ENV", "AWS_Lambda_python3.13")
    with pytest.raises(LocalOnlyError, match="local runs only"):
        Settings.from_environment()
    environment.setenv("AWS_SAM_LOCAL", "true")
    Settings.from_environment()
    environment.delenv("AWS_SAM_LOCAL")
    environment.delenv("AWS_EXECUTION_ENV")
    Settings.from_environment()


@pytest.mark.parametrize(
    ("key", "base", "is_minting"),
    [("", "", False), ("alias/x", "", False), ("", "https://x", False), ("a", "https://x", True)],
)
def test_tokens_are_minted_with_a_key_by_an_issuer_that_has_a_name(
    environment: pytest.MonkeyPatch, key: str, base: str, is_minting: bool
) -> None:
    environment.setenv("SCIM_SIGNING_KEY", key)
    environment.setenv("SCIM_BASE_URL", base)
    assert (Settings.from_environment().minting("minted") is not None) is is_minting


PLAIN = ["0", "1", "12", "true", "false", "off", "on", "create", "", "anything", "5242881"]
"""What is written plainly: what one reader takes and the other refuses is a mistake."""


@pytest.mark.sampled(8)
@pytest.mark.parametrize("variable", VARIABLES.values(), ids=lambda each: each.name)
def test_plain_values_are_read_as_pydantic_reads_them(variable: Variable) -> None:
    name = next(name for name, each in VARIABLES.items() if each == variable)
    for text in PLAIN:
        try:
            plain = variable.read(text)
        except ValueError:
            continue
        assert validated(VARIABLES, {variable.name: text})[name] == plain, text


@pytest.mark.parametrize(
    ("name", "text", "setting", "value"),
    [
        ("SCIM_METER", "yes", "meters", True),
        ("SCIM_PAGE_SIZE", " 7 ", "page_size", 7),
        ("SCIM_PAGE_SIZE", "1_0", "page_size", 10),
    ],
)
def test_values_in_other_spellings_are_left_to_pydantic(
    environment: pytest.MonkeyPatch, name: str, text: str, setting: str, value: object
) -> None:
    environment.setenv(name, text)
    assert getattr(Settings.from_environment(), setting) == value


def test_settings_are_read_without_pydantic_where_they_are_written_plainly() -> None:
    program = (
        "import sys; from scim.settings import Settings; Settings.from_environment().bounds();"
        "sys.exit('pydantic' in sys.modules)"
    )
    environment = {**os.environ, "SCIM_PAGE_SIZE": "7", "SCIM_METER": "1"}
    assert (
        subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode
        == 0
    )
