"""What a table says of a goal."""


def goal_told(goal: float | None, ratio: float) -> str:
    """Return the highest ratio there should be, with a word where this one is higher; nothing without a goal."""
    return "" if goal is None else f"{goal}{' missed' if ratio > goal else ''}"
