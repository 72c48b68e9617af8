"""What the page shows, as plain values: of the pairs, the choice, a running job, and a result.

Knows nothing about gradio: a test calls it as it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lab.charts import map_values, neighbour_values, values
from lab.report.maps import view_maps
from lab.report.numbers import say_verdict, view_numbers
from lab.ui.choices import Cost
from lab.visits.complaints import phrase
from lab.visits.jobs import Snapshot, StoppedBy
from lab.visits.results import Result
from lab.words import Words
from lab.words.translate import translate

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset
    from lab.data.preflight import Finding
    from lab.encoders.base import Encoder
    from lab.experiment import Baseline, Outcome

PREVIEWED, REJECTED_SHOWN = 24, 20


def view_result(result: Result, words: Mapping[str, Words]) -> dict[str, Any]:
    """Everything the comparison shows, by component; the matrices are made when they are seen."""
    outcome = result.outcome
    test = values.name_sides(outcome.baseline.test, words["sides"])
    comparison = outcome.comparison
    sprite = values.make_sprite((*test.a, *test.b))
    return {
        "verdict": {
            "texts": [say_verdict(outcome, words)],
            "kind": "verdict",
            "aside": describe_run(outcome, words["page"]),
        },
        **view_numbers(outcome, words),
        "maps": maps_of(result, words, sprite),
        "overlap": neighbour_values.overlap_awaited(words["overlap"]),
        "neighbours": None,
        "changes": values.changes_value(test, comparison, words["changes"], sprite),
    }


def maps_of(
    result: Result, words: Mapping[str, Words], sprite: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The maps there are; UMAP's come after PCA's."""
    awaited = [] if len(result.maps) > 1 else ["umap"]
    return view_maps(result.outcome, result.maps, words, sprite, awaited)


def before_map(baseline: Baseline, words: Mapping[str, Words]) -> dict[str, Any]:
    """The held-out pairs as the base sees them, by PCA."""
    from lab.analysis.projection import project
    from lab.config import ProjectionConfig

    before = baseline.before.stacked()
    maps = project(before, before, ProjectionConfig(method="pca"))
    test = values.name_sides(baseline.test, words["sides"])
    return map_values.maps_value(test, [maps], None, words["maps"])


def preview_value(
    dataset: PairDataset, test_pairs: int, findings: Sequence[Finding], table: Mapping[str, Words]
) -> dict[str, Any]:
    """The first pairs, how many there are, what was left out, and the findings."""
    words = table["page"]
    shown = dataset.pairs[:PREVIEWED]
    sprite = values.make_sprite([pair.a for pair in shown], tile=64)
    tiles = sprite["index"] if sprite else [-1] * len(shown)
    a, b = values.name_sides(dataset, table["sides"]).side_names
    others = dataset.columns[2:]
    return {
        "summary": words["pairs_summary"].format(
            count=f"{len(dataset):,}",
            a=a,
            b=b,
            test=f"{test_pairs:,}",
            columns=words["columns"].format(names=", ".join(others)) if others else "",
        ),
        "findings": [
            {
                "level": finding.level,
                "title": translate(finding.title, table),
                "way_out": translate(finding.way_out, table),
            }
            for finding in findings
        ],
        "pairs": [
            {
                "tile": tiles[index],
                "texts": [pair.b] if dataset.kind == "image-text" else [pair.a, pair.b],
                "extra": [text for text in pair.extra.values() if text],
            }
            for index, pair in enumerate(shown)
        ],
        "sprite": sprite,
        "rejected": _rejected(dataset, table),
        "rejected_title": words["rejected"].format(count=len(dataset.rejected)),
    }


def _rejected(dataset: PairDataset, table: Mapping[str, Words]) -> list[str]:
    words, rows = table["page"], dataset.rejected[:REJECTED_SHOWN]
    texts = [
        words["rejected_row"].format(line=row.line, reason=translate(row.reason, table))
        for row in rows
    ]
    more = len(dataset.rejected) - len(rows)
    return [*texts, words["more_rejected"].format(count=more)] if more else texts


def totals_texts(cost: Cost, words: Words, seconds: float | None) -> list[str]:
    """The adapter's size in words, and about how long a run takes."""
    texts = [
        words["totals"].format(
            trainable=f"{cost.trainable:,}",
            total=f"{cost.total:,}",
            share=f"{100 * cost.trainable / cost.total:.2f}",
            layers=cost.layers,
            size=describe_bytes(cost.bytes),
        )
    ]
    if seconds is not None:
        texts.append(words["estimate"].format(time=describe_seconds(seconds, words)))
    return texts


