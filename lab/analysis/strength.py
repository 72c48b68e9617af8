"""What a stronger or weaker update is worth: recall@1 over λ, on new pairs and on a control set.

Knows nothing of how a model is scaled: it is given a function that does it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from lab.analysis.recall import find_hits

if TYPE_CHECKING:
    import torch

    from lab.analysis.embeddings import EmbeddingSet
    from lab.data.dataset import PairDataset
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
    device: torch.device | str = "cpu",
    progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> StrengthCurve:
    """Recall@1 at each λ.

    pairs: held out, never trained on; control: of what the base could do before.
    progress: called with the share that is done; should_stop: asked before each λ.
    Raises ModelError where an embedding is not finite.
    """
    asked = sorted(set(strengths))
    sets = [pairs] if control is None else [pairs, control]
    points: list[StrengthPoint] = []
    done = 0
    for strength in asked:
        if should_stop():
            break
        encoder, recalls = encoder_at(strength), [None, None]
        for place, there in enumerate(sets):
            share = _share(progress, done, len(asked) * len(sets))
            recalls[place] = find_recall(_embed(encoder, there, device, share))
            done += 1
        points.append(StrengthPoint(strength, *recalls))
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


def _embed(
    encoder: Encoder,
    pairs: PairDataset,
    device: torch.device | str,
    progress: Callable[[float], None] | None,
) -> EmbeddingSet:
    from lab.analysis.embeddings import compute_embeddings

    return compute_embeddings(encoder, pairs, device=device, progress=progress)


def _share(
    progress: Callable[[float], None] | None, done: int, parts: int
) -> Callable[[float], None] | None:
    """The progress of one part as a share of all."""
    return None if progress is None else lambda share: progress((done + share) / parts)
