"""All functions of a process take turns, those of several APIs too: they share its environment variables."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local.functions import Function
from local.runtime import Runtime

CODE = """
import os
import time

LOADED_BY = os.environ["WHO"]

def handler(event, context):
    entered = os.environ.get("WHO")
    time.sleep(0.02)
    return [LOADED_BY, entered, os.environ.get("WHO")]
"""


def runtime_of(folder: Path, who: str, **more: str) -> Runtime:
    folder.mkdir()
    (folder / "app.py").write_text(CODE, "utf-8")
    environment: Mapping[str, str] = {"WHO": who, **more}
    function = Function(who, who, "arn", folder, (), "app.handler", 3, 128, environment)
    return Runtime({"arn": function})


def test_functions_of_two_runtimes_see_their_own_environment(tmp_path):
    one, other = (runtime_of(tmp_path / who, who, **{who: "1"}) for who in ("ONE", "OTHER"))
    before = dict(os.environ)
    with ThreadPoolExecutor(4) as threads:
        asked = [(each, threads.submit(each.invoke, "arn", {})) for each in (one, other) * 5]
        seen = [(each, invoked.result()) for each, invoked in asked]
    assert seen == [(one, ["ONE"] * 3), (other, ["OTHER"] * 3)] * 5
    assert dict(os.environ) == before
