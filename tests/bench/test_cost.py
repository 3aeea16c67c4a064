"""The monthly cost follows from measured units, prices and the number of requests."""

from dataclasses import replace

import pytest

from bench.caller import Cost
from bench.cost import (
    DOCUMENT,
    Measured,
    by_size,
    floor,
    known,
    measured,
    of_month,
    of_request,
    written,
)

FREE = Cost(0, 0, 0)
FOUND = Measured(dict.fromkeys(known().month, FREE), 1000)


def test_a_request_is_the_sum_of_its_parts() -> None:
    of = known()
    nothing = of_request(FREE, of, 1)
    assert of_request(Cost(0, 1_000_000, 0), of, 1) - nothing == pytest.approx(0.125)
    assert of_request(Cost(0, 0, 1_000_000), of, 1) - nothing == pytest.approx(0.625)
    second = of_request(Cost(1000, 0, 0), of, 1) - nothing
    seconds = of.assumed["roundTripMilliseconds"]
    assert second == pytest.approx(seconds * of.price("lambdaGigabyteSecond"))
    assert of_request(FREE, of, 2) > nothing > of.price("gatewayRequest")


def test_requests_and_storage_grow_with_the_users_and_the_rest_does_not() -> None:
    of = known()
    one, ten = (of_month(users, FOUND, of, 1) for users in (1000, 10_000))
    assert ten["requests"] == pytest.approx(10 * one["requests"])
    assert ten["storage"] == pytest.approx(10 * one["storage"])
    assert ten["metrics"] == one["metrics"]


def test_an_idle_deployment_pays_for_its_alarms() -> None:
    of = known()
    idle = floor(of, 1)
    assert idle["alarms"] > 1
    free = {**of.prices, "alarm": {"usd": 0.0, "what": ""}}
    assert floor(replace(of, prices=free), 1)["alarms"] == 0


def test_a_month_is_what_it_is_for_and_what_is_idle() -> None:
    for users, month in by_size(FOUND, known()).items():
        *spent, whole, of_a_thousand = month.values()
        assert whole == pytest.approx(sum(spent))
        assert of_a_thousand == pytest.approx(whole / users * 1000)


@pytest.mark.long
def test_the_document_is_what_is_measured() -> None:
    assert DOCUMENT.read_text("utf-8") == written(measured("moto"), known())
