"""Random PATCH requests, here and by scim-patch of npm: the results agree, or the difference is judged."""

import json
import random
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from local.packages.scim_patch import modules
from scim.errors import NoTarget, ScimError
from tests.sampled import sampled
from tests.scim.patch.generated import Body, operation_of, ours, user_of

SEEDS, CASES = 100, 4000
"""Of one test, and of all."""
SCRIPT = Path(__file__).with_name("scim_patch.cjs")


def case_of(seed: int) -> tuple[Body, list[dict[str, Any]]]:
    """Return a user and one operation, or a few."""
    dice = random.Random(seed)
    return user_of(dice), [operation_of(dice) for _ in range(dice.choice((1, 1, 2, 3)))]


@pytest.fixture(name="theirs", scope="module")
def _theirs() -> Sequence[dict[str, Any]]:
    if shutil.which("node") is None:
        pytest.skip("scim-patch runs in node, which is not on the PATH")
    if not modules().is_dir():
        pytest.skip("scim-patch is not here: make scim-patch")
    cases = (dict(zip(("body", "operations"), case_of(n), strict=True)) for n in range(CASES))
    done = subprocess.run(
        ["node", str(SCRIPT), str(modules().resolve())],  # noqa: S607 - whichever node there is
        input="\n".join(map(json.dumps, cases)),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def pairs_once(body: Body | None, *, displayed: bool) -> Body | None:
    """Return a user each of whose pairs of value and type is there once, with its name or without."""
    if body is None or "emails" not in body:
        return body
    kept: dict[tuple[Any, Any], Any] = {}
    for each in body["emails"]:
        shown = each if displayed else {"value": each.get("value"), "type": each.get("type")}
        kept.setdefault((each.get("value"), each.get("type")), shown)
    return {**body, "emails": list(kept.values())}


def is_judged(here: Body | ScimError, there: Body | None, operations: Sequence[Body]) -> bool:
    """Tell whether a difference is one of those in docs/comparisons.md."""
    paths = [str(operation.get("path", "")) for operation in operations]
    if isinstance(here, ScimError):
        selects = any("[" in path or path == "emails.type" for path in paths)
        return isinstance(here, NoTarget) and selects
    merged = any(
        operation["op"] == "replace" and path.endswith("]")
        for operation, path in zip(operations, paths, strict=True)
    )
    displayed = not merged
    return pairs_once(here, displayed=displayed) == pairs_once(there, displayed=displayed)


@pytest.mark.parametrize("first", sampled(range(0, CASES, SEEDS), every=20))
def test_patch_agrees_with_scim_patch_except_for_judged_differences(
    first: int, theirs: Sequence[dict[str, Any]]
) -> None:
    different, agreed = [], 0
    for seed in range(first, first + SEEDS):
        body, operations = case_of(seed)
        here, there = ours(body, operations), theirs[seed].get("body")
        if there is not None:
            there = {name: value for name, value in there.items() if value not in ([], {}, None)}
        if here == there or (isinstance(here, ScimError) and there is None):
            agreed += 1
        elif not is_judged(here, there, operations):
            different.append((body, operations, here, there))
    assert different == []
    assert agreed > SEEDS / 2
