"""When to end, and which parameters to keep."""

from __future__ import annotations

import torch

from lab.training.early_stop import EarlyStop
from lab.training.snapshot import Snapshot


def feed(losses: list[float | None], patience: int | None) -> tuple[int | None, float]:
    """-> after which epoch the run was due to end, and the epoch whose parameters came back."""
    parameter = torch.zeros(1)
    early_stop = EarlyStop([parameter], patience)
    due = None
    for epoch, loss in enumerate(losses, start=1):
        parameter.fill_(epoch)
        early_stop.note(loss)
        if early_stop.is_due:
            due = epoch
            break
    early_stop.put_best_back()
    return due, parameter.item()


def test_run_ends_after_epochs_without_a_better_loss() -> None:
    assert feed([3, 2, 2, 2.5, 1], patience=2) == (4, 2)
    assert feed([3, 2, 2.5, 1, 1.5], patience=2) == (None, 4)


def test_without_patience_or_losses_nothing_happens() -> None:
    assert feed([1, 2, 3], patience=None) == (None, 3)
    assert feed([None, None, None], patience=1) == (None, 3)


def test_snapshot_is_taken_again_and_before_the_first_gives_nothing_back() -> None:
    parameter = torch.nn.Parameter(torch.tensor([1.0]))
    snapshot = Snapshot([parameter])
    snapshot.put_back()
    assert parameter.item() == 1
    for value in (2.0, 3.0):
        parameter.data.fill_(value)
        snapshot.take()
        parameter.data.fill_(9.0)
        snapshot.put_back()
        assert parameter.item() == value
