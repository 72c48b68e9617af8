"""The components drawn with plain elements: tables, cards, the printed model, a run's state."""

from __future__ import annotations

from lab.ui.components.base import Chart


class Balance(Chart):
    """What was won on new pairs and lost on old. Value: of metric_values.balance_value."""

    chart = "balance"


class MetricsTable(Chart):
    """Metrics before and after, with intervals. Value: of metric_values.metrics_value."""

    chart = "metrics"


class GroupTable(Chart):
    """Recall@1 by group. Value: of metric_values.groups_value; nothing where None."""

    chart = "groups"


class PairList(Chart):
    """The pairs that changed most. Value: lab.charts.values.changes_value."""

    chart = "changes"


class LayerTree(Chart):
    """The printed model. Value: {"lines": [{"text", "match": leaf name or None, "on"}]}."""

    chart = "layers"


class RankPicture(Chart):
    """W + B·A to scale. Value: {"out", "in", "r", "name", "caption"}.

    caption: a template with {name}, {frozen}, {trained} and {share}.
    """

    chart = "rank"


class PairPreview(Chart):
    """Pairs as they were read.

    Value: {"summary", "pairs": [{"tile", "texts", "extra"}], "sprite", "findings": [{"level",
    "title", "way_out"}], "rejected": [sentence], "rejected_title"}.
    """

    chart = "preview"


class StatusLine(Chart):
    """A run's state, read out by screen readers.

    Value: {"text", "fraction": 0 to 1 or None, "left", "level": "running|done|error|idle"}.
    """

    chart = "status"


class Note(Chart):
    """Sentences of one kind. Value: {"texts": [...], "kind": "plain|verdict|error|faint"}."""

    chart = "note"
