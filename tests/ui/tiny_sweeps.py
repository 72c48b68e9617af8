"""A tiny sweep of a tiny BERT, run as a visitor's job and watched to its end."""

from __future__ import annotations

from dataclasses import replace

from lab.config import RunConfig
from lab.sweep.config import SweepConfig
from lab.visits.jobs import Snapshot
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.sweeps import make_sweep

SOON = 120.0  # seconds


def tiny_sweep(base: RunConfig) -> SweepConfig:
    """Two ranks and two seeds, an epoch of few steps on bundled pairs."""
    train = replace(base.train, epochs=1, batch_size=256)
    base = replace(base, pairs="captions-en-ko", control="none", train=train)
    return SweepConfig(base, ranks=(2, 4), seeds=2)


def watch_sweep(laboratory: Laboratory, visitor: Visitor, config: SweepConfig) -> list[Snapshot]:
    """All that a page sees of a whole sweep, its report in Korean."""
    job = laboratory.submit(visitor, make_sweep(laboratory, visitor, config, "ko", 1.0))
    seen = [job.snapshot()]
    while not seen[-1].is_over:
        job.wait_for_change(seen[-1].version, SOON)
        seen.append(job.snapshot())
    return seen
