"""Pairs: what was read, and what stands out about it."""

from __future__ import annotations

from dataclasses import dataclass

from lab.ui.components import PairPreview
from lab.words import Words


@dataclass(frozen=True)
class PairsTab:
    """preview: the first pairs, counts, findings, rows left out."""

    preview: PairPreview


def build_pairs_tab(words: Words) -> PairsTab:
    """Lay out the tab."""
    return PairsTab(PairPreview(empty=words["loading"], elem_id="preview"))
