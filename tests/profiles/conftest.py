"""One service for all transcripts; afterwards its table must be sound."""

from tests.gateway.fixture import gateway_on_checked_table

__all__ = ["gateway_on_checked_table"]
