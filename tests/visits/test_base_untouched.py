"""A hundred runs by ten visitors over one base model leave its parameters what they were."""

from __future__ import annotations

import dataclasses
import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from torch import nn

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.experiment import adapt, measure_baseline
from lab.progress import no_report
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory

VISITORS, RUNS = 10, 10
# Every way in which a run could reach what it shares: biases and whole modules that train, lengths
# that are measured, first factors cut out of the weight, merged weights, bf16 in its place.
METHODS = (
    {},
    {"bias": "all"},
    {"bias": "lora_only"},
    {"use_dora": True},
    {"init_lora_weights": "pissa"},
    {"merge_weights": True},
    {"modules_to_save": ("visual_projection",)},
    {"lora_dropout": 0.5},
    {"lora_dropout": 0.5, "lora_dropout_on": "factors"},
    {"use_rslora": True},
)
PRECISIONS = ("fp32", "bf16")


def digest(module: nn.Module) -> str:
    """SHA-256 of every parameter and buffer, by name."""
    found = hashlib.sha256()
    for name, tensor in sorted(module.state_dict().items()):
        found.update(name.encode())
        found.update(str(tensor.dtype).encode())
        found.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return found.hexdigest()


@pytest.mark.usefixtures("one_thread")
def test_a_hundred_runs_leave_the_base_as_it_was(
    checkpoints: dict[str, Path], image_pairs: Path, tmp_path: Path
) -> None:
    laboratory = Laboratory(tmp_path / "runs")
    model = str(checkpoints["clip"])
    base = laboratory.prepared.encoder(model, None)
    before, names = digest(base.module), list(base.module.state_dict())
    train = TrainConfig(epochs=1, batch_size=8, learning_rate=0.1)
    config = RunConfig(model, str(image_pairs), LoRAConfig(r=2, target_modules=("q_proj",)), train)
    baseline = measure_baseline(config, encoder=base)

    def visit(number: int) -> list[str]:
        visitor = laboratory.visitor(None)
        statuses = []
        for method, run in zip(METHODS, range(RUNS), strict=True):
            chosen = dataclasses.replace(
                config,
                lora=dataclasses.replace(config.lora, **method),
                train=dataclasses.replace(
                    train, init_seed=number, precision=PRECISIONS[(number + run) % 2]
                ),
            )
            job = Job(lambda report, stop, c=chosen: adapt(baseline, c, no_report, stop))
            laboratory.submit(visitor, job)
            ended = laboratory.queue.wait(job, timeout=300)
            statuses.append(ended.state if ended.error is None else str(ended.error))
        return statuses

    with ThreadPoolExecutor(VISITORS) as threads:
        ended = [status for statuses in threads.map(visit, range(VISITORS)) for status in statuses]
    assert ended == ["done"] * VISITORS * RUNS
    assert laboratory.prepared.encoder(model, None) is base
    assert list(base.module.state_dict()) == names
    assert digest(base.module) == before
    assert not any(parameter.requires_grad for parameter in base.module.parameters())
