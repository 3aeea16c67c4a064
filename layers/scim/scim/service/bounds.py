"""How much one request may ask for."""

from dataclasses import dataclass, field

from scim.filter.limits import FilterLimits


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one deployment; counts are inclusive."""

    filter: FilterLimits = field(default_factory=FilterLimits)
    patch_operations: int = 1000
    bulk_operations: int = 1000
    bulk_payload_bytes: int = 1_048_576
    job_operations: int = 100_000
    job_payload_bytes: int = 5_242_880
    members: int = 10_000
    inline_members: int = 10_000
    patch_answer_members: int = 8
    page_size: int = 100
    max_page_size: int = 1000
    scanned: int = 50_000
    cursor_seconds: int = 3600
