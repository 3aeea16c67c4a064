"""The report measures the cold start of every function of the template with its settings."""

from bench.cold_start import GOALS, functions, rows
from local.template import TEMPLATE, document_of

MEASURED = functions()


def test_every_function_of_the_template_is_measured_or_has_the_code_of_one_that_is() -> None:
    written = {
        name.removesuffix("Function").lower()
        for name, resource in document_of(TEMPLATE)["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    named = [one for name, each in MEASURED.items() for one in (name, *each.same)]
    assert sorted(one.replace(" ", "") for one in named) == sorted(written)


def test_a_function_has_the_environment_of_the_template() -> None:
    environment = MEASURED["users"].function.environment
    assert environment["RESOURCE_TYPE"] == "User"
    assert "TABLE_NAME" in environment


def test_one_code_is_measured_once() -> None:
    assert "groups" in MEASURED["users"].same
    assert len({each.function.code for each in MEASURED.values()}) == len(MEASURED)


def test_goals_are_of_functions_there_are() -> None:
    assert GOALS.keys() <= MEASURED.keys()


def test_the_quickest_is_first_and_a_missed_goal_says_so() -> None:
    slow = {"ratio": 0.6, "milliseconds": 1, "megabytes": 2.0, "others": ["groups"]}
    quick = {"ratio": 0.3, "milliseconds": 1, "megabytes": 2.0}
    assert rows({"users": slow, "authorizer": quick})[2:] == [
        "| authorizer | 0.3 | 0.35 | 2.0 |  |",
        "| users | 0.6 | 0.5 missed | 2.0 | groups |",
    ]
