"""What the tab Inside ΔW shows of a run's strengths, as plain values.

Knows nothing about gradio: a test calls it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lab.analysis.strength import STRENGTHS
from lab.charts import values
from lab.charts.metric_values import call_control
from lab.charts.strength_values import strength_value
from lab.ui.strengths import Measured, estimate_seconds
from lab.ui.views import describe_seconds
from lab.visits.complaints import phrase
from lab.visits.jobs import Snapshot
from lab.words import Words

if TYPE_CHECKING:
    from lab.experiment import Outcome

Table = Mapping[str, Words]


def view_about(outcome: Outcome, table: Table) -> dict[str, Any]:
    """What λ is, and how long measuring takes."""
    words = table["inside"]
    time = describe_seconds(estimate_seconds(outcome), table["page"])
    return {"texts": [words["intro"], words["estimate"].format(time=time)], "kind": "plain"}


def view_measured(measured: Measured, outcome: Outcome, table: Table) -> dict[str, Any] | None:
    """The curves and the map, of at least two strengths."""
    if len(measured.curve.points) < 2:
        return None
    test = values.name_sides(outcome.baseline.test, table["sides"])
    control = (
        call_control(outcome.control.pairs.name, table["controls"]) if outcome.control else None
    )
    return strength_value(measured.curve, measured.places, test, control, table["strength"])


def view_progress(snapshot: Snapshot, table: Table) -> dict[str, Any]:
    """A measurement in one line."""
    words, measured = table["inside"], snapshot.result or Measured()
    count, whole = len(measured.curve.points), len(STRENGTHS)
    if snapshot.state == "failed":
        error = phrase(snapshot.error, table)
        return _status(words["failed"].format(error=error), "error")
    if snapshot.state == "done":
        ended = "measured" if measured.is_whole else "stopped"
        return _status(words[ended].format(count=count), "done")
    if snapshot.stopping:
        return _status(words["stopping"], "running")
    if snapshot.state == "queued":
        ahead = snapshot.ahead
        return _status(words["queued"].format(ahead=ahead) if ahead else words["starting"])
    text = words["measuring"].format(
        number=min(count + 1, whole), count=whole, strength=f"{STRENGTHS[min(count, whole - 1)]:g}"
    )
    return _status(text, "running", count / whole)


def view_reading(table: Table) -> dict[str, Any]:
    """That the spectra are being computed."""
    return _status(table["inside"]["reading"])


def _status(text: str, level: str = "running", fraction: float | None = None) -> dict[str, Any]:
    return {"text": text, "level": level, "fraction": fraction, "left": ""}
