"""A finished run at other strengths, without a page: queue, watchers, files, what is refused."""

from __future__ import annotations

import gc
import json
import threading
import weakref
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lab.analysis.embeddings import compute_embeddings
from lab.analysis.strength import STRENGTHS
from lab.config import RunConfig
from lab.encoders import load_encoder
from lab.experiment import Outcome, run_experiment
from lab.lora import at_strength, find_lora_layers, load_adapter
from lab.ui.events.inside import InsideEvents
from lab.ui.events.strength import StrengthEvents
from lab.ui.strengths import Measurements, find_axes
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.results import Result

pytestmark = pytest.mark.usefixtures("one_thread")
SOON = 120  # seconds


@pytest.fixture(scope="module")
def old_pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten pictures with captions that no run has seen."""
    folder = tmp_path_factory.mktemp("old")
    draw = np.random.default_rng(1)
    for i in range(10):
        pixels = draw.integers(0, 256, (32, 32, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{i}.png")
    rows = "\n".join(f"{i}.png,old caption {i}" for i in range(10))
    (folder / "pairs.csv").write_text(f"image,text\n{rows}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def result(one_thread: None, config_of: dict[str, RunConfig], old_pairs: Path) -> Result:
    """A run of the tiny CLIP, with a small control set."""
    return Result(run_experiment(replace(config_of["clip"], control=str(old_pairs))), ())


@pytest.fixture
def laboratory(tmp_path: Path) -> Laboratory:
    return Laboratory(tmp_path / "runs")


@pytest.fixture
def visitor(laboratory: Laboratory, result: Result) -> Visitor:
    """Somebody whose run has ended."""
    visitor = laboratory.visitor("")
    visitor.job = Job(lambda *_: result)
    visitor.job.run()
    return visitor


@pytest.fixture
def measurements(laboratory: Laboratory) -> Measurements:
    return Measurements(laboratory.queue)


@pytest.fixture
def events(laboratory: Laboratory, measurements: Measurements) -> StrengthEvents:
    return StrengthEvents(laboratory, "en", measurements)


def shown(updates: dict[str, Any], name: str) -> Any:
    """What a component is given, by itself or as one of several properties."""
    value = updates[name]
    return value["value"] if isinstance(value, dict) and "__type__" in value else value


def embeddings_at(outcome: Outcome, strength: float) -> np.ndarray:
    """(2N, D) of the held-out pairs."""
    encoder = outcome.encoder
    scaled = encoder.with_module(at_strength(encoder.module, strength))
    return compute_embeddings(scaled, outcome.baseline.test).stacked()


def test_a_measurement_grows_point_by_point_to_the_whole_curve(
    events: StrengthEvents, visitor: Visitor, result: Result
) -> None:
    *_, last = events.on_measure(visitor.id)
    value, outcome = shown(last, "explorer"), result.outcome
    assert value["strengths"] == list(STRENGTHS)
    assert shown(last, "measuring")["level"] == "done"
    comparison = outcome.comparison
    for place, metrics in ((0.0, comparison.before), (1.0, comparison.after)):
        at = STRENGTHS.index(place)
        mean, there, back, control = (row["recall"][at] for row in value["rows"])
        assert there == pytest.approx(metrics.a_to_b["recall@1"].value, abs=1e-4)
        assert back == pytest.approx(metrics.b_to_a["recall@1"].value, abs=1e-4)
        assert mean == pytest.approx((there + back) / 2, abs=1e-4)
        told = getattr(outcome.forgetting, "before" if place == 0 else "after")
        assert control == pytest.approx(told.mean.value, abs=1e-4)


def test_the_points_stand_where_the_embeddings_at_that_strength_do(
    events: StrengthEvents, visitor: Visitor, result: Result
) -> None:
    *_, last = events.on_measure(visitor.id)
    axes = find_axes(result)
    for place, strength in enumerate(STRENGTHS):
        there = embeddings_at(result.outcome, strength)
        found = np.array(shown(last, "explorer")["places"][place])
        np.testing.assert_allclose(found, axes.place(there), rtol=0, atol=1e-3)


def test_a_run_is_measured_once_and_found_again(
    events: StrengthEvents, visitor: Visitor, measurements: Measurements
) -> None:
    before = list(events.on_show(visitor.id))
    assert [update["explorer"] for update in before] == [None]
    list(events.on_measure(visitor.id))
    job = measurements.find(visitor.job)
    *_, again = events.on_show(visitor.id)
    assert shown(again, "explorer")["strengths"] == list(STRENGTHS)
    assert measurements.find(visitor.job) is job


def test_it_waits_for_the_run_before_it_and_says_so(
    events: StrengthEvents, visitor: Visitor, laboratory: Laboratory
) -> None:
    go = threading.Event()
    training = laboratory.queue.submit(Job(lambda *_: go.wait(SOON)))
    while training.snapshot().state == "queued":
        threading.Event().wait(0.01)
    watching = events.on_measure(visitor.id)
    assert "1 before yours" in shown(next(watching), "measuring")["text"]
    go.set()
    *_, last = watching
    assert shown(last, "measuring")["level"] == "done"


def test_whoever_leaves_last_stops_it(
    visitor: Visitor, result: Result, laboratory: Laboratory, measurements: Measurements
) -> None:
    go = threading.Event()
    laboratory.queue.submit(Job(lambda *_: go.wait(SOON)))
    here, there = (StrengthEvents(laboratory, tongue, measurements) for tongue in ("en", "ko"))
    watching, also = here.on_measure(visitor.id), there.on_show(visitor.id)
    next(watching)
    next(also)
    job = measurements.find(visitor.job)
    also.close()
    assert not job.snapshot().stopping
    watching.close()
    assert job.snapshot().stopping
    go.set()
    assert laboratory.queue.wait(job, SOON).state == "done"
    assert job.snapshot().result.curve.points == ()
    assert measurements.begin(visitor.job, result) is not job  # it can be measured again


def test_another_run_of_the_visitor_s_ends_it(
    events: StrengthEvents, visitor: Visitor, laboratory: Laboratory, measurements: Measurements
) -> None:
    go = threading.Event()
    laboratory.queue.submit(Job(lambda *_: go.wait(SOON)))
    watching = events.on_measure(visitor.id)
    next(watching)
    job, kept = measurements.find(visitor.job), weakref.ref(visitor.job)
    visitor.job = Job(lambda *_: None)
    assert list(watching) == []
    assert job.snapshot().stopping
    go.set()
    laboratory.queue.wait(job, SOON)
    gc.collect()
    assert kept() is None  # nor is the run before kept for its measurement's sake


def test_stop_keeps_what_was_measured(events: StrengthEvents, visitor: Visitor) -> None:
    watching = events.on_measure(visitor.id)
    for update in watching:
        if update.get("explorer"):
            events.on_stop(visitor.id)
            break
    *_, last = [update, *watching]
    assert 2 <= len(shown(last, "explorer")["strengths"]) < len(STRENGTHS)
    assert "Stopped after" in shown(last, "measuring")["text"]


def test_the_exported_adapter_is_the_run_s_at_that_strength(
    events: StrengthEvents, visitor: Visitor, result: Result, tmp_path: Path
) -> None:
    path = Path(events.on_export(0.5, visitor.id)["adapter"])
    assert path.name.endswith("-lora-0.5.zip")
    with zipfile.ZipFile(path) as packed:
        assert set(packed.namelist()) == {"adapter_config.json", "adapter_model.safetensors"}
        packed.extractall(tmp_path / "half")
    config = result.outcome.config
    settings = json.loads((tmp_path / "half" / "adapter_config.json").read_text("utf-8"))
    assert settings["lora_alpha"] == config.lora.lora_alpha / 2
    again = load_encoder(config.model, config.pooling)
    load_adapter(tmp_path / "half", again.module)
    found = compute_embeddings(again, result.outcome.baseline.test).stacked()
    np.testing.assert_allclose(found, embeddings_at(result.outcome, 0.5), rtol=0, atol=1e-5)


def test_a_run_gives_no_file_for_what_is_no_strength(
    events: StrengthEvents, visitor: Visitor
) -> None:
    for asked in (None, "0.5", 0, 2):
        assert events.on_export(asked, visitor.id) == {"adapter": None}


def test_the_spectra_are_those_of_the_visitor_s_run(
    laboratory: Laboratory, visitor: Visitor, result: Result
) -> None:
    events = InsideEvents(laboratory, "ko")
    reading, last = events.on_show(visitor.id)
    assert list(events.on_show(visitor.id)) == [last]  # it was read before
    assert "특잇값" in shown(reading, "status")["text"]
    titles = {panel["title"] for panel in last["spectra"]["panels"]}
    assert titles == {"이미지 타워", "텍스트 타워"}
    paths = [layer["path"] for layer in last["spectra"]["layers"]]
    assert paths == list(find_lora_layers(result.outcome.encoder.module))


def test_a_measurement_that_fails_says_why(
    events: StrengthEvents, visitor: Visitor, result: Result
) -> None:
    broken = replace(result.outcome, encoder=result.outcome.baseline.encoder)
    visitor.job = Job(lambda *_: Result(broken, ()))
    visitor.job.run()
    *_, last = events.on_measure(visitor.id)
    status = shown(last, "measuring")
    assert status["level"] == "error"
    assert "carries no LoRA" in status["text"]
    assert "carries no LoRA" in shown(events.on_export(0.5, visitor.id), "measuring")["text"]
