"""The events of the tab Inside ΔW: it is opened, and its update is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import gradio as gr

from lab.errors import LabError
from lab.report.spectra import view_spectra
from lab.ui.events.by_name import by_name
from lab.ui.events.strength import HIDDEN, StrengthEvents, find_run, shown
from lab.ui.inside_view import view_about, view_reading
from lab.ui.strengths import Measurements
from lab.ui.tabs.inside import InsideTab
from lab.ui.updates import failed
from lab.visits.complaints import phrase
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory
from lab.visits.own_thread import in_own_thread
from lab.words import find_words

if TYPE_CHECKING:
    from torch import nn

    from lab.lora import UpdateSpectrum

# Hands a file over as if a link had been pressed; nothing for none.
DOWNLOAD = """(file) => {
  if (!file) return;
  const link = document.createElement("a");
  link.href = file.url;
  link.download = file.orig_name || "";
  link.click();
}"""


class InsideEvents:
    """Spectra of the runs of one laboratory, told in one language.

    A run's are read once, and kept for as long as the run is.
    """

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)
        self._spectra: WeakKeyDictionary[Job, tuple[UpdateSpectrum, ...]] = WeakKeyDictionary()

    def on_show(self, visitor_id: str) -> Iterator[dict[str, Any]]:
        """The tab was selected: the spectra of the visitor's run, when it has ended."""
        visitor = self._laboratory.visitor(visitor_id)
        run, result = find_run(visitor)
        if result is None:
            yield {"spectra": None, "status": HIDDEN, "strengths": gr.update(visible=False)}
            return
        if run not in self._spectra:
            yield {"status": shown(view_reading(self._words))}
            try:
                self._spectra[run] = in_own_thread(lambda: _read(result.outcome.encoder.module))
            except LabError as error:
                said = phrase(error, self._words)
                yield {"status": shown(failed(said))}
                return
        yield {
            "status": HIDDEN,
            "spectra": view_spectra(result.outcome, self._words, self._spectra[run]),
            "strengths": gr.update(visible=True),
            "about": view_about(result.outcome, self._words),
        }


def _read(module: nn.Module) -> tuple[UpdateSpectrum, ...]:
    from lab.lora import find_spectra

    return find_spectra(module)


def wire_inside(
    tab: InsideTab,
    visitor: gr.BrowserState,
    laboratory: Laboratory,
    language: str,
    measurements: Measurements,
) -> None:
    """Attach the tab's events. measurements: of the laboratory's runs, in whichever language."""
    inside = InsideEvents(laboratory, language)
    strength = StrengthEvents(laboratory, language, measurements)
    components = {name: item for name, item in vars(tab).items() if name != "tab"}

    def options(handler: Callable) -> dict[str, Any]:
        return {
            "fn": by_name(handler, components),
            "inputs": visitor,
            "outputs": list(components.values()),
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": None,
        }

    def export(event: gr.EventData, visitor_id: str) -> dict[str, Any]:
        asked = event._data.get("strength") if isinstance(event._data, dict) else None
        return strength.on_export(asked, visitor_id)

    tab.tab.select(**options(inside.on_show)).then(**options(strength.on_show))
    tab.measure.click(**options(strength.on_measure))
    tab.stop.click(
        strength.on_stop, visitor, None, queue=False, show_progress="hidden",
        api_visibility="private",
    )  # fmt: skip
    exported = tab.explorer.export_adapter(**options(export))
    exported.then(None, tab.adapter, None, js=DOWNLOAD, api_visibility="private")
