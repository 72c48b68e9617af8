"""What a stronger or weaker update is worth: recall@1 over λ, on new pairs and on a control set.

Knows nothing of how a model is scaled: it is given a function that does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.analysis.recall import find_hits

if TYPE_CHECKING:
    import torch

    from lab.analysis.embeddings import EmbeddingSet
    from lab.data.dataset import PairDataset
    from lab.data.pair import Side
    from lab.encoders.base import Encoder

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)

EncoderAt = Callable[[float], "Encoder"]  # λ -> the encoder with W + λ·ΔW


@dataclass(frozen=True)
class Recall:
    """Recall@1 with the first or the second item as the query, and the mean of both."""

    a_to_b: float
    b_to_a: float
    mean: float


@dataclass(frozen=True)
class StrengthPoint:
    """One λ. new: on the run's held-out pairs; control: on the control set, where there is one."""

    strength: float
    new: Recall
    control: Recall | None


@dataclass(frozen=True)
class StrengthCurve:
    """Points by rising λ; all that were asked for, or those there were time for."""

    points: tuple[StrengthPoint, ...]

    def as_json(self) -> dict[str, Any]:
        """The curve as plain values."""
        return asdict(self)


def strength_curve(
    encoder_at: EncoderAt,
    pairs: PairDataset,
    control: PairDataset | None = None,
    strengths: Sequence[float] = STRENGTHS,
    *,
    known: Mapping[float, EmbeddingSet] | None = None,
    look: Callable[[StrengthPoint, EmbeddingSet], None] | None = None,
    device: torch.device | str = "cpu",
    progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> StrengthCurve:
    """Recall@1 at each λ.

    pairs: held out, never trained on; control: of what the base could do before.
    known: λ -> the pairs as they are there, where they were embedded before; with those of the
        base and of the trained model, a side that no update reaches is embedded once.
    look: shown each point as it is found, with the pairs' embeddings, which are not kept.
    progress: called with the share that is done; should_stop: asked before each λ.
    Raises ModelError where an embedding is not finite.
    """
    asked = sorted(set(strengths))
    frozen = _frozen_sides(known or {})
    new, old = _Set(pairs, frozen, known or {}), None if control is None else _Set(control, frozen)
    parts = _parts(progress, len(asked) * (1 if old is None else 2))
    points: list[StrengthPoint] = []
    for strength in asked:
        if should_stop():
            break
        encoder = encoder_at(strength)
        there = new.embed(encoder, strength, device, next(parts))
        before = None if old is None else old.embed(encoder, strength, device, next(parts))
        recall = None if before is None else find_recall(before)
        points.append(StrengthPoint(strength, find_recall(there), recall))
        if look is not None:
            look(points[-1], there)
    return StrengthCurve(tuple(points))


def embed_at(
    encoder_at: EncoderAt,
    pairs: PairDataset,
    strength: float,
    *,
    device: torch.device | str = "cpu",
    progress: Callable[[float], None] | None = None,
) -> EmbeddingSet:
    """The pairs at one λ, for maps and metrics of the chosen point."""
    return _embed(encoder_at(strength), pairs, device, progress)


def find_recall(embeddings: EmbeddingSet) -> Recall:
    """Recall@1 of the pairs."""
    hits = find_hits(embeddings)
    return Recall(*(float(h.mean()) for h in (hits.a_to_b, hits.b_to_a, hits.sum / 2)))


class _Set:
    """Pairs at one λ after another; what cannot have changed is not embedded again."""

    def __init__(
        self,
        pairs: PairDataset,
        frozen: Sequence[Side],
        known: Mapping[float, EmbeddingSet] | None = None,
    ) -> None:
        self._pairs, self._frozen = pairs, frozen
        self._known = dict(known or {})
        self._rows: dict[Side, np.ndarray] = {}

    def embed(
        self,
        encoder: Encoder,
        strength: float,
        device: torch.device | str,
        progress: Callable[[float], None] | None,
    ) -> EmbeddingSet:
        found = self._known.get(strength)
        if found is None:
            found = _embed(encoder, self._pairs, device, progress, self._rows)
        if progress is not None:
            progress(1.0)
        self._rows = {side: getattr(found, side) for side in self._frozen}
        return found


def _frozen_sides(known: Mapping[float, EmbeddingSet]) -> list[Side]:
    """Those that are the same at different λ, bit for bit: no update reaches them."""
    first, *others = known.values() or [None]

    def stays(side: Side) -> bool:
        return all(np.array_equal(getattr(first, side), getattr(one, side)) for one in others)

    return [side for side in ("a", "b") if others and stays(side)]


def _embed(
    encoder: Encoder,
    pairs: PairDataset,
    device: torch.device | str,
    progress: Callable[[float], None] | None,
    known: Mapping[Side, np.ndarray] | None = None,
) -> EmbeddingSet:
    from lab.analysis.embeddings import compute_embeddings

    return compute_embeddings(encoder, pairs, device=device, progress=progress, known=known)


def _parts(
    progress: Callable[[float], None] | None, count: int
) -> Iterator[Callable[[float], None] | None]:
    """For each part its progress, as a share of all."""
    for part in range(count):
        yield None if progress is None else lambda share, p=part: progress((p + share) / count)
