"""Tests here talk to the whole service."""

from tests.gateway.fixture import gateway_on_checked_table

__all__ = ["gateway_on_checked_table"]
