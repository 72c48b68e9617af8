"""The components that plotly draws."""

from __future__ import annotations

from lab.ui.components.base import Chart


class LinkedMaps(Chart):
    """Two maps, before and after, linked on hover. Value:
    lab.charts.map_values.maps_value.

    point_click(handler): a person chose an item; gr.EventData has its `index`, 0 to 2N - 1, to be
    checked like anything that comes from a browser.
    """

    chart = "maps"
    sends = ("point_click",)
    plotly = True


class LossChart(Chart):
    """The loss while it falls. Value: lab.charts.values.loss_value."""

    chart = "loss"
    plotly = True


class SimilarityMatrices(Chart):
    """Similarities before, after, and their difference. Value: of lab.charts.matrix_values.

    seen(handler): its place came into sight while there was no value.
    """

    chart = "matrices"
    sends = ("seen",)
    plotly = True
