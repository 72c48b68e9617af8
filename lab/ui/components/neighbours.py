"""The components that show what stands near what, drawn with plain elements."""

from __future__ import annotations

from lab.ui.components.base import Chart


class NeighbourLists(Chart):
    """One item's nearest before and after. Value: lab.charts.neighbour_values.neighbours_value.

    Choosing one of them chooses it on the page's maps.
    """

    chart = "neighbours"


class OverlapHistogram(Chart):
    """How many of its nearest each item kept. Value: lab.charts.neighbour_values.overlap_value.

    look(handler): a value that is awaited (overlap_awaited) came into view.
    """

    chart = "overlap"
    sends = ("look",)
