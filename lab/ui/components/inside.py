"""The components that show an adapter's update: layer by layer, and over its strength."""

from __future__ import annotations

from lab.ui.components.base import Chart


class UpdateSpectra(Chart):
    """ΔW in every layer, and a layer's singular values.

    Value: lab.charts.spectrum_values.spectra_value.
    """

    chart = "spectra"


class StrengthExplorer(Chart):
    """W + λ·ΔW over λ. Value: lab.charts.strength_values.strength_value.

    export_adapter(handler): the adapter is asked for at gr.EventData's `strength`, to be checked
    like anything that comes from a browser.
    """

    chart = "strength"
    sends = ("export_adapter",)
    plotly = True
