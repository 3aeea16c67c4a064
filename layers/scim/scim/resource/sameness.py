"""Whether two bodies say the same, as JSON: true is not 1, and order counts in arrays only."""

import json


def is_same(one: object, other: object) -> bool:
    """Tell whether two JSON values are equal."""
    return _canonical(one) == _canonical(other)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
