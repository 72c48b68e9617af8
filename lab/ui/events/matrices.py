"""The similarity matrices' event: they come into sight, and are made."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lab.report.numbers import view_matrices
from lab.ui.components import SimilarityMatrices
from lab.visits.laboratory import Laboratory
from lab.words import find_words


class MatrixEvents:
    """Matrices of the visitors' runs, told in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)

    def on_seen(self, visitor_id: str) -> dict[str, Any] | None:
        """The matrices of the visitor's run; None while it has found nothing."""
        job = self._laboratory.visitor(visitor_id).job
        result = None if job is None else job.snapshot().result
        return None if result is None else view_matrices(result.outcome, self._words)


def wire_matrices(
    matrices: SimilarityMatrices,
    visitor: gr.BrowserState,
    laboratory: Laboratory,
    language: str,
) -> None:
    """Every time that the place of the matrices is seen and empty, they are asked for."""
    events = MatrixEvents(laboratory, language)
    matrices.seen(
        events.on_seen, visitor, matrices, show_progress="hidden", api_visibility="private"
    )