def status_value(snapshot: Snapshot, table: Mapping[str, Words]) -> dict[str, Any]:
    """A job in one line: stage, how far, time left."""
    words = table["page"]
    if snapshot.state == "failed":
        error = phrase(snapshot.error, table)
        return _status(words["failed"].format(error=error), "error")
    if snapshot.state == "queued":
        return _queue_status(snapshot, words)
    if snapshot.state == "done":
        return _outcome_status(snapshot.result.outcome, table, snapshot.stopped_by)
    stage = snapshot.stage.stage if snapshot.stage else "model"
    fraction = snapshot.stage.fraction if snapshot.stage else None
    if stage == "training" and snapshot.steps:
        return _step_status(snapshot, words)
    return _status(words[f"stage_{stage}"], "running", fraction)


def _queue_status(snapshot: Snapshot, words: Words) -> dict[str, Any]:
    text = words["queued"].format(ahead=snapshot.ahead)
    if not snapshot.ahead or snapshot.wait is None:
        return _status(text, "running")
    wait = words["queued_wait"].format(time=describe_seconds(_about(snapshot.wait), words))
    return _status(text, "running", left=wait)


def _about(seconds: float) -> float:
    """In tens: a wait is not known better, and a page need not be told of each second."""
    return max(10.0, 10 * round(seconds / 10))


def _step_status(snapshot: Snapshot, words: Words) -> dict[str, Any]:
    last = snapshot.steps[-1]
    if snapshot.stopping:
        return _status(words["stopping"], "running", None)
    text = words["step"].format(step=last.step, steps=last.steps, loss=f"{last.loss:.3f}")
    left = words["left"].format(time=describe_seconds(last.seconds_left, words))
    return _status(text, "running", last.step / last.steps, left)


def _outcome_status(
    outcome: Outcome, table: Mapping[str, Words], stopped_by: StoppedBy | None
) -> dict[str, Any]:
    words, steps = table["page"], outcome.steps[-1].step
    if outcome.status == "failed":
        error = translate(outcome.error, table)
        return _status(words["failed"].format(error=error), "error")
    if outcome.status == "stopped":
        ended = "stopped" if stopped_by in (None, "asked") else f"stopped_{stopped_by}"
        return _status(words[ended].format(steps=steps) + _in_chunks(outcome, words), "done")
    time = describe_seconds(outcome.seconds["training"], words)
    return _status(
        words["done"].format(steps=steps, time=time) + _in_chunks(outcome, words), "done"
    )


def _in_chunks(outcome: Outcome, words: Words) -> str:
    """That the memory did not suffice for whole batches, where it did not."""
    count = outcome.steps[-1].micro_batch_size
    return "" if count is None else " " + words["in_chunks"].format(count=f"{count:,}")


def _status(text: str, level: str, fraction: float | None = None, left: str = "") -> dict[str, Any]:
    return {"text": text, "level": level, "fraction": fraction, "left": left}


def describe_run(outcome: Outcome, words: Words) -> str:
    """Which run a comparison is of, in one line."""
    return words["run_line"].format(
        model=outcome.encoder.name,
        pairs=outcome.baseline.dataset.name,
        train=f"{len(outcome.baseline.train):,}",
        r=outcome.config.lora.r,
        steps=outcome.steps[-1].step,
        trainable=f"{outcome.trainable:,}",
    )


def describe_device(encoder: Encoder, words: Words) -> str:
    """Where the encoder's weights are, in words."""
    kind = next(encoder.module.parameters()).device.type
    known = {"cpu": words["cpu"].format(cores=os.cpu_count()), "cuda": words["gpu"]}
    return known.get(kind, kind)


def describe_seconds(seconds: float, words: Words) -> str:
    """A time in words, as exact as it is useful."""
    seconds = max(1, round(seconds))
    if seconds < 90:
        return words["seconds"].format(count=seconds)
    if seconds < 5400:
        return words["minutes"].format(count=round(seconds / 60))
    return words["hours"].format(count=f"{seconds / 3600:.1f}")


def describe_bytes(count: int) -> str:
    """A size in words."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} KB"
