"""The held-out pairs while a point trains: a few numbers at the ends of epochs.

For watching, and for giving up early. What a point is judged by is measured after its training.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lab.config import RunConfig
from lab.sweep.point import HeldOut

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet
    from lab.baseline import Baseline
    from lab.data.pair import Side
    from lab.encoders.base import Encoder
    from lab.training.loop import TrainStep

MOST_MOMENTS = 20  # of a curve, beside its first and its last


@dataclass
class Curve:
    """Measures a point on its way, between its training steps.

    tell: called with each moment as it is there.
    """

    baseline: Baseline
    encoder: Encoder
    config: RunConfig
    tell: Callable[[HeldOut], None]
    moments: list[HeldOut] = field(default_factory=list)
    _known: dict[Side, np.ndarray] | None = None

    def begin(self) -> None:
        """The base, which every point starts from."""
        self._add(measure_moment(self.baseline.before, 0, 0))

    def after_step(self, step: TrainStep) -> None:
        """Measure at the end of an epoch; of many epochs, of every few."""
        epochs = self.config.train.epochs
        per_epoch, rest = divmod(step.steps, epochs)
        every = -(-epochs // MOST_MOMENTS)
        # Epochs may differ by a step where pairs repeat; the last is measured by `end`.
        is_end = not rest and step.step % per_epoch == 0
        if is_end and step.epoch % every == 0 and step.step < step.steps:
            self._add(measure_moment(self._embed(), step.step, step.epoch))

    def end(self, after: EmbeddingSet, step: TrainStep) -> None:
        """What the whole run ended with, from the embeddings that are there anyway."""
        self._add(measure_moment(after, step.step, step.epoch))

    def _add(self, moment: HeldOut) -> None:
        self.moments.append(moment)
        self.tell(moment)

    def _embed(self) -> EmbeddingSet:
        from lab.analysis.embeddings import compute_embeddings
        from lab.training.device import autocast, choose_precision

        module, before = self.encoder.module, self.baseline.before
        device = next(module.parameters()).device
        precision = choose_precision(self.config.train.precision, module)
        with autocast(device, precision):
            embedded = compute_embeddings(
                self.encoder, self.baseline.test, device=device, known=self._known
            )
        if self._known is None:
            # A side that an epoch has not changed in a bit has no adapter.
            sides = {"a": (embedded.a, before.a), "b": (embedded.b, before.b)}
            self._known = {s: old for s, (new, old) in sides.items() if np.array_equal(new, old)}
        return embedded


def measure_moment(embeddings: EmbeddingSet, step: int, epoch: int) -> HeldOut:
    """The few numbers of one moment, without intervals."""
    from lab.analysis.crossing import cross
    from lab.analysis.geometry import alignment, uniformity

    ranks = cross(embeddings).ranks
    return HeldOut(
        step=step,
        epoch=epoch,
        recall=float(np.mean([(of == 1).mean() for of in ranks.values()])),
        alignment=alignment(embeddings.a, embeddings.b),
        uniformity=(uniformity(embeddings.a) + uniformity(embeddings.b)) / 2,
    )
