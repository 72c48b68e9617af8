"""The update inside each layer, as the report and the page show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lab.charts.spectrum_values import spectra_value
from lab.words import Words

if TYPE_CHECKING:
    from lab.experiment import Outcome
    from lab.lora.spectrum import UpdateSpectrum


def view_spectra(
    outcome: Outcome, words: Mapping[str, Words], spectra: Sequence[UpdateSpectrum] | None = None
) -> dict[str, Any]:
    """The heat map, its stacks called as the form calls the towers. spectra: if they are known."""
    from lab.lora.spectrum import find_spectra

    titles = {
        prefix: words["choices"].get(tower, tower)
        for tower, prefix in outcome.encoder.towers.items()
    }
    found = find_spectra(outcome.encoder.module) if spectra is None else spectra
    return spectra_value(found, titles, words["spectra"])
