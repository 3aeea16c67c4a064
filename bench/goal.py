"""How a table shows a goal."""


def goal_told(goal: float | None, ratio: float) -> str:
    """Return the highest allowed ratio, with `missed` if this one is higher, or "" without a goal."""
    return "" if goal is None else f"{goal}{' missed' if ratio > goal else ''}"
