"""`python -m bench.plots` draws docs/performance/*.svg from docs/performance.json and measures nothing."""

import json
from pathlib import Path

from bench.plots.charts import charts
from bench.plots.draw import draw

REPORT = Path(__file__).parents[2] / "docs" / "performance.json"

if __name__ == "__main__":
    draw(REPORT.with_suffix(""), charts(json.loads(REPORT.read_text("utf-8"))).values())
