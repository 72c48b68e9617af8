"""What is worth knowing before a run: findings with a level, a title and a way out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from lab.data.dataset import PairDataset

Level = Literal["error", "warning", "note"]

FEW_PAIRS = 100
MANY_REJECTED = 0.1  # share of all rows


@dataclass(frozen=True)
class Finding:
    """level "error": the run cannot start; "warning": it will suffer; "note": good to know."""

    level: Level
    title: str
    way_out: str


def find_findings(
    dataset: PairDataset,
    *,
    batch_size: int,
    r: int,
    smallest_side: int | None = None,
    train_pairs: int | None = None,
) -> tuple[Finding, ...]:
    """Everything that stands out about this run, errors first.

    smallest_side: the smaller of in and out over the layers LoRA goes on; None: unknown.
    train_pairs: pairs left for training after the split; None: all of them.
    """
    pairs = len(dataset) if train_pairs is None else train_pairs
    found = [
        *_about_batch(batch_size, pairs),
        *_about_rank(r, smallest_side),
        *_about_pairs(dataset),
        *_about_rows(dataset),
    ]
    order = ("error", "warning", "note")
    return tuple(sorted(found, key=lambda finding: order.index(finding.level)))


def _about_batch(batch_size: int, pairs: int) -> list[Finding]:
    if batch_size <= pairs:
        return []
    title = f"The batch ({batch_size}) is larger than the training pairs ({pairs})"
    return [Finding("warning", title, f"All {pairs} go into one batch; set it to {pairs} or less.")]


def _about_rank(r: int, smallest_side: int | None) -> list[Finding]:
    if smallest_side is None or r <= smallest_side:
        return []
    title = f"r = {r} is larger than a layer's smaller side ({smallest_side})"
    return [Finding("error", title, f"Choose r = {smallest_side} or less: more adds no rank.")]


def _about_pairs(dataset: PairDataset) -> list[Finding]:
    found = []
    if len(dataset) < FEW_PAIRS:
        title = f"Only {len(dataset)} pairs"
        found.append(Finding("warning", title, "Expect wide intervals; a few hundred tell more."))
    if dataset.duplicates:
        count = dataset.duplicates
        title = f"{count} {'pair repeats' if count == 1 else 'pairs repeat'} a text or a picture"
        way_out = "They are kept apart in batches and on one side of the split."
        found.append(Finding("note", title, way_out))
    most = most_repeated(dataset)
    if most * 2 > len(dataset):
        title = f"One text or picture stands in {most} of {len(dataset)} pairs"
        way_out = "No batch may hold it twice, so batches will be small; add other pairs."
        found.append(Finding("warning", title, way_out))
    same = sum(a == b for a, b in zip(dataset.a_keys, dataset.b_keys, strict=True))
    if same:
        title = f"{same} pairs hold the same text on both sides"
        found.append(Finding("warning", title, "Take them out: they teach nothing."))
    return found


def _about_rows(dataset: PairDataset) -> list[Finding]:
    if not dataset.rejected:
        return []
    first, count = dataset.rejected[0], len(dataset.rejected)
    share = count / (count + len(dataset))
    title = f"{count} {'row was' if count == 1 else 'rows were'} left out"
    level: Level = "warning" if share >= MANY_REJECTED else "note"
    return [Finding(level, title, f"The first: line {first.line}, {first.reason}.")]


def most_repeated(dataset: PairDataset) -> int:
    """How many pairs hold the item that most pairs hold."""
    pairs = zip(dataset.a_keys, dataset.b_keys, strict=True)
    counts = Counter(key for keys in pairs for key in set(keys))
    return max(counts.values(), default=0)
