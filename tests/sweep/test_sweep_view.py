"""What is shown of a sweep: sentences in two languages, lines by name, its report."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from lab.baseline import Baseline, measure_baseline
from lab.errors import DataError
from lab.sweep.config import SweepConfig
from lab.sweep.folder import SweepFolder
from lab.sweep.report import REPORT_NAME, write_sweep_report
from lab.sweep.run import describe_sweep, run_sweep
from lab.sweep.view import (
    describe_before,
    name_lines,
    read_losses,
    say_left_out,
    say_sweep,
    smooth_losses,
    view_curves,
    view_ranks,
)
from lab.words import find_words
from tests.sweep.test_summary import point, points_of

HOSTILE = "</script><img src=x onerror=alert(1)> $data ${1}"
ENGLISH, KOREAN = find_words("en"), find_words("ko")
RECALLS = {4: [0.7, 0.71], 8: [0.8, 0.81]}


def test_one_line_is_told_in_one_sentence_of_either_language() -> None:
    (english,), (korean,) = (say_sweep(points_of(RECALLS), t["ranks"]) for t in (ENGLISH, KOREAN))
    assert "Rank 8 has the best" in english
    assert "랭크 8" in korean


def test_several_lines_are_told_by_name_the_best_first() -> None:
    worse = [point(4, seed, 0.1, targets=("v_proj",)) for seed in range(2)]
    first, second = say_sweep([*worse, *points_of(RECALLS)], ENGLISH["ranks"])
    assert first.startswith("q_proj: Rank 8")
    assert second.startswith("v_proj: Rank 4")


def test_lines_are_called_by_what_differs() -> None:
    from lab.sweep.summary import group_points

    rates = [point(4, 0, 0.5), point(4, 0, 0.5, learning_rate=0.1)]
    assert name_lines(group_points(rates[:1]), ENGLISH["ranks"]) == [""]
    names = name_lines(group_points(rates), ENGLISH["ranks"])
    assert names == ["learning rate 0.01", "learning rate 0.1"]
    both = [*rates, point(4, 0, 0.5, targets=".*fc1")]
    assert name_lines(group_points(both), ENGLISH["ranks"])[-1] == "learning rate 0.01, .*fc1"


def test_what_is_in_no_mean_is_said_with_its_reason() -> None:
    failed = point(8, 0, 0.0, status="failed", error="the loss is not finite", metrics={})
    early = point(4, 1, 0.0, status="stopped early", epochs=3)
    told = say_left_out([point(4, 0, 0.5), early, failed], ENGLISH)
    assert told[0] == "r = 4 (seed 1) was ended early after 3 epochs, and is in no mean."
    assert "the loss is not finite" in told[1]
    assert say_sweep([early], ENGLISH["ranks"]) == []


def test_losses_are_smoothed_from_their_first_step_on() -> None:
    told = smooth_losses([(1, 4.0), (2, 4.0), (3, 4.0)])
    assert [step for step, _ in told] == [1, 2, 3]
    assert [loss for _, loss in told] == pytest.approx([4.0] * 3)


@pytest.fixture(scope="module")
def baseline(sweep: SweepConfig) -> Baseline:
    return measure_baseline(sweep.base)


@pytest.fixture(scope="module")
def stored(
    sweep: SweepConfig, baseline: Baseline, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A sweep of two points on disk."""
    config = dataclasses.replace(sweep, seeds=1)
    folder = tmp_path_factory.mktemp("stored") / "sweep"
    kept = SweepFolder(folder, describe_sweep(config, baseline))
    assert len(list(run_sweep(config, baseline, kept, lambda _: None))) == 2
    return folder


def test_the_base_has_a_points_metrics(
    baseline: Baseline, sweep: SweepConfig, stored: Path
) -> None:
    settings = json.loads((stored / "settings.json").read_text())
    points = json.loads((stored / "sweep.json").read_text())
    before = describe_before(settings["before"])
    assert set(before) <= set(points[0]["metrics"])
    start = points[0]["curve"][0]
    assert before["recall@1"] == pytest.approx(start["recall"])
    assert before["uniformity"] == pytest.approx(start["uniformity"])


def test_charts_of_a_stored_sweep_are_plain_json(stored: Path) -> None:
    from lab.sweep.folder import read_sweep

    sweep = read_sweep(stored)
    ranks = view_ranks(sweep.settings, sweep.points, KOREAN)
    losses = read_losses(sweep.folder, sweep.points)
    curves = view_curves(sweep.settings, sweep.points, losses, KOREAN["ranks"])
    assert json.loads(json.dumps([ranks, curves])) == [ranks, curves]
    assert [row["rank"] for row in ranks["rows"]] == [2, 4]
    for told, of in zip(curves["curves"], sweep.points, strict=True):
        assert told["steps"] == [moment.step for moment in of.curve]
        assert told["loss_steps"][-1] == of.steps


def test_nothing_is_drawn_of_no_point(stored: Path) -> None:
    settings = json.loads((stored / "settings.json").read_text())
    assert view_ranks(settings, [], ENGLISH) is None
    assert view_curves(settings, [], {}, ENGLISH["ranks"]) is None


@pytest.mark.parametrize(("language", "said"), [("en", "with one seed"), ("ko", "시드 하나로는")])
def test_the_report_is_one_page_that_asks_for_nothing(
    stored: Path, language: str, said: str
) -> None:
    path = write_sweep_report(stored, language)
    assert path == stored / REPORT_NAME
    text = path.read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])
    assert set(data) == {"rankSweep", "sweepCurves"}
    assert said in data["rankSweep"]["said"][0]
    assert f'<html lang="{language}">' in text
    assert "default-src 'none'" in text
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", text.split("<script>")[0])


def test_hostile_names_stay_texts_in_the_report(stored: Path, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(stored, tmp_path / "copy")
    settings = json.loads((copy / "settings.json").read_text())
    settings["model"]["name"] = settings["data"]["name"] = HOSTILE
    (copy / "settings.json").write_text(json.dumps(settings))
    text = write_sweep_report(copy).read_text(encoding="utf-8")
    assert "<img src=x" not in text
    assert "&lt;img src=x" in text


def test_a_folder_without_a_sweep_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no sweep"):
        write_sweep_report(tmp_path)
