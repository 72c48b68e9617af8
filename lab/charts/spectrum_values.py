"""Spectra of an adapter -> the heat map over its layers, and each layer's singular values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.words import Words

if TYPE_CHECKING:
    from lab.lora.spectrum import UpdateSpectrum

MOST_VALUES = 256  # bars of one spectrum; more cannot be told apart on a screen


@dataclass(frozen=True)
class Names:
    """What layers are called: stacks by their towers, rows by as much of a path as they need.

    towers: a stack's first name ("vision_model") -> what it is called ("image tower").
    words: the place "spectra".
    """

    spectra: Sequence[UpdateSpectrum]
    towers: Mapping[str, str]
    words: Words

    def stack(self, stack: str) -> str:
        """Of a stack of blocks."""
        return self.towers.get(stack.partition(".")[0], stack or self.words["outside"])

    def row(self, spectrum: UpdateSpectrum) -> str:
        """Of a layer within its block: the last name alone, where no other ends alike."""
        others = {
            s.name for s in self.spectra if (s.stack, s.leaf) == (spectrum.stack, spectrum.leaf)
        }
        return spectrum.leaf if len(others) == 1 else spectrum.name

    def layer(self, spectrum: UpdateSpectrum) -> str:
        """Of a layer among all."""
        if spectrum.block is None:
            return spectrum.path
        return self.words["place"].format(
            name=self.row(spectrum), block=spectrum.block, stack=self.stack(spectrum.stack)
        )


def spectra_value(
    spectra: Sequence[UpdateSpectrum], towers: Mapping[str, str], words: Words
) -> dict[str, Any]:
    """The update, layer by layer: one panel a stack of blocks, rows by name, columns by depth.

    towers, words: as in Names.
    """
    names = Names(spectra, towers, words)
    stacks = dict.fromkeys(spectrum.stack for spectrum in spectra)
    return {
        "panels": [_panel(stack, names) for stack in stacks],
        "layers": [_layer(spectrum, names.layer(spectrum), words) for spectrum in spectra],
        "summary": summarise(names),
        "words": dict(words),
    }


def summarise(names: Names) -> str:
    """The whole adapter in one sentence: how large, where most, and whether its rank is used."""
    spectra, words = names.spectra, names.words
    largest = max(spectra, key=lambda spectrum: spectrum.ratio)
    if largest.update_norm == 0:
        return words["summary_zero"]
    ratios = [spectrum.ratio for spectrum in spectra]
    middle = sorted(spectra, key=lambda spectrum: spectrum.effective_rank)[len(spectra) // 2]
    size = words["summary_size"].format(
        layers=len(spectra),
        least=percent(min(ratios)),
        most=percent(max(ratios)),
        where=names.layer(largest),
    )
    return f"{size} {words['summary_rank'].format(said=_say_rank(middle, words))}"


def percent(share: float) -> str:
    """Two significant digits: 0.0213 -> "2.1%"."""
    if not math.isfinite(share):
        return "∞"
    digits = 0 if share >= 0.0995 or share == 0 else 1 if share >= 0.00995 else 2
    return f"{100 * share:.{digits}f}%"


def _panel(stack: str, names: Names) -> dict[str, Any]:
    here = {(s.name, s.block): i for i, s in enumerate(names.spectra) if s.stack == stack}
    rows = {name: names.row(names.spectra[i]) for (name, _), i in here.items()}
    blocks = sorted({block for _, block in here}, key=lambda block: -1 if block is None else block)
    return {
        "title": names.stack(stack),
        "rows": list(rows.values()),
        "columns": blocks,
        "cells": [[here.get((name, block), -1) for block in blocks] for name in rows],
    }


def _layer(spectrum: UpdateSpectrum, label: str, words: Words) -> dict[str, Any]:
    values = spectrum.singular_values
    return {
        "path": spectrum.path,
        "label": label,
        "ratio": _finite(spectrum.ratio),
        "effective_rank": round(spectrum.effective_rank, 3),
        "stable_rank": round(spectrum.stable_rank, 3),
        "values": [_finite(value) for value in values[:MOST_VALUES]],
        "said": _say_rank(spectrum, words),
        "norms": words["norms"].format(
            update=f"{spectrum.update_norm:.3g}",
            weight=f"{spectrum.weight_norm:.3g}",
            ratio=percent(spectrum.ratio),
        ),
        "shown": words["first"].format(shown=MOST_VALUES, all=len(values))
        if len(values) > MOST_VALUES
        else "",
    }


def _say_rank(spectrum: UpdateSpectrum, words: Words) -> str:
    """Whether a lower rank would do: that of the directions in use, rounded up."""
    used, r = spectrum.effective_rank, spectrum.r or len(spectrum.singular_values)
    facts = {"used": f"{used:.1f}", "r": r}
    if spectrum.update_norm == 0:
        return words["unmoved"]
    if len(spectrum.singular_values) > r:  # DoRA, PiSSA
        return words["unbound"].format(directions=len(spectrum.singular_values), **facts)
    lower = math.ceil(used - 0.05)  # 2.04 is read as 2.0
    if lower >= r:
        return words["full"].format(**facts)
    return words["lower"].format(lower=lower, share=percent(spectrum.share_of(lower)), **facts)


def _finite(value: float) -> float | None:
    return float(f"{value:.5g}") if math.isfinite(value) else None
