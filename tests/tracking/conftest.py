"""A run to log, trackers that write to temporary folders, and nobody reached outside."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import numpy as np
import pytest
from tracked_runs import Finished

from lab.analysis.projection import Maps
from lab.archive import save_outcome
from lab.config import RunConfig
from lab.experiment import run_experiment


@pytest.fixture(scope="session")
def finished(config_of: dict[str, RunConfig], tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A short run, saved."""
    outcome = run_experiment(config_of["bert"])
    random = np.random.default_rng(0)
    before, after = random.normal(size=(2, 2 * len(outcome.baseline.test), 2))
    maps = Maps(before, after, "pca")
    folder = tmp_path_factory.mktemp("tracked") / "run"
    save_outcome(outcome, folder, maps=[maps])
    return Finished(outcome, folder, maps)


@pytest.fixture(scope="session", autouse=True)
def _places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trackio and wandb read these once, as they are imported."""
    home = tmp_path_factory.mktemp("trackers")
    wandb = {f"WANDB_{kind}_DIR": str(home / kind) for kind in ("DATA", "CACHE", "CONFIG")}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"TRACKIO_DIR": str(home / "trackio"), **wandb}.items():
            patch.setenv(name, value)
        patch.setenv("NETRC", str(home / "no-netrc"))
        for name in ("WANDB_API_KEY", "TRACKIO_SPACE_ID", "TRACKIO_SERVER_URL"):
            patch.delenv(name, raising=False)
        patch.setattr("huggingface_hub.get_token", lambda: None)  # Trackio would ask whose it is
        yield


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_MODE", "offline")


@pytest.fixture
def doorman(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The proxy that every request to another machine would have to pass, wandb's own process
    included; nobody may knock."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            for spelling in (name, name.lower()):
                monkeypatch.setenv(spelling, f"http://127.0.0.1:{door.getsockname()[1]}")
        yield door
        with pytest.raises(BlockingIOError):
            door.accept()
