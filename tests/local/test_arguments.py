"""The arguments of `make run`, and the refusal of others."""

from pathlib import Path

import pytest

from local.arguments import ArgumentError, Arguments, arguments_of
from local.limits import declarations
from local.template import TEMPLATE, parameters_of

DECLARED = {
    "TokenEndpoint": {"Type": "String", "AllowedValues": ["true", "false"]},
    "PageSize": {"Type": "Number", "MinValue": 1},
    "MaxPageSize": {"Type": "Number", "MinValue": 1, "MaxValue": 10},
    "BaseUrl": {"Type": "String", "AllowedPattern": "|https?://.*[^/]"},
}


def test_without_a_word_it_is_moto_on_8080() -> None:
    assert arguments_of([], {}, DECLARED) == Arguments(8080, "moto", None, 1, {})


def test_empty_variables_count_as_absent() -> None:
    said = {"PORT": "", "STORE": "", "DATA": "", "WORKERS": ""}
    assert arguments_of([], said, DECLARED) == arguments_of([], {}, DECLARED)


def test_settings_come_from_the_environment_and_parameters_by_name() -> None:
    said = {"PORT": "0", "SCIM_METER": "1", "PageSize": "5", "HOME": "/", "TokenEndpoint": "true"}
    told = arguments_of(["PORT", "TokenEndpoint", "PageSize=7"], said, DECLARED)
    assert told.port == 0
    assert told.overrides == {"SCIM_METER": "1", "PageSize": "7", "TokenEndpoint": "true"}


def test_data_is_kept_by_several_servers_on_one_table() -> None:
    said = {"STORE": "dynamodb-local", "DATA": "kept", "WORKERS": "3"}
    told = arguments_of([], said, DECLARED)
    assert told == Arguments(8080, "dynamodb-local", Path("kept"), 3, {})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["PORT=http"], "PORT=http: expected a number from 0 to 65535."),
        (["PORT=65536"], "PORT=65536: expected a number from 0 to 65535."),
        (["PORT=-1"], "PORT=-1: expected a number from 0 to 65535."),
        (["STORE=motto"], "expected one of moto, dynamodb-local. Did you mean moto?"),
        (["STORE=redis"], "STORE=redis: expected one of moto, dynamodb-local."),
        (["WORKERS=0"], "WORKERS=0: expected a number from 1 to 64."),
        (["WORKERS=2"], "WORKERS need STORE=dynamodb-local"),
        (["DATA=here"], "DATA is kept by STORE=dynamodb-local only"),
        (["PROT=1"], "no parameter of the template PROT. Did you mean PORT?"),
        (["TokenEndpiont=true"], "TokenEndpiont. Did you mean TokenEndpoint?"),
        (["zzz"], "zzz. It takes PORT, STORE, DATA, WORKERS."),
        (["TokenEndpoint=yes"], "TokenEndpoint=yes: expected one of true, false."),
        (["PageSize=many"], "PageSize=many: expected a number of 1 or more."),
        (["MaxPageSize=11"], "MaxPageSize=11: expected a number from 1 to 10."),
        (["BaseUrl=example.com"], "BaseUrl=example.com: expected what"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_an_invalid_argument_is_refused_in_one_sentence(words: list[str], expected: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        arguments_of(words, {}, DECLARED)
    assert expected in str(refused.value)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("TenantRate=1.5", "TenantRate=1.5: expected a whole number of 0 or more."),
        ("MaxValues=1e3", "MaxValues=1e3: expected a whole number from 1 to 10000."),
        ('Limits={"Nope": 1}', "there is no limit Nope"),
        ('Limits={"MaxValues": 0}', "Limits: SCIM_MAX_VALUES: "),
        ("Limits={no}", "SCIM_LIMITS: "),
    ],
)
def test_limits_with_which_no_function_starts_are_refused(word: str, expected: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        arguments_of([word], {}, {**parameters_of(TEMPLATE), **declarations()})
    assert expected in str(refused.value)


def test_the_parameters_are_those_of_the_template() -> None:
    told = arguments_of(["TokenEndpoint=true"], {}, parameters_of(TEMPLATE))
    assert told.overrides == {"TokenEndpoint": "true"}
