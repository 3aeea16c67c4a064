"""Numbers and times as the index stores them: texts that sort in the order of the values."""

import re
from datetime import UTC, datetime
from decimal import Decimal

BIAS = 10_000
NINES = str.maketrans("0123456789", "9876543210")
TIME = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)?", re.ASCII)


def number_text(value: float) -> str:
    """Return a number as text: `1` for zero, else its sign, exponent and digits.

    For a negative number exponent and digits are complemented and followed by `~`.
    """
    number = Decimal(str(value))
    if not number:
        return "1"
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    text = f"{number.adjusted() + BIAS:05d}{digits}"
    return f"2{text}" if number > 0 else f"0{text.translate(NINES)}~"


def instant_text(text: str) -> str:
    """Return a time (in lower case) in UTC with microseconds; any other text unchanged, such as a month 13."""
    if TIME.fullmatch(text) is None:
        return text
    try:
        moment = datetime.fromisoformat(text.upper())
        utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds").lower() + "z"
