"""The event of two points of a sweep: their adapters' directions are compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lab.errors import LabError
from lab.sweep.folder import sweep_from_json
from lab.ui.sweep_subspaces import choose_two, compare_points
from lab.ui.updates import error_note
from lab.visits.complaints import phrase
from lab.visits.laboratory import Laboratory
from lab.visits.own_thread import in_own_thread
from lab.words import find_words

if TYPE_CHECKING:
    from lab.visits.sweep_state import Sweeping

Updates = dict[str, Any]


class PointEvents:
    """Points of the visitors' sweeps, told in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)

    def on_compare(self, visitor_id: str, first: Any, second: Any) -> Iterator[Updates]:
        """Compare the directions of two points' adapters."""
        job = self._laboratory.visitor(visitor_id).sweep
        state: Sweeping | None = None if job is None else job.snapshot().result
        if state is None:
            yield {}
            return
        words = self._words["ranks"]
        yield {"compared": {"texts": [words["comparing"]], "kind": "faint"}}
        try:
            two = choose_two(state.points, first, second)
            base = sweep_from_json(state.settings["config"]).base
            module = self._laboratory.prepared.encoder(base.model, base.pooling).module
            told = self._words["subspaces"]
            value = in_own_thread(
                lambda: compare_points(state.folder, state.points, two, module, told)
            )
        except LabError as error:
            yield {"compared": error_note(phrase(error, self._words))}
            return
        yield {"compared": None, "subspaces": value}
