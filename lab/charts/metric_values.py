"""Numbers -> what the tables show: every metric with its interval, what it means, and the cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lab.words import Words

if TYPE_CHECKING:
    from lab.analysis.compare import Comparison, Estimate
    from lab.analysis.forgetting import Forgetting
    from lab.analysis.groups import Group
    from lab.analysis.verdict import Verdict
    from lab.data.dataset import PairDataset

RETRIEVAL = ("recall@1", "recall@5", "recall@10", "ndcg@10", "mrr", "mean_rank", "median_rank")
GEOMETRY = ("alignment", "uniformity_a", "uniformity_b", "uniformity_across", "modality_gap")
HIGHER = frozenset(RETRIEVAL) - {"mean_rank", "median_rank"}
UNJUDGED = {"modality_gap"}  # closing it makes retrieval neither better nor worse by itself
SMALLEST_P = 0.001


def metrics_value(
    comparison: Comparison, side_names: tuple[str, str], table: Mapping[str, Words]
) -> dict[str, Any]:
    """The table of metrics: both directions of retrieval, then geometry.

    table: every word of a language; taken are the places "metrics" and "metric_notes".
    """
    a, b = side_names
    words = table["metrics"]
    groups = [
        {
            "title": words["find"].format(query=query, answer=answer),
            "rows": [_retrieval_row(comparison, direction, name, table) for name in RETRIEVAL],
        }
        for direction, (query, answer) in {"a_to_b": (a, b), "b_to_a": (b, a)}.items()
    ]
    rows = [_geometry_row(comparison, name, side_names, table) for name in GEOMETRY]
    groups.append({"title": words["geometry"], "rows": rows})
    return {"groups": groups, "words": dict(words)}


def balance_value(
    comparison: Comparison,
    forgetting: Forgetting | None,
    pairs: str,
    table: Mapping[str, Words],
) -> dict[str, Any]:
    """Recall@1 on new pairs and on the control set, each from before to after on one scale.

    pairs: what the run's own pairs are called.
    """
    words = table["balance"]
    new = comparison.verdicts()["mean"]
    verdicts = {words["new"].format(count=f"{new.pairs:,}", name=pairs): new}
    if forgetting is not None:
        name = call_control(forgetting.name, table["controls"])
        told = words["control"].format(count=f"{forgetting.count:,}", name=name)
        verdicts[told] = forgetting.verdict()
    rows = [
        {
            "name": name,
            "kind": verdict.kind,
            **{part: round(getattr(verdict, part), 4) for part in ("before", "after")},
            "change": words["change"].format(
                gain=_signed(verdict.after - verdict.before),
                low=_signed(verdict.low),
                high=_signed(verdict.high),
                p=say_p(verdict.p),
            ),
        }
        for name, verdict in verdicts.items()
    ]
    return {
        "rows": rows,
        "note": words["kept" if forgetting is not None else "no_control"],
        "words": dict(words),
    }


def groups_value(
    pairs: PairDataset, comparison: Comparison, table: Mapping[str, Words]
) -> dict[str, Any] | None:
    """Recall@1 by each column of the upload that groups the pairs; None where none does."""
    from lab.analysis.groups import find_groups

    a, b = pairs.side_names
    words = table["groups"]
    ways = {"a_to_b": (a, b), "b_to_a": (b, a)}
    tables = []
    for column, labels in find_groups(pairs).items():
        found = comparison.by_group(labels)
        others = words["others"].format(groups=found.other_groups, pairs=found.other_pairs)
        tables.append(
            {
                "column": column,
                "ways": [[_group_row(g, way, words) for g in found.groups] for way in ways],
                "note": others if found.other_groups else "",
            }
        )
    if not tables:
        return None
    find = table["metrics"]["find"]
    titles = [find.format(query=query, answer=answer) for query, answer in ways.values()]
    return {"tables": tables, "ways": titles, "words": {**table["metrics"], **words}}


def name_controls(forgetting: Forgetting | None, words: Words) -> dict[str, Verdict]:
    """Name of the run's control set -> the verdict on it, as a sentence takes them."""
    if forgetting is None:
        return {}
    return {call_control(forgetting.name, words): forgetting.verdict()}


def call_control(name: str, words: Words) -> str:
    """What a control set is called: a bundled one as in the table, others by their own name."""
    return words.get(name, name)


def say_p(p: float) -> str:
    """A p value as it follows the letter: "= 0.03", or "< 0.001"; it stays on one line."""
    return f"<\u00a0{SMALLEST_P:g}" if p < SMALLEST_P else f"=\u00a0{p:.2g}"


def _retrieval_row(
    comparison: Comparison, direction: str, name: str, table: Mapping[str, Words]
) -> dict[str, Any]:
    before, after = (getattr(m, direction)[name] for m in (comparison.before, comparison.after))
    row = _row(table["metrics"][name], "higher" if name in HIGHER else "lower", before, after)
    row["what"] = table["metric_notes"][name]
    if name == "recall@1":
        verdict = comparison.verdicts()[direction]
        row["verdict"] = {"rose": "better", "fell": "worse"}.get(verdict.kind, verdict.kind)
        row["p"] = table["metrics"]["p"].format(p=say_p(verdict.p))
    return row


def _geometry_row(
    comparison: Comparison, name: str, side_names: tuple[str, str], table: Mapping[str, Words]
) -> dict[str, Any]:
    a, b = side_names
    words, marks = table["metrics"], comparison.marks[name]
    row = _row(
        words[name].format(a=a, b=b),
        "neither" if name in UNJUDGED else "lower",
        getattr(comparison.before, name),
        getattr(comparison.after, name),
    )
    row["what"] = table["metric_notes"][name.removesuffix("_a").removesuffix("_b")]
    if name not in UNJUDGED:
        sphere = f"{marks.sphere:.2f}".replace("-", "−")
        row["marks"] = words["marks"].format(collapse=f"{marks.collapse:g}", sphere=sphere)
    return row


def _signed(change: float) -> str:
    return f"{change:+.2f}".replace("-", "−")


def _group_row(group: Group, direction: str, words: Words) -> dict[str, Any]:
    label = group.label or words["unlabelled"]
    row = _row(label, "higher", group.before[direction], group.after[direction])
    return {**row, "note": words["pairs"].format(count=f"{group.pairs:,}")}


def _row(name: str, direction: str, before: Estimate, after: Estimate) -> dict[str, Any]:
    """A line of a table. Two 95% intervals that do not overlap differ beyond chance; overlapping
    ones may or may not."""
    rose, fell = after.low > before.high, after.high < before.low
    verdict = "same"
    if rose or fell:
        judged = "better" if rose == (direction == "higher") else "worse"
        verdict = judged if direction != "neither" else "rose" if rose else "fell"
    return {
        "name": name,
        "direction": direction,
        "before": _estimate(before),
        "after": _estimate(after),
        "verdict": verdict,
        "went": "up" if after.value > before.value else "down",
    }


def _estimate(estimate: Estimate) -> dict[str, float]:
    return {name: round(getattr(estimate, name), 4) for name in ("value", "low", "high")}
