"""Gradio components around lab.charts: each shows one value and, where it says so, reports clicks.

    LinkedMaps  LossChart  SimilarityMatrices                        drawn by plotly
    MetricsTable  PairList  LayerTree  RankPicture  PairPreview  StatusLine  Note
    UpdateSpectra  StrengthExplorer  SharedSubspaces  SweepCurves  RankSweep
    NeighbourLists  OverlapHistogram

They need `launch(app_kwargs={"routes": vendor_routes()})`.
"""

from __future__ import annotations

from lab.ui.components.charts import LinkedMaps, LossChart, SimilarityMatrices
from lab.ui.components.explorer import Explorer
from lab.ui.components.inside import StrengthExplorer, UpdateSpectra
from lab.ui.components.neighbours import NeighbourLists, OverlapHistogram
from lab.ui.components.panels import (
    Balance,
    GroupTable,
    LayerTree,
    MetricsTable,
    Note,
    PairList,
    PairPreview,
    RankPicture,
    StatusLine,
)
from lab.ui.components.routes import vendor_routes
from lab.ui.components.runs import RunComparison, RunsTable
from lab.ui.components.subspaces import SharedSubspaces
from lab.ui.components.sweep import RankSweep, SweepCurves

__all__ = [
    "Balance",
    "Explorer",
    "GroupTable",
    "LayerTree",
    "LinkedMaps",
    "LossChart",
    "MetricsTable",
    "NeighbourLists",
    "Note",
    "OverlapHistogram",
    "PairList",
    "PairPreview",
    "RankPicture",
    "RankSweep",
    "RunComparison",
    "RunsTable",
    "SharedSubspaces",
    "SimilarityMatrices",
    "StatusLine",
    "StrengthExplorer",
    "SweepCurves",
    "UpdateSpectra",
    "vendor_routes",
]
