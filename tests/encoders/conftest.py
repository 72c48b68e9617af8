"""Fixtures of the encoders' tests: quiet, seeded, on one thread."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
import torch
from fake_hub import FakeHub
from huggingface_hub import constants
from PIL import Image
from tiny_checkpoints import TEXTS, write_bert, write_clip, write_gpt2

from lab.data.pair import Picture


@pytest.fixture(autouse=True)
def _one_thread_and_seed() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)


@pytest.fixture
def texts() -> list[str]:
    """Texts of several lengths and two scripts."""
    return list(TEXTS)


class PictureFolder:
    """Pictures as files of one folder; a PictureSource."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, member: str) -> bytes:
        return (self.folder / member).read_bytes()


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Picture]:
    """picture(width, height, seed): a Picture of a PNG of noise, a file in tmp_path."""

    def make(width: int = 40, height: int = 30, seed: int = 0) -> Picture:
        noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
        name = f"noise-{width}-{height}-{seed}.png"
        Image.fromarray(noise).save(tmp_path / name)
        key = hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
        return Picture(name, key, PictureFolder(tmp_path), name)

    return make


@pytest.fixture
def bert_folder(tmp_path: Path) -> Path:
    """A tiny BERT."""
    return write_bert(tmp_path / "bert")


@pytest.fixture
def gpt2_folder(tmp_path: Path) -> Path:
    """A tiny GPT-2."""
    return write_gpt2(tmp_path / "gpt2")


@pytest.fixture
def clip_folder(tmp_path: Path) -> Path:
    """A tiny CLIP."""
    return write_clip(tmp_path / "clip")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache, and no request for a token that this machine may hold."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_IMPLICIT_TOKEN", True)
    huggingface_hub.utils.disable_progress_bars()
    return tmp_path / "cache"


@pytest.fixture
def hub(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with FakeHub({}) as running:
        monkeypatch.setattr(constants, "ENDPOINT", running.url)
        template = running.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        yield running
