"""A training step as one launch: captured as a CUDA graph, then replayed on new inputs.

A step of a small model is thousands of short kernels, and a GPU waits for Python to launch each.
A graph holds them all with their arguments, so that nothing in it may depend on what the numbers
are, every shape is fixed, and inputs come through memory that stays where it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Inputs = Mapping[str, Tensor]
Step = Callable[[Sequence[Inputs]], Tensor]
Shapes = tuple[tuple[str, torch.Size], ...]

EAGER_CALLS = 3  # libraries choose their algorithms and the optimizer makes its state in these
MOST_GRAPHS = 32  # of texts padded to multiples of 8: lengths up to 256


class GraphedSteps:
    """A step on a CUDA device, captured once for each set of input shapes that comes again.

    The step runs eagerly on its first calls, for shapes seen once, and from the first capture
    that fails on (a network that waits for the device cannot be captured).
    """

    def __init__(self, step: Step, device: torch.device) -> None:
        self._step = step
        # Autograd remembers streams: what is captured must have run where it is captured.
        self._stream = torch.cuda.Stream(device)
        self._pool = torch.cuda.graph_pool_handle()  # graphs run in turn, so they share memory
        self._seen: Counter[Shapes] = Counter()
        self._graphs: dict[Shapes, _Graph] = {}
        self.can_capture = True

    def __call__(self, inputs: Sequence[Inputs]) -> Tensor:
        """The step's result, which the next call may overwrite."""
        here = torch.cuda.current_stream()
        self._stream.wait_stream(here)
        with torch.cuda.stream(self._stream):
            result = self._run(inputs)
        here.wait_stream(self._stream)
        return result

    def forget(self) -> None:
        """Give back the memory of what was captured; shapes that come again are captured anew."""
        self._graphs.clear()
        self._seen.clear()
        torch.cuda.empty_cache()

    def _run(self, inputs: Sequence[Inputs]) -> Tensor:
        shapes = _shapes(inputs)
        self._seen[shapes] += 1
        if shapes not in self._graphs and self._is_due(shapes):
            self._try_capture(shapes, inputs)
        graph = self._graphs.get(shapes)
        return self._step(inputs) if graph is None else graph.replay(inputs)

    def _is_due(self, shapes: Shapes) -> bool:
        is_warm = self._seen.total() > EAGER_CALLS and self._seen[shapes] > 1
        return self.can_capture and is_warm and len(self._graphs) < MOST_GRAPHS

    def _try_capture(self, shapes: Shapes, inputs: Sequence[Inputs]) -> None:
        try:
            self._graphs[shapes] = self._capture(inputs)
        except torch.OutOfMemoryError:
            raise
        except RuntimeError:
            self.can_capture = False

    def _capture(self, inputs: Sequence[Inputs]) -> _Graph:
        """Nothing is computed here: the kernels are recorded, and run when they are replayed."""
        held = [{name: tensor.clone() for name, tensor in one.items()} for one in inputs]
        graph = torch.cuda.CUDAGraph()
        # Other threads, which embed for other visitors, go on using the device meanwhile.
        with torch.cuda.graph(
            graph, pool=self._pool, stream=self._stream, capture_error_mode="thread_local"
        ):
            result = self._step(held)
        return _Graph(graph, held, result)


@dataclass(frozen=True)
class _Graph:
    """graph: what was captured; inputs and result: the memory that it reads and writes."""

    graph: torch.cuda.CUDAGraph
    inputs: Sequence[Inputs]
    result: Tensor

    def replay(self, inputs: Sequence[Inputs]) -> Tensor:
        held = [tensor for one in self.inputs for tensor in one.values()]
        torch._foreach_copy_(held, [tensor for one in inputs for tensor in one.values()])
        self.graph.replay()
        return self.result


def _shapes(inputs: Sequence[Inputs]) -> Shapes:
    return tuple((name, tensor.shape) for one in inputs for name, tensor in one.items())
