"""A step on batch after batch of a plan: as one launch and prepared ahead where that pays.

Knows nothing about losses, optimizers or how many adapters learn.
Letters: B batch, D embedding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from lab.data.dataset import PairDataset
from lab.training.embedder import Embedder, SideBatch
from lab.training.graphs import GraphedSteps, Inputs
from lab.training.world import ALONE, World

Learn = Callable[[Tensor, Tensor], Tensor]
Sides = tuple[SideBatch, SideBatch]


class BatchSteps:
    """Calls `learn` with both sides' embeddings of a batch, in the order of `batches`.

    world: the processes that share each batch. graphs: None where steps are always eager.
    """

    def __init__(
        self,
        embed: Embedder,
        pairs: PairDataset,
        batches: Sequence[list[int]],
        learn: Learn,
        device: torch.device,
        world: World = ALONE,
    ) -> None:
        self._embed, self._pairs, self._batches, self._learn = embed, pairs, batches, learn
        self._world = world
        self._done = 0
        self._ahead: tuple[list[int], Sides] = ([], ())  # the planned batch after this one
        can_graph = device.type == "cuda" and world.size == 1  # messages to others are in no graph
        self.graphs = GraphedSteps(self._learn_from, device) if can_graph else None

    def __call__(self, batch: list[int]) -> Tensor:
        """What `learn` answers, of which nobody has looked at any number."""
        planned, sides = self._ahead
        if planned is not batch:
            sides = self._prepare(self._pairs, batch)
        # The first step tells which side is frozen; a graph holds from then on.
        inputs = [side.tensors for side in sides]
        is_graphed = self.graphs is not None and self._done and None not in inputs
        if is_graphed:
            numbers = self.graphs(inputs)
        else:
            numbers = self._learn(*self._gather(sides, len(batch)))
        self._done += 1
        return numbers

    def shrink(self, micro_batch_size: int) -> None:
        """From now on at most so many items are in the network at once, and what was prepared or
        captured for more is let go."""
        self._embed.limit(micro_batch_size)
        self._ahead = ([], ())
        if self.graphs is not None:
            self.graphs.forget()

    def skip(self, done: int) -> None:
        """The first `done` batches were taken by a process that is gone; what it computed once of
        their items is computed again.

        In the same batches, for the last bit of a product depends on who else is in it.
        """
        seen: set[str] = set()
        for batch in self._batches[:done]:
            keys = {key for i in batch for key in (self._pairs.a_keys[i], self._pairs.b_keys[i])}
            if not keys <= seen:
                self.embed(self._pairs, batch)
            seen |= keys
            if not self._embed.keeps:
                break
        self._done = done

    def prepare_next(self) -> None:
        """The planned batch after this one, while a GPU works; a CPU has no time to spare."""
        if self.graphs is not None and self._done < len(self._batches):
            planned = self._batches[self._done]
            self._ahead = planned, self._prepare(self._pairs, planned)

    def embed(self, pairs: PairDataset, batch: list[int]) -> tuple[Tensor, Tensor]:
        """Both sides' embeddings of a batch of any pairs."""
        return self._gather(self._prepare(pairs, batch), len(batch))

    def _prepare(self, pairs: PairDataset, batch: list[int]) -> Sides:
        share = self._world.share(batch)
        return self._embed.prepare(pairs, share, "a"), self._embed.prepare(pairs, share, "b")

    def _gather(self, sides: Sides, count: int) -> tuple[Tensor, Tensor]:
        a, b = map(self._embed.embed, sides)
        return self._world.gather(a, count), self._world.gather(b, count)

    def _learn_from(self, inputs: Sequence[Inputs]) -> Tensor:
        a, b = inputs
        return self._learn(self._embed.embed_tensors(a, "a"), self._embed.embed_tensors(b, "b"))
