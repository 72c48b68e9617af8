"""The processes that train one run together, as one of them sees them.

Each embeds its share of every batch; the loss sees all of it. What several processes do is
`lab.distributed.group`; in one process there is nothing to do.
Letters: B batch, D embedding, W processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


class World(Protocol):
    """rank: which process this is, from 0; size: how many there are."""

    @property
    def rank(self) -> int: ...

    @property
    def size(self) -> int: ...

    def share(self, batch: Sequence[int]) -> Sequence[int]:
        """The pairs of a batch that this process embeds: as many in each, at least one."""

    def gather(self, rows: Tensor, count: int) -> Tensor:
        """The share's embeddings -> the whole batch's (B, D), B = count, in its order.

        Gradients flow to the share's own rows alone.
        """

    def add_up(self, gradients: Sequence[Tensor]) -> None:
        """Each becomes, in place, the sum of it over all processes."""

    def copy_first(self, tensors: Sequence[Tensor]) -> None:
        """Each becomes, in place, what it is in process 0."""

    def agree(self, numbers: Sequence[float]) -> Sequence[float]:
        """Those of process 0."""


@dataclass(frozen=True)
class Alone:
    """The world of a run in one process."""

    rank: int = 0
    size: int = 1

    def share(self, batch: Sequence[int]) -> Sequence[int]:
        """All of it."""
        return batch

    def gather(self, rows: Tensor, count: int) -> Tensor:
        """They are all there."""
        return rows

    def add_up(self, gradients: Sequence[Tensor]) -> None:
        """Each is the whole sum."""

    def copy_first(self, tensors: Sequence[Tensor]) -> None:
        """They are the first's."""

    def agree(self, numbers: Sequence[float]) -> Sequence[float]:
        """There is nobody to disagree."""
        return numbers


ALONE = Alone()
