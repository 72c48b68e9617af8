"""The component that shows which directions two adapters share."""

from __future__ import annotations

from lab.ui.components.base import Chart


class SharedSubspaces(Chart):
    """φ of a sweep's adapters, pair by pair and layer by layer, beside chance.

    Value: lab.charts.subspace_values.subspaces_value.
    """

    chart = "subspaces"
    plotly = True
