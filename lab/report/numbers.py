"""A run's numbers, the same in the report and on the page: the verdict, tables, matrices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lab.charts import metric_values
from lab.charts.matrix_values import matrices_value
from lab.charts.sentence import verdict_sentence
from lab.charts.values import name_sides
from lab.words import Words

if TYPE_CHECKING:
    from lab.experiment import Outcome


def say_verdict(outcome: Outcome, words: Mapping[str, Words]) -> str:
    """One sentence: what became of the held-out pairs, and of the control set."""
    sides = name_sides(outcome.baseline.test, words["sides"]).side_names
    controls = metric_values.name_controls(outcome.forgetting, words["controls"])
    return verdict_sentence(outcome.comparison.verdicts(), sides, words["verdict"], controls)


def view_numbers(outcome: Outcome, words: Mapping[str, Words]) -> dict[str, Any]:
    """The values of the charts "balance", "metrics" and "groups"."""
    test = name_sides(outcome.baseline.test, words["sides"])
    comparison, name = outcome.comparison, outcome.baseline.dataset.name
    return {
        "balance": metric_values.balance_value(comparison, outcome.forgetting, name, words),
        "metrics": metric_values.metrics_value(comparison, test.side_names, words),
        "groups": metric_values.groups_value(test, comparison, words),
    }


def view_matrices(outcome: Outcome, words: Mapping[str, Words]) -> dict[str, Any]:
    """The similarity matrices; for pictures and texts also of all items with all."""
    from lab.analysis.similarity import matrix_views

    test = name_sides(outcome.baseline.test, words["sides"])
    is_joint = test.kind == "image-text"
    views = matrix_views(outcome.baseline.before, outcome.after, joint=is_joint)
    return matrices_value(test, views, words["matrices"])
