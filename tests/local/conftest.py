"""A gateway over the small template beside this file, one for the tests of a module: they leave nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.gateway import Gateway

TEMPLATE = Path(__file__).parent / "template.yaml"


@pytest.fixture(scope="session")
def template_path() -> Path:
    return TEMPLATE


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with Gateway.start(template=TEMPLATE) as started:
        yield started
