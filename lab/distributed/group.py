"""The processes of torch.distributed as the world of one run (`lab.training.world`).

The loss of a batch is computed whole in every process, on embeddings gathered from all of them, as
open_clip's `gather_with_grad=False, local_loss=False` does. Each process takes the loss's
gradient on through its own share, and the sum over processes is the gradient of the whole batch:
no factor, no mean.
Letters: B batch, D embedding, W processes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice

import torch
import torch.distributed as dist
from torch import Tensor

from lab.errors import TrainingError
from lab.memory import is_out_of_memory


class Group:
    """The default process group, which must be there. device: where its numbers travel from.

    Every method but `share` raises TrainingError where another process is gone: over gloo at once.
    Over NCCL a process waits on its GPU for the one that is gone, until the launcher ends it.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self.rank, self.size = dist.get_rank(), dist.get_world_size()

    def share(self, batch: Sequence[int]) -> list[int]:
        """As `share_of`; `gather` leaves the repeats out."""
        return share_of(batch, self.rank, self.size)

    def gather(self, rows: Tensor, count: int) -> Tensor:
        """Rows (ceil(B / W), D) of each process -> (B, D), B = count."""
        rows = rows.contiguous()
        shares = [torch.empty_like(rows, requires_grad=False) for _ in range(self.size)]
        with torch.no_grad(), _all_there():
            dist.all_gather(shares, rows)
        shares[self.rank] = rows  # the one with a graph behind it
        return torch.cat(shares)[:count]

    @torch.no_grad()
    def add_up(self, gradients: Sequence[Tensor]) -> None:
        """The sums are the same bits in every process. One message for all of them."""
        if gradients:
            joined = torch.cat([gradient.flatten().float() for gradient in gradients])
            with _all_there():
                dist.all_reduce(joined)
            _split_into(gradients, joined)

    @torch.no_grad()
    def copy_first(self, tensors: Sequence[Tensor]) -> None:
        """One message for all of them."""
        joined = torch.cat([tensor.flatten().float() for tensor in tensors])
        with _all_there():
            dist.broadcast(joined, src=0)
        _split_into(tensors, joined)

    def agree(self, numbers: Sequence[float]) -> list[float]:
        """Those of process 0, as 64-bit floats."""
        told = torch.tensor(numbers, dtype=torch.float64, device=self._device)
        with _all_there():
            dist.broadcast(told, src=0)
        return told.tolist()

    def wait(self) -> None:
        """Until every process has come this far."""
        with _all_there():
            dist.barrier()


@contextmanager
def _all_there() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise
        raise TrainingError(
            "another process of this run is gone; see what it said, and start the run again"
        ) from error


def share_of(batch: Sequence[int], rank: int, size: int) -> list[int]:
    """The rank-th of `size` equal parts of a batch, in its order.

    Where it does not divide evenly, its first pairs come again at its end: every process has as
    many, and none has none.
    """
    each = -(-len(batch) // size)
    return list(islice(cycle(batch), rank * each, (rank + 1) * each))


def _split_into(tensors: Sequence[Tensor], joined: Tensor) -> None:
    parts = joined.split([tensor.numel() for tensor in tensors])
    for tensor, part in zip(tensors, parts, strict=True):
        tensor.copy_(part.view_as(tensor))
