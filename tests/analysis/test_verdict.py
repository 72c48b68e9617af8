"""The verdict: what it takes to have risen or fallen, and what is said of it."""

from __future__ import annotations

import pytest

from lab.analysis.metrics import Estimate
from lab.analysis.verdict import Verdict, in_english, judge

CLEAR, SAME = Estimate(0.48, 0.42, 0.54), Estimate(0.0, 0.0, 0.0)


def verdict(before: float, after: float, low: float, high: float, p: float = 0.0) -> Verdict:
    return judge("mean", before, after, Estimate(after - before, low, high), p, 256)


ROSE = verdict(0.02, 0.5, 0.42, 0.54)
FELL = verdict(0.91, 0.23, -0.72, -0.64)
CHANCE = verdict(0.5, 0.52, -0.01, 0.05, 0.3)
STAYED = verdict(0.5, 0.5, 0.0, 0.0, 1.0)


def say(mean: Verdict, a_to_b: Verdict | None = None, b_to_a: Verdict | None = None, **controls):
    verdicts = {"mean": mean, "a_to_b": a_to_b or mean, "b_to_a": b_to_a or mean}
    return in_english(verdicts, "image", "text", controls)


def test_the_kinds() -> None:
    assert [v.kind for v in (ROSE, FELL, CHANCE, STAYED)] == ["rose", "fell", "chance", "same"]


@pytest.mark.parametrize(("low", "p"), [(0.01, 0.06), (-0.01, 0.04), (0.0, 0.04)])
def test_interval_and_test_must_both_leave_chance_behind(low: float, p: float) -> None:
    assert verdict(0.5, 0.6, low, 0.2, p).kind == "chance"


def test_a_rise_and_a_fall_are_said_with_their_interval() -> None:
    task = "Recall@1, the mean of image by text and text by image,"
    assert say(ROSE) == (
        f"{task} rose from 0.02 to 0.50 on 256 held-out pairs (95%: +0.42 to +0.54)."
    )
    assert "fell from 0.91 to 0.23" in say(FELL)
    assert say(STAYED) == f"{task} stayed at 0.50 on 256 held-out pairs."
    assert say(CHANCE) == (
        f"{task} went from 0.50 to 0.52 on 256 held-out pairs, which is within what chance would "
        "do (95%: -0.01 to +0.05)."
    )


def test_control_sets_follow() -> None:
    assert say(ROSE, English=FELL).endswith(
        "; on the English control set it fell from 0.91 to 0.23."
    )
    assert say(ROSE, English=CHANCE, Korean=STAYED).endswith(
        "; on the English control set it went from 0.50 to 0.52, within what chance would do; "
        "on the Korean control set it stayed at 0.50."
    )


def test_two_directions_that_disagree_are_both_told() -> None:
    told = "; image by text it fell from 0.91 to 0.23, text by image it rose from 0.02 to 0.50."
    assert say(CHANCE, a_to_b=ROSE, b_to_a=FELL).endswith(told)


def test_a_small_change_is_not_rounded_away() -> None:
    assert "rose from 0.501 to 0.503" in say(verdict(0.501, 0.503, 0.001, 0.003))
    assert "(95%: +0.001 to +0.003)" in say(verdict(0.501, 0.503, 0.001, 0.003))
