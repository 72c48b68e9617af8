"""A sweep over a Ray of two workers on this machine: the same numbers, whoever dies."""

from __future__ import annotations

import dataclasses
import os
import pickle
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import psutil
import pytest

from lab.baseline import Baseline, measure_baseline
from lab.cli.main import main
from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.distributed import cluster as clusters
from lab.distributed.cluster import Cluster, Resources, Work, connected
from lab.distributed.portable import make_portable
from lab.distributed.spread import check_can_spread, spread_sweep
from lab.errors import ConfigError, DataError, DistributedError
from lab.runs import read_run
from lab.sweep.config import SweepConfig
from lab.sweep.folder import SweepFolder, read_sweep
from lab.sweep.plan import plan_points
from lab.sweep.point import SweepPoint
from lab.sweep.run import describe_sweep, run_sweep

BAD, DEADLY = -1, -2


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two workers, for all tests here; of its processes none is left."""
    before = set(psutil.Process().children(recursive=True))
    with connected("local", Resources(cpus=os.cpu_count() / 2)) as cluster:
        yield cluster
    assert set(psutil.Process().children(recursive=True)) <= before


@pytest.fixture(scope="module")
def sweep(checkpoints: dict[str, Path], image_pairs: Path) -> SweepConfig:
    lora = LoRAConfig(r=4, lora_alpha=8, target_modules=("q_proj", "v_proj"))
    train = TrainConfig(epochs=2, batch_size=6, learning_rate=0.02)
    base = RunConfig(str(checkpoints["clip"]), str(image_pairs), lora, train)
    return SweepConfig(base, ranks=(4, 2), seeds=2)


@pytest.fixture(scope="module")
def baseline(sweep: SweepConfig, one_thread: None) -> Baseline:
    return measure_baseline(sweep.base)


@pytest.fixture(scope="module")
def in_turn(
    sweep: SweepConfig, baseline: Baseline, tmp_path_factory: pytest.TempPathFactory
) -> list[SweepPoint]:
    """The points as a sweep in this process has them."""
    folder = SweepFolder(tmp_path_factory.mktemp("in-turn"), describe_sweep(sweep, baseline))
    return without_times(run_sweep(sweep, baseline, folder, lambda _: None))


def without_times(points) -> list[SweepPoint]:
    return [dataclasses.replace(point, seconds=0) for point in points]


def kill_a_worker(at_work: str = "ray::_run_task") -> int:
    """Kills (-9) the first process below this one that is at a task; -> its id."""
    while True:
        for process in psutil.Process().children(recursive=True):
            if process.cmdline() and process.cmdline()[0].startswith(at_work):
                process.kill()
                return process.pid
        time.sleep(0.005)


def test_a_sweep_with_a_killed_worker_ends_whole_with_the_same_numbers(
    cluster: Cluster,
    sweep: SweepConfig,
    baseline: Baseline,
    in_turn: list[SweepPoint],
    tmp_path: Path,
):
    folder = SweepFolder(tmp_path / "spread", describe_sweep(sweep, baseline))
    with ThreadPoolExecutor(1) as threads:
        killed = threads.submit(kill_a_worker)
        points = list(spread_sweep(sweep, baseline, folder, cluster))
    assert killed.result() > 0
    by_key = {point.key: point for point in without_times(points)}
    assert [by_key[planned.key] for planned in plan_points(sweep)] == in_turn
    stored = read_sweep(folder.path)
    assert without_times(stored.points) == in_turn  # in the order of the plan
    for point in points:
        run = read_run(folder.path / "points" / point.key)
        assert len(run.steps()) == point.steps
        assert (run.adapter / "adapter_model.safetensors").is_file()
    assert list(spread_sweep(sweep, baseline, folder, cluster)) == list(stored.points)


def test_the_command_spreads_its_points_and_says_a_line_for_each(
    cluster: Cluster,
    sweep: SweepConfig,
    in_turn: list[SweepPoint],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
):
    monkeypatch.setattr("lab.cli.spread.connected", lambda *_: nullcontext(cluster))
    base = sweep.base
    command = ["sweep", "--model", base.model, "--pairs", base.pairs, "--ranks", "2,4"]
    command += ["--seeds", "2", "--r", "4", "--alpha", "8", "--targets", "q_proj,v_proj"]
    command += ["--epochs", "2", "--batch-size", "6", "--lr", "0.02", "--ray", "local"]
    command += ["--temperature", str(base.train.temperature), "--out", str(tmp_path / "s")]
    assert main(command) == 0
    assert without_times(read_sweep(tmp_path / "s").points) == in_turn
    told = capsys.readouterr().err
    for number, point in enumerate(in_turn, start=1):
        assert f"{number}/{len(in_turn)} " in told
        assert f" {point.key}: recall@1 " in told


@pytest.fixture
def adding() -> Callable[[int], Work]:
    """What a worker can be made of: adds each task to 10. Inside a function, so that it is sent
    whole, for workers do not have this file."""

    def make(shared: int) -> Work:
        own = os.getpid()

        def add(task: int) -> tuple[int, int]:
            if task == BAD:
                raise DataError("a task that cannot be done")
            if task == DEADLY:
                os.kill(own, signal.SIGKILL)
            time.sleep(0.2)
            return shared + task, own

        return add

    return make


def test_results_come_from_as_many_workers_as_there_is_room_for(cluster: Cluster, adding):
    results = list(cluster.run(adding, 10, {str(task): task for task in range(6)}))
    assert sorted(total for total, _ in results) == list(range(10, 16))
    assert len({own for _, own in results}) == 2


def test_an_error_of_a_task_is_raised_as_it_was(cluster: Cluster, adding):
    with pytest.raises(DataError, match="a task that cannot be done"):
        list(cluster.run(adding, 10, {"bad": BAD}))


def test_a_task_that_kills_every_worker_is_given_up(cluster: Cluster, adding):
    with pytest.raises(DistributedError, match="'deadly' was lost with its worker 4 times"):
        list(cluster.run(adding, 10, {"deadly": DEADLY}))


def test_a_stopped_sweep_leaves_what_is_under_way(cluster: Cluster, adding):
    results = []

    def should_stop() -> bool:
        return len(results) >= 1

    for result in cluster.run(adding, 10, {str(t): t for t in range(50)}, should_stop):
        results.append(result)
    assert 1 <= len(results) < 10


def test_more_than_the_cluster_has_is_refused(cluster: Cluster):
    with pytest.raises(DistributedError, match="fewer than one point takes"):
        Cluster(Resources(cpus=10_000))
    with pytest.raises(ConfigError, match="ray_gpus"):
        Resources(gpus=-1)


def test_a_portable_baseline_needs_no_files(
    sweep: SweepConfig, baseline: Baseline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    sent = pickle.dumps(make_portable(baseline))
    monkeypatch.chdir(tmp_path)
    arrived = pickle.loads(sent)
    assert arrived.dataset.digest == baseline.dataset.digest
    for one, other in zip(arrived.test.a, baseline.test.a, strict=True):
        assert one.open().tobytes() == other.open().tobytes()
        assert one.source is arrived.test.a[0].source  # the bytes travel once


def test_early_stopping_needs_an_order(sweep: SweepConfig):
    with pytest.raises(DistributedError, match="end in no order"):
        check_can_spread(dataclasses.replace(sweep, stop_early=True))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_an_address_where_nobody_listens_is_said_at_once(address: str):
    with pytest.raises(DistributedError, match="no Ray cluster"), connected(address):
        pass


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clusters, "find_spec", lambda _: None)
    with pytest.raises(DistributedError, match="pip install ray"), connected("local"):
        pass
