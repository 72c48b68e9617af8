"""Whether a run's numbers are still finite, and its parameters as they were when they last were."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from torch import Tensor

from lab.errors import TrainingError
from lab.training.snapshot import Snapshot


class Soundness:
    """Looks at each step's numbers; every check raises TrainingError when one is not finite.

    Then the parameters are put back to the last that are known to be sound.
    A step's loss is that of the parameters before it. If it is not finite, the last that are
    known to be sound are those before the step before.

    steps, learning_rate: of the run, for the message; done: steps that were found sound.
    """

    def __init__(self, parameters: Sequence[Tensor], steps: int, learning_rate: float) -> None:
        self._steps, self._learning_rate, self.done = steps, learning_rate, 0
        self._sound, self._before = Snapshot(parameters), Snapshot(parameters)
        self._before.take()

    def begin_step(self) -> None:
        """Keeps the parameters of now, and those before the step before."""
        self._sound, self._before = self._before, self._sound
        self._before.take()

    def end_step(self, loss: float, grad_norm: float) -> None:
        """The numbers of the step begun last."""
        self._check("loss", loss, self._sound)
        self._check("gradient", grad_norm, self._before)
        self.done += 1

    def check_last(self, loss: float) -> None:
        """The loss that no step comes after: of the parameters as they are."""
        self._check("loss", loss, self._before)

    def check_validation(self, loss: float) -> None:
        """The validation loss of the parameters as they are."""
        self._check("validation loss", loss, self._before)

    def state_dict(self) -> dict[str, Any]:
        """Between two steps (see lab.training.checkpoint)."""
        return {"done": self.done, "before": self._before.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """As if `done` steps had been found sound."""
        self.done = state["done"]
        self._before.load_state_dict(state["before"])

    def _check(self, name: str, value: float, sound: Snapshot) -> None:
        if not math.isfinite(value):
            sound.put_back()
            kept = ", and the last good adapter is kept" if self.done else ""
            raise TrainingError(
                f"the {name} became {value} after step {self.done} of {self._steps}{kept}; lower "
                f"the learning rate (it was {self._learning_rate:g}) or alpha, or train in fp32"
            )
