"""The lab's own charts, drawn by one set of scripts in the page and in report.html.

    results ──values──> JSON ──static/*.js──> a picture

Knows nothing about gradio, torch or files of a run.
"""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
VENDOR = Path(__file__).parents[2] / "assets" / "vendor"
PLOTLY = "plotly-cartesian.min.js"
SCRIPTS = (
    "core.js",
    "map_parts.js",
    "maps.js",
    "loss.js",
    "matrices.js",
    "tables.js",
    "rank.js",
    "spectra.js",
    "strength.js",
    "panels.js",
    "explorer_form.js",
    "explorer.js",
)
STYLE = "charts.css"
