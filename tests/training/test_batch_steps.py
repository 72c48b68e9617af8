"""A step from input tensors alone, as a graph replays it, is the step itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from joint_runs import assert_alike, make_configs, run_apart, run_together
from torch import Tensor
from toy_encoder import base_encoder, make_pairs

from lab.training import batch_steps
from lab.training.graphs import Inputs, Step


class CopiedInputs:
    """Reads its inputs from memory of its own, as a graph does, and runs eagerly."""

    def __init__(self, step: Step) -> None:
        self._step, self.calls = step, 0

    def __call__(self, inputs: Sequence[Inputs]) -> Tensor:
        self.calls += 1
        return self._step([{name: t.clone() for name, t in one.items()} for one in inputs])


@pytest.mark.parametrize("run", [run_apart, run_together])
def test_steps_ahead_from_input_tensors(run: object, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs, configs = make_pairs(), make_configs(learn_temperature=True)
    _, expected = run(base_encoder(), pairs, configs)
    made: list[CopiedInputs] = []
    make = batch_steps.BatchSteps.__init__

    def with_graphs(self: batch_steps.BatchSteps, *arguments: object) -> None:
        make(self, *arguments)
        self.graphs = CopiedInputs(self._learn_from)
        made.append(self.graphs)

    monkeypatch.setattr(batch_steps.BatchSteps, "__init__", with_graphs)
    _, found = run(base_encoder(), pairs, configs)
    assert all(graphs.calls == 8 for graphs in made)  # of nine steps, the first is eager
    for mine, theirs in zip(found, expected, strict=True):
        assert_alike(mine, theirs, 1e-6)
