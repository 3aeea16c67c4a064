"""Times on the command line and in the store."""

from datetime import UTC, datetime, timedelta

import click
import pytest
from annotated_types import Le

from scim.service.administration.requests import (
    NewConsoleLink,
    NewLink,
    NewToken,
    Parameters,
    RotatedToken,
)
from scim_cli.moment import Moment, Span, now
from scim_cli.root import scim


@pytest.mark.parametrize(
    ("text", "span"),
    [("30m", timedelta(minutes=30)), ("24h", timedelta(days=1)), ("7d", timedelta(days=7))],
)
def test_a_length_of_time_is_a_number_and_a_unit(text: str, span: timedelta) -> None:
    assert Span(7).convert(text, None, None) == span


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "7w", "1.5h", "1000000d"])
def test_a_malformed_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        Span(7).convert(text, None, None)


def test_a_length_of_time_that_is_too_long_is_told_in_days() -> None:
    with pytest.raises(click.BadParameter, match="8d is too long; expected 7d or less"):
        Span(7).convert("8d", None, None)


def test_a_moment_is_in_utc() -> None:
    moment = Moment().convert("2026-03-01T10:00:00+02:00", None, None)
    assert moment.isoformat() == "2026-03-01T08:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    ["2026-03-01T10:00:00", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "today"],
)
def test_a_moment_without_an_offset_or_outside_the_years_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no time"):
        Moment().convert(text, None, None)


LONGEST = [
    (["console", "open"], NewConsoleLink),
    (["portal", "link"], NewLink),
    (["token", "create"], NewToken),
    (["token", "rotate"], RotatedToken),
]


@pytest.mark.parametrize(("words", "asked"), LONGEST, ids=str)
def test_the_longest_times_are_those_of_the_admin_api(
    words: list[str], asked: type[Parameters]
) -> None:
    group = scim.get_command(click.Context(scim), words[0])
    assert isinstance(group, click.Group)
    spans = [each for each in group.commands[words[1]].params if isinstance(each.type, Span)]
    assert spans
    for each in spans:
        (bound,) = (m.le for m in asked.model_fields[str(each.name)].metadata if isinstance(m, Le))
        assert isinstance(each.type, Span)
        assert each.type.days * 86_400 == bound


@pytest.mark.parametrize(
    "text", ["2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000Z", "2026-03-01T11:00:00+01:00"]
)
def test_a_point_in_time_is_that_of_rfc_3339(text: str) -> None:
    assert Moment().convert(text, None, None) == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_a_point_in_time_may_be_given_as_an_age() -> None:
    day, begun = timedelta(hours=24), now()
    assert begun - day <= Moment().convert("24h", None, None) <= now() - day


@pytest.mark.parametrize("text", ["", "yesterday", "2026-03-01", "2026-03-01T10:00:00", "-1d"])
def test_a_malformed_point_in_time_is_refused(text: str) -> None:
    with pytest.raises(
        click.BadParameter, match="expected one such as 2026-03-01T10:00:00Z, or 24h"
    ):
        Moment().convert(text, None, None)
