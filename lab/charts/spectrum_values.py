"""Spectra of an adapter -> the heat map over its layers, and each layer's singular values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lab.words import Words

if TYPE_CHECKING:
    from lab.lora.spectrum import UpdateSpectrum

MOST_VALUES = 256  # bars of one spectrum; more cannot be told apart on a screen


def spectra_value(
    spectra: Sequence[UpdateSpectrum], towers: Mapping[str, str], words: Words
) -> dict[str, Any]:
    """The update, layer by layer: one panel a stack of blocks, rows by name, columns by depth.

    towers: a stack's first name ("vision_model") -> what it is called ("image tower").
    words: the place "spectra".
    """
    stacks = list(dict.fromkeys(spectrum.stack for spectrum in spectra))
    titles = {stack: _call_stack(stack, towers, words) for stack in stacks}
    return {
        "panels": [_panel(stack, titles[stack], spectra) for stack in stacks],
        "layers": [_layer(spectrum, titles[spectrum.stack], words) for spectrum in spectra],
        "summary": summarise(spectra, towers, words),
        "words": dict(words),
    }


def summarise(spectra: Sequence[UpdateSpectrum], towers: Mapping[str, str], words: Words) -> str:
    """The whole adapter in one sentence: how large, where most, and whether its rank is used."""
    largest = max(spectra, key=lambda spectrum: spectrum.ratio)
    if largest.update_norm == 0:
        return words["summary_zero"]
    ratios = [spectrum.ratio for spectrum in spectra]
    middle = sorted(spectra, key=lambda spectrum: spectrum.effective_rank)[len(spectra) // 2]
    size = words["summary_size"].format(
        layers=len(spectra),
        least=percent(min(ratios)),
        most=percent(max(ratios)),
        where=_call_layer(largest, _call_stack(largest.stack, towers, words), words),
    )
    return f"{size} {words['summary_rank'].format(said=_say_rank(middle, words))}"


def percent(share: float) -> str:
    """Two significant digits: 0.0213 -> "2.1%"."""
    if not math.isfinite(share):
        return "∞"
    digits = 0 if share >= 0.0995 or share == 0 else 1 if share >= 0.00995 else 2
    return f"{100 * share:.{digits}f}%"


def _panel(stack: str, title: str, spectra: Sequence[UpdateSpectrum]) -> dict[str, Any]:
    here = {(s.name, s.block): i for i, s in enumerate(spectra) if s.stack == stack}
    names = list(dict.fromkeys(name for name, _ in here))
    blocks = sorted({block for _, block in here}, key=lambda block: -1 if block is None else block)
    leaves = [name.rpartition(".")[2] for name in names]
    return {
        "title": title,
        "rows": leaves if len(set(leaves)) == len(names) else names,
        "columns": blocks,
        "cells": [[here.get((name, block), -1) for block in blocks] for name in names],
    }


def _layer(spectrum: UpdateSpectrum, stack: str, words: Words) -> dict[str, Any]:
    values = spectrum.singular_values
    return {
        "path": spectrum.path,
        "label": _call_layer(spectrum, stack, words),
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


def _call_stack(stack: str, towers: Mapping[str, str], words: Words) -> str:
    return towers.get(stack.partition(".")[0], stack or words["outside"])


def _call_layer(spectrum: UpdateSpectrum, stack: str, words: Words) -> str:
    if spectrum.block is None:
        return spectrum.path
    return words["place"].format(name=spectrum.leaf, block=spectrum.block, stack=stack)


def _finite(value: float) -> float | None:
    return float(f"{value:.5g}") if math.isfinite(value) else None
