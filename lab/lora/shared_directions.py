"""Which directions two adapters share, layer by layer, beside what chance shares.

    A       right-singular vectors: the inputs that A reads. The paper's choice. A starts random
            and may stay near its start, so its directions tell of that too.
    B       left-singular vectors: the outputs that B writes to. B starts at zero: all is learned.
    update  right-singular vectors of ΔW = s·BA: the inputs that the update answers to. Where A and
            B hold a start that ΔW takes off again (PiSSA), this alone tells what was learned.

φ, and how it is computed: `lab.lora.subspaces`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Literal, get_args

from torch import Tensor

from lab.errors import AdapterError
from lab.lora.directions import directions, update_directions
from lab.lora.factors import Factors, read_factors
from lab.lora.subspaces import FIRST, Chance, Grid, compare_directions, draw_chance

Matrix = Literal["A", "B", "update"]
MATRICES: tuple[Matrix, ...] = get_args(Matrix)


@dataclass(frozen=True)
class LayerComparison:
    """One layer of both adapters: a grid for each of MATRICES."""

    path: str
    grids: Mapping[Matrix, Grid]


@dataclass(frozen=True)
class Overlap:
    """φ(count, count) over the layers that have as many directions, beside random subspaces.

    chance: the random mean, count / n. limit: the largest of the layers' quantiles (`Chance`).
    above: how many layers lie above their own.
    """

    count: int
    layers: int
    mean: float
    least: float
    most: float
    chance: float
    limit: float
    above: int


@dataclass(frozen=True)
class SubspaceComparison:
    """Two adapters.

    left_out: layers that only one of the two adapts.
    chances: by the size of the grids that they stand beside, (n, k₁, k₂).
    """

    layers: tuple[LayerComparison, ...]
    left_out: int
    chances: Mapping[tuple[int, int, int], Chance]

    def overlap(self, matrix: Matrix, count: int = FIRST) -> Overlap | None:
        """Of the first `count` directions, or as many as any layer has; None where none has one."""
        grids = [layer.grids[matrix] for layer in self.layers if layer.grids[matrix].i]
        if not grids:
            return None
        count = min(count, max(min(grid.size[1:]) for grid in grids))
        grids = [grid for grid in grids if min(grid.size[1:]) >= count]
        values = [grid.first(count) for grid in grids]
        limits = [self.chances[grid.size].limits[count - 1] for grid in grids]
        return Overlap(
            count,
            len(grids),
            mean=fmean(values),
            least=min(values),
            most=max(values),
            chance=fmean(count / grid.n for grid in grids),
            limit=max(limits),
            above=sum(value > limit for value, limit in zip(values, limits, strict=True)),
        )


def compare_adapters(first: str | Path, second: str | Path, seed: int = 0) -> SubspaceComparison:
    """The adapters of two folders in PEFT's format; seed: of the random matrices beside them.

    Raises AdapterError as `read_factors` and `compare_factors` do.
    """
    return compare_factors(read_factors(first), read_factors(second), seed)


def compare_factors(
    first: Mapping[str, Factors], second: Mapping[str, Factors], seed: int = 0
) -> SubspaceComparison:
    """Two adapters' factors by path, as `read_factors` gives them.

    Raises AdapterError for adapters without a common layer, and for layers of other shapes.
    """
    shared = [path for path in first if path in second]
    if not shared:
        raise AdapterError("the two adapters have no layer in common; compare those of one model")
    layers = tuple(_compare(path, first[path], second[path]) for path in shared)
    sizes = {grid.size for layer in layers for grid in layer.grids.values() if grid.i}
    return SubspaceComparison(
        layers,
        left_out=len(first.keys() ^ second.keys()),
        chances={size: draw_chance(*size, seed) for size in sorted(sizes)},
    )


def _compare(path: str, first: Factors, second: Factors) -> LayerComparison:
    shapes = [(len(factors.b), factors.a.shape[1]) for factors in (first, second)]
    if shapes[0] != shapes[1]:
        raise AdapterError(
            f"{path} is {shapes[0]} in one adapter and {shapes[1]} in the other; compare adapters "
            "of one model"
        )
    spaces = zip(_spaces(first), _spaces(second), strict=True)
    grids = (compare_directions(u1, u2) for u1, u2 in spaces)
    return LayerComparison(path, dict(zip(MATRICES, grids, strict=True)))


def _spaces(factors: Factors) -> tuple[Tensor, Tensor, Tensor]:
    """The directions (n, k) of each of MATRICES."""
    return directions(factors.a), directions(factors.b.T), update_directions(factors)[2]
