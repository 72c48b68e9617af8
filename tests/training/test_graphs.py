"""When a step is captured and what it reads; the capture itself needs a GPU (benchmarks/gpu.py)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

import pytest
import torch
from torch import Tensor

from lab.training.graphs import EAGER_CALLS, GraphedSteps, Inputs


class Stream:
    """Waits for nobody."""

    def wait_stream(self, other: Stream) -> None:
        pass


class Graph:
    """Runs again what was captured, into the same memory, as a CUDA graph does."""

    def __init__(self, steps: Recorded) -> None:
        self._steps = steps

    def replay(self) -> None:
        self._steps.replays += 1
        self.result.copy_(self._steps.compute(self.held))


class Recorded:
    """A step that notes how it was called."""

    def __init__(self, fails: type[Exception] | None = None) -> None:
        self.eager, self.captures, self.replays, self.fails = 0, 0, 0, fails
        self.capturing: Graph | None = None

    def __call__(self, inputs: Sequence[Inputs]) -> Tensor:
        if self.capturing is None:
            self.eager += 1
            return self.compute(inputs)
        self.captures += 1
        if self.fails:
            raise self.fails("the device was waited for")
        self.capturing.held = inputs
        self.capturing.result = torch.full((), torch.nan)  # nothing is computed at capture
        return self.capturing.result

    def compute(self, inputs: Sequence[Inputs]) -> Tensor:
        return sum(tensor.sum() for one in inputs for tensor in one.values())


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> object:
    """GraphedSteps over a recorded step, with a graph that needs no GPU."""

    def build(step: Recorded) -> GraphedSteps:
        class Capture(nullcontext):
            def __init__(self, graph: Graph, **_: object) -> None:
                super().__init__()
                step.capturing = graph

            def __exit__(self, *_: object) -> None:
                step.capturing = None

        monkeypatch.setattr(torch.cuda, "Stream", lambda device: Stream())
        monkeypatch.setattr(torch.cuda, "current_stream", Stream)
        monkeypatch.setattr(torch.cuda, "stream", lambda stream: nullcontext())
        monkeypatch.setattr(torch.cuda, "graph_pool_handle", lambda: None)
        monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: Graph(step))
        monkeypatch.setattr(torch.cuda, "graph", Capture)
        return GraphedSteps(step, torch.device("cuda"))

    return build


def inputs(rows: int, value: float) -> list[Inputs]:
    return [{"ids": torch.full((rows, 2), value)}, {"ids": torch.ones(rows)}]


def test_shapes_that_come_again_are_captured_once_and_replayed_on_new_numbers(make) -> None:
    step = Recorded()
    steps = make(step)
    for number in range(10):
        assert steps(inputs(4, number)) == 4 * 2 * number + 4
    assert (step.eager, step.captures, step.replays) == (EAGER_CALLS, 1, 10 - EAGER_CALLS)
    assert steps(inputs(3, 5.0)) == 3 * 2 * 5 + 3
    assert (step.eager, step.captures) == (EAGER_CALLS + 1, 1)
    assert steps(inputs(3, 6.0)) == 3 * 2 * 6 + 3
    assert (step.eager, step.captures) == (EAGER_CALLS + 1, 2)


def test_what_was_given_may_change_after_the_capture(make) -> None:
    steps = make(Recorded())
    for _ in range(EAGER_CALLS):
        steps(inputs(2, 1.0))
    given = inputs(2, 1.0)
    steps(given)
    given[0]["ids"].fill_(100.0)
    assert steps(inputs(2, 3.0)) == 2 * 2 * 3 + 2


def test_step_that_cannot_be_captured_goes_on_eagerly(make) -> None:
    step = Recorded(fails=RuntimeError)
    steps = make(step)
    for number in range(10):
        assert steps(inputs(4, number)) == 4 * 2 * number + 4
    assert (step.eager, step.captures, step.replays) == (10, 1, 0)
    assert not steps.can_capture


def test_memory_that_runs_out_at_capture_is_told(make) -> None:
    steps = make(Recorded(fails=torch.OutOfMemoryError))
    for _ in range(EAGER_CALLS):
        steps(inputs(4, 1.0))
    with pytest.raises(torch.OutOfMemoryError):
        steps(inputs(4, 1.0))
