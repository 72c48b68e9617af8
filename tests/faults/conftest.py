from __future__ import annotations

import dataclasses
import uuid
from pathlib import Path
from typing import Any

import pytest
from deaths import hurry
from servers import Keep, Server

from lab.analysis import projection
from lab.config import ProjectionConfig, RunConfig
from lab.experiment import Outcome, run_experiment
from lab.visits.laboratory import Laboratory, Visitor


@pytest.fixture(scope="session")
def settings(config_of: dict[str, RunConfig]) -> list[str]:
    """Of a short run with dropout, a learned temperature and a patience."""
    config = config_of["bert"]
    return [
        *("finetune", "--model", config.model, "--pairs", config.pairs, "--epochs", "2"),
        *("--targets", ",".join(config.lora.target_modules), "--batch-size", "8"),
        *("--dropout", "0.2", "--learn-temperature", "--patience", "1", "--precision", "fp32"),
    ]


@pytest.fixture
def arguments(settings: list[str], tmp_path: Path) -> list[str]:
    """The settings, and tmp_path/run to write to."""
    return [*settings, "--out", str(tmp_path / "run")]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs in this process keep each step and draw no maps."""
    hurry(monkeypatch.setattr)


@pytest.fixture
def flat_maps(one_thread: None, hurried: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """UMAP's maps are PCA's here: it compiles for longer than all else takes."""
    project = projection.project

    def project_flatly(before: Any, after: Any, config: ProjectionConfig) -> projection.Maps:
        maps = project(before, after, dataclasses.replace(config, method="pca"))
        return dataclasses.replace(maps, method=config.method)

    monkeypatch.setattr(projection, "project", project_flatly)


@pytest.fixture
def server(tmp_path: Path, text_pairs: Path, config_of: dict[str, RunConfig]) -> Server:
    laboratory = Laboratory(tmp_path / "runs")
    visitor = laboratory.visitor("")
    name, _ = laboratory.take_upload(visitor, text_pairs)
    return Server(laboratory, visitor, dataclasses.replace(config_of["bert"], pairs=name))


@pytest.fixture
def laboratory(tmp_path: Path) -> Laboratory:
    return Laboratory(tmp_path / "runs")


@pytest.fixture(scope="module")
def outcome(one_thread: None, config_of: dict[str, RunConfig]) -> Outcome:
    return run_experiment(config_of["bert"])


@pytest.fixture(scope="module")
def pca(outcome: Outcome) -> projection.Maps:
    before, after = outcome.baseline.before.stacked(), outcome.after.stacked()
    return projection.project(before, after, ProjectionConfig(method="pca"))


@pytest.fixture
def keep(outcome: Outcome, pca: projection.Maps) -> Keep:
    """What a job does at its end, here with one outcome again and again; -> the run's folder."""
    from lab.archive import save_outcome
    from lab.visits.results import Result
    from lab.visits.work import pack

    def work(laboratory: Laboratory, visitor: Visitor) -> Path:
        folder = laboratory.runs_folder / uuid.uuid4().hex
        files = pack(save_outcome(outcome, folder, maps=(pca,)), "tiny-bert")
        laboratory.keep_run(visitor, Result(outcome, (pca,), files), {"r": 4})
        return folder

    return work


@pytest.fixture(autouse=True)
def _plenty_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes through the network are counted here: none is made to find out what fits."""
    monkeypatch.setattr("lab.training.memory_need.find_free", lambda: None)
