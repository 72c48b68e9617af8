"""Two processes (gloo, on the CPU) train as one does on the joint batch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import toy_rank

from lab.distributed.group import share_of
from lab.training.world import ALONE

HERE = Path(__file__).parent
PATHS = (HERE, HERE.parent / "training", HERE.parents[1])
PROCESSES = 2


@pytest.fixture(scope="module")
def alone() -> dict:
    """What one process ends with."""
    return toy_rank.everything(ALONE)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    """What each of the processes ends with."""
    folder = tmp_path_factory.mktemp("group")
    paths = os.pathsep.join(map(str, PATHS))
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    script = [sys.executable, str(HERE / "toy_rank.py"), str(folder)]
    processes = [
        subprocess.Popen([*script, str(number), str(PROCESSES)], env=environment)
        for number in range(PROCESSES)
    ]
    try:
        codes = [process.wait(timeout=120) for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert codes == [0] * PROCESSES
    return [torch.load(folder / f"{number}.pt") for number in range(PROCESSES)]


def close(one: object, other: object) -> None:
    torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)


def same_bits(one: object, other: object) -> None:
    torch.testing.assert_close(one, other, rtol=0, atol=0)


@pytest.mark.parametrize("size", toy_rank.FIRST_BATCHES)
def test_gradients_are_those_of_one_process_with_the_joint_batch(size: int, alone, together):
    for process in together:
        close(process["gradients"][size], alone["gradients"][size])
    assert all(gradient.abs().max() > 1e-3 for gradient in alone["gradients"][size])


@pytest.mark.parametrize("name", toy_rank.RUNS)
def test_a_whole_run_is_that_of_one_process(name: str, alone, together):
    for process in together:
        close(process["runs"][name], alone["runs"][name])


def test_every_process_has_the_same_adapter_bit_for_bit(together):
    first, second = together
    same_bits(first["runs"], second["runs"])
    same_bits(first["dropped"], second["dropped"])


def test_dropout_is_drawn_in_each_process_by_itself(alone, together):
    """The same masks over both halves of a batch would be half as many."""
    one = alone["dropped"]
    assert any(not torch.allclose(one[name], together[0]["dropped"][name]) for name in one)


def test_the_first_process_alone_decides_when_to_stop(alone, together):
    whole = len(alone["runs"]["plain"]["numbers"])
    assert [process["stopped"] for process in together] == [[2, whole]] * PROCESSES


def test_a_number_that_is_not_finite_ends_the_run_in_all_with_one_adapter(together):
    (reason, adapter), (other_reason, other_adapter) = (p["overflowed"] for p in together)
    assert reason == other_reason
    assert "became nan after step 1" in reason
    same_bits(adapter, other_adapter)


def test_a_process_that_leaves_is_missed_and_what_was_learned_is_kept(together):
    steps, reason = together[0]["deserted"]
    assert steps == 2
    assert "another process of this run is gone" in reason
    assert together[1]["deserted"] == (2, "")


@pytest.mark.parametrize("size", range(1, 6))
@pytest.mark.parametrize("count", range(2, 12))
def test_shares_are_equal_and_make_up_the_batch(size: int, count: int):
    batch = list(range(100, 100 + count))
    shares = [share_of(batch, number, size) for number in range(size)]
    assert len({len(share) for share in shares}) == 1
    joined = [pair for share in shares for pair in share]
    assert joined[:count] == batch
    assert len(joined) < count + size
