"""Draws the pictures with the Python of .venv-peer, which has matplotlib."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.beside.requests import PEER
from bench.plots.charts import Chart

_DRAWING: Final = Path(__file__).with_name("drawing.py")


def draw(folder: Path, found: Iterable[Chart]) -> None:
    """Write a picture of each chart into a folder, and remove the other pictures there."""
    described = json.dumps([asdict(chart) for chart in found])
    for old in folder.glob("*.svg"):
        old.unlink()
    with tempfile.TemporaryDirectory() as settings:
        environment = {"PATH": os.environ["PATH"], "MPLCONFIGDIR": settings}
        command = [str(PEER), str(_DRAWING), str(folder)]
        subprocess.run(command, input=described, text=True, env=environment, check=True)
