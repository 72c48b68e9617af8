"""A baseline that another machine can work with: all of it in memory, nothing on a disk or a GPU.

Where it arrives, neither the model's files nor the pairs' have to be there.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lab.baseline import Baseline
from lab.data.dataset import PairDataset
from lab.data.pair import Pair, Picture


@dataclass(frozen=True)
class HeldPictures:
    """A PictureSource of encoded bytes, by the picture's key."""

    pictures: Mapping[str, bytes]

    def read(self, member: str) -> bytes:
        """The encoded bytes of one picture."""
        return self.pictures[member]


def make_portable(baseline: Baseline) -> Baseline:
    """A copy to pickle: pictures carry their bytes, and the network lies on the CPU."""
    pictures = [item for item in baseline.dataset.a if isinstance(item, Picture)]
    held = HeldPictures({item.key: item.source.read(item.member) for item in pictures})
    encoder = baseline.encoder
    if next(encoder.module.parameters()).device.type != "cpu":
        encoder = encoder.with_module(copy.deepcopy(encoder.module).to("cpu"))
    return replace(
        baseline,
        encoder=encoder,
        dataset=_hold(baseline.dataset, held),
        train=_hold(baseline.train, held),
        test=_hold(baseline.test, held),
    )


def _hold(dataset: PairDataset, held: HeldPictures) -> PairDataset:
    return replace(dataset, pairs=tuple(_hold_pair(pair, held) for pair in dataset.pairs))


def _hold_pair(pair: Pair, held: HeldPictures) -> Pair:
    if not isinstance(pair.a, Picture):
        return pair
    return replace(pair, a=replace(pair.a, source=held, member=pair.a.key))
