"""Gradio components around lab.charts: each shows one value and, where it says so, reports clicks.

    LinkedMaps  LossChart  SimilarityMatrices                        drawn by plotly
    MetricsTable  PairList  LayerTree  RankPicture  PairPreview  StatusLine  Note
    UpdateSpectra  StrengthExplorer

They need `launch(app_kwargs={"routes": vendor_routes()})`.
"""

from __future__ import annotations

from lab.ui.components.charts import LinkedMaps, LossChart, SimilarityMatrices
from lab.ui.components.explorer import Explorer
from lab.ui.components.inside import StrengthExplorer, UpdateSpectra
from lab.ui.components.panels import (
    LayerTree,
    MetricsTable,
    Note,
    PairList,
    PairPreview,
    RankPicture,
    StatusLine,
)
from lab.ui.components.routes import vendor_routes

__all__ = [
    "Explorer",
    "LayerTree",
    "LinkedMaps",
    "LossChart",
    "MetricsTable",
    "Note",
    "PairList",
    "PairPreview",
    "RankPicture",
    "SimilarityMatrices",
    "StatusLine",
    "StrengthExplorer",
    "UpdateSpectra",
    "vendor_routes",
]
