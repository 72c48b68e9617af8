"""The blocks below the lowest adapted one: run once for each item, and skipped after that.

What comes out of them cannot change but by the network's own dropout, which is left out there: they
run in eval mode, as a frozen side does. It is kept as (T, H) an item, without its padding, and laid
into each batch again by the batch's own mask.
Letters: B batch, T tokens, H hidden size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from lab.training.tensor_store import TensorStore

PAYS = 0.25  # of the blocks: below that, more is kept in memory than is saved in time
HIDDEN = "hidden"  # the name of what the skipped blocks gave, among input tensors


class LowerLayers:
    """The first `count` blocks of a stack (an nn.ModuleList that a network runs in order).

    store: where what comes out of them is kept.
    """

    def __init__(self, stack: nn.ModuleList, count: int, store: TensorStore) -> None:
        self._stack, self._count = stack, count
        self._store = store
        self._answers_in_tuples = False  # MPNet's blocks do

    def probe(self, embed: Callable[[], Tensor]) -> bool:
        """Whether `embed` runs through this stack, with nothing below that trains.

        And whether skipping gives what running gives: a network may do more than it shows.
        """
        with torch.enable_grad():
            hidden = self._run(embed)
        if hidden is None or hidden.requires_grad:
            return False
        with torch.no_grad(), self.skipped(hidden):
            skipped = embed()
        with torch.no_grad():
            return torch.allclose(skipped, embed(), rtol=1e-3, atol=1e-5)

    @torch.no_grad()
    def hidden(
        self,
        keys: Sequence[str],
        tensors: Mapping[str, Tensor],
        embed: Callable[[Mapping[str, Tensor]], Tensor],
    ) -> Tensor:
        """What comes out of the blocks for a batch (B, T, H); only new items run through them."""
        found = [self._store.get(key) for key in keys]
        new = [i for i, kept in enumerate(found) if kept is None]
        if new:
            for i, row in zip(new, self._rows(_pick(tensors, new), embed), strict=True):
                found[i] = {HIDDEN: row}
                self._store.put(keys[i], found[i])
        return _lay([kept[HIDDEN] for kept in found], tensors)

    def _rows(
        self, tensors: Mapping[str, Tensor], embed: Callable[[Mapping[str, Tensor]], Tensor]
    ) -> list[Tensor]:
        hidden = self._run(lambda: embed(tensors)).float()  # (B, T, H)
        mask = tensors.get("attention_mask")
        if mask is None:
            return [row.clone() for row in hidden]
        return [row[real.bool()] for row, real in zip(hidden, mask, strict=True)]

    def _run(self, embed: Callable[[], Tensor]) -> Tensor | None:
        """The input of the first block that is not skipped; None if it is never reached."""
        look = self._stack[0].register_forward_hook(self._look)
        stop = self._stack[self._count].register_forward_pre_hook(_stop)
        try:
            embed()
        except _Reached as reached:
            return reached.hidden
        finally:
            look.remove()
            stop.remove()
        return None

    def _look(self, block: nn.Module, arguments: tuple, output: object) -> None:
        self._answers_in_tuples = isinstance(output, tuple)

    @contextmanager
    def skipped(self, hidden: Tensor) -> Iterator[None]:
        """Within it, the network goes on from `hidden` (B, T, H) where the stack begins."""
        blocks = self._stack._modules
        names = list(blocks)
        start = _Start((hidden,) if self._answers_in_tuples else hidden)
        upper = {name: blocks[name] for name in names[self._count :]}
        self._stack._modules = {names[0]: start, **upper}
        try:
            yield
        finally:
            self._stack._modules = blocks


class _Reached(Exception):  # noqa: N818 (it is no error: the network has done enough)
    def __init__(self, hidden: Tensor) -> None:
        self.hidden = hidden


def _stop(block: nn.Module, arguments: tuple) -> None:
    raise _Reached(arguments[0])


class _Start(nn.Module):
    """In the place of the skipped blocks: answers with what they gave."""

    def __init__(self, answer: Tensor | tuple[Tensor]) -> None:
        super().__init__()
        self._answer = answer

    def forward(self, *_: object, **__: object) -> Tensor | tuple[Tensor]:
        return self._answer


def find_lower_layers(
    module: nn.Module, make_store: Callable[[str, int], TensorStore]
) -> list[LowerLayers]:
    """The stacks whose lowest trainable block stands high enough for skipping to pay.

    make_store: of a stack's path and the number of its blocks that are skipped.
    """
    found: dict[str, LowerLayers] = {}
    for path, stack in module.named_modules():
        if not isinstance(stack, nn.ModuleList) or any(path.startswith(p + ".") for p in found):
            continue
        trains = (any(p.requires_grad for p in block.parameters()) for block in stack)
        lowest = next((i for i, does in enumerate(trains) if does), 0)
        if lowest and lowest >= PAYS * len(stack):
            found[path] = LowerLayers(stack, lowest, make_store(path, lowest))
    return list(found.values())


def _pick(tensors: Mapping[str, Tensor], rows: Sequence[int]) -> dict[str, Tensor]:
    if len(rows) == len(next(iter(tensors.values()))):
        return dict(tensors)
    return {name: tensor[list(rows)] for name, tensor in tensors.items()}


def _lay(rows: Sequence[Tensor], tensors: Mapping[str, Tensor]) -> Tensor:
    """Rows (T_i, H) as one batch (B, T, H), each where its mask is 1."""
    mask = tensors.get("attention_mask")
    device = next(iter(tensors.values())).device
    if mask is None:
        return torch.stack([row.to(device) for row in rows])
    hidden = torch.zeros(*mask.shape, rows[0].shape[-1], device=device)
    hidden[mask.bool()] = torch.cat([row.to(device) for row in rows])
    return hidden
