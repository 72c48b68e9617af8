"""The components that show a sweep over ranks."""

from __future__ import annotations

from lab.ui.components.base import Chart


class SweepCurves(Chart):
    """Every adapter on its way. Value: lab.charts.sweep_values.curves_value."""

    chart = "sweepCurves"
    plotly = True


class RankSweep(Chart):
    """What the points that have ended say. Value: lab.sweep.view.view_ranks."""

    chart = "rankSweep"
    plotly = True
