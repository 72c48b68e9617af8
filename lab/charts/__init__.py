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
    "link.js",
    "map_places.js",
    "map_colours.js",
    "map_traces.js",
    "map_bar.js",
    "map_tools.js",
    "map_lasso.js",
    "map_search.js",
    "map_card.js",
    "maps.js",
    "neighbours.js",
    "overlap.js",
    "loss.js",
    "seen.js",
    "matrix_cells.js",
    "matrices.js",
    "balance.js",
    "tables.js",
    "changes.js",
    "rank.js",
    "spectra.js",
    "strength.js",
    "subspace_grids.js",
    "subspaces.js",
    "sweep_axes.js",
    "sweep_panels.js",
    "sweep_planes.js",
    "sweep_curves.js",
    "sweep.js",
    "panels.js",
    "help.js",
    "guide.js",
    "explorer_form.js",
    "explorer.js",
    "runs.js",
    "run_comparison.js",
)
STYLE = "charts.css"
