"""What the rank lab shows of a sweep, as plain values. Knows nothing about gradio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lab.sweep.view import smooth_losses, view_curves, view_ranks
from lab.ui.sweep_form import RANKS, SweepPlan
from lab.ui.views import describe_seconds
from lab.visits.complaints import phrase
from lab.visits.jobs import Snapshot
from lab.visits.sweep_state import PointUnderWay, Sweeping
from lab.words import Words

Table = Mapping[str, Words]


def view_charts(state: Sweeping, table: Table) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What the points that have ended say, and their charts."""
    charts = view_ranks(state.settings, state.points, table)
    texts = charts["said"] if charts else []
    said = {"texts": texts, "kind": "verdict", "aside": describe_sweep(state, table["ranks"])}
    return said, charts and {**charts, "said": []}


def describe_sweep(state: Sweeping, words: Words) -> str:
    """Which sweep it is, in one line: the form may say another by now."""
    config = state.settings["config"]
    return words["about"].format(
        model=state.settings["model"]["name"],
        pairs=state.settings["data"]["name"],
        ranks=", ".join(map(str, config["ranks"])),
        seeds=config["seeds"],
        rule=words[f"rule_{config['alpha_rule']}"],
    )


def view_live(state: Sweeping, words: Words) -> dict[str, Any] | None:
    """The curves of all points, of those under way too."""
    points, losses = [*state.points], dict(state.losses)
    for point in state.under_way.values():
        points.append(point)
        losses[point.key] = smooth_losses(point.losses)
    return view_curves(state.settings, points, losses, words)


def status_value(snapshot: Snapshot, table: Table) -> dict[str, Any]:
    """The sweep in one line: which point, and how far it is."""
    words, page = table["ranks"], table["page"]
    if snapshot.state == "failed":
        said = words["failed"].format(error=phrase(snapshot.error, table))
        return _status(said, words, "error")
    if snapshot.state == "queued":
        return _queue_status(snapshot, table)
    state: Sweeping | None = snapshot.result
    if snapshot.state == "done":
        return _status(_say_end(snapshot, table), words, "done")
    if snapshot.stopping:
        return _status(words["stopping"], words)
    if state is None:
        stage = snapshot.stage.stage if snapshot.stage else "model"
        return _status(page[f"stage_{stage}"], words)
    share = len(state.points) / state.planned
    if state.point is None:
        return _status(page["stage_saving"], words, fraction=share)
    return _status(_say_point(state.point, state, words), words, fraction=share + _done(state))


def brief_status(snapshot: Snapshot, table: Table) -> dict[str, Any]:
    """The same without steps: it changes only from point to point."""
    state: Sweeping | None = snapshot.result
    if state is None:
        return status_value(snapshot, table)
    still = {key: replace(point, step=None) for key, point in state.under_way.items()}
    return status_value(replace(snapshot, result=replace(state, under_way=still)), table)


def _queue_status(snapshot: Snapshot, table: Table) -> dict[str, Any]:
    page = table["page"]
    value = _status(page["queued"].format(ahead=snapshot.ahead), table["ranks"])
    if snapshot.ahead and snapshot.wait is not None:
        wait = describe_seconds(snapshot.wait, page)
        value["left"] = page["queued_wait"].format(time=wait)
    return value


def _say_end(snapshot: Snapshot, table: Table) -> str:
    words, state = table["ranks"], snapshot.result
    facts = {"count": len(state.points), "planned": state.planned}
    if len(state.points) < state.planned:
        asked = snapshot.stopped_by in (None, "asked")
        return words["stopped" if asked else f"stopped_{snapshot.stopped_by}"].format(**facts)
    seconds = sum(point.seconds for point in state.points)
    return words["done"].format(**facts, time=describe_seconds(seconds, table["page"]))


def _say_point(point: PointUnderWay, state: Sweeping, words: Words) -> str:
    facts = {"count": state.planned, "rank": point.rank, "seed": point.seed}
    said = words["point"].format(number=point.number, **facts)
    if len(state.under_way) > 1:
        said = words["together"].format(number=len(state.under_way), **facts)
    if point.step is None:
        return said
    if point.is_measuring:
        return words["measuring"].format(point=said)
    step = point.step
    return words["at_step"].format(point=said, step=step.step, steps=step.steps)


def _done(state: Sweeping) -> float:
    """The share of the whole sweep that the points under way have done."""
    steps = [point.step for point in state.under_way.values() if point.step is not None]
    return sum(step.step / step.steps for step in steps) / state.planned


def _status(
    said: str, words: Words, level: str = "running", fraction: float | None = None
) -> dict[str, Any]:
    text = words["status"].format(said=said)
    return {"text": text, "level": level, "fraction": fraction, "left": ""}


def plan_note(plan: SweepPlan, table: Table) -> dict[str, Any]:
    """How many trainings, and about how long."""
    words, config = table["ranks"], plan.config
    texts = [
        words["plan"].format(
            points=len(config),
            time=describe_seconds(plan.seconds, table["page"]),
        )
    ]
    if plan.left_out:
        texts.append(words["plan_left_out"].format(count=plan.left_out, largest=plan.largest))
    return {"texts": texts, "kind": "plain"}


def rank_choices(largest: int | None, words: Words) -> list[tuple[str, int]]:
    """The ranks as tick boxes; those above the largest say so. None: it is not known yet."""
    large = [largest is not None and rank > largest for rank in RANKS]
    return [
        (words["too_large"].format(rank=rank, largest=largest) if is_large else str(rank), rank)
        for rank, is_large in zip(RANKS, large, strict=True)
    ]


def point_choices(state: Sweeping | None, words: Words) -> list[tuple[str, str]]:
    """The points whose adapters are there, to be compared."""
    points = state.points if state else ()
    return [
        (name_point(point.key, state, words), point.key) for point in points if point.is_measured
    ]


def name_point(key: str, state: Sweeping, words: Words) -> str:
    """A point by its rank and seed, and by its key where these name several."""
    point = next(point for point in state.points if point.key == key)
    name = words["adapter"].format(rank=point.rank, seed=point.seed)
    same = [other for other in state.points if (other.rank, other.seed) == (point.rank, point.seed)]
    return name if len(same) == 1 else f"{name} · {key}"
