"""Models by hub id: downloaded from a hub on this machine, cached, refused, unreachable."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from fake_hub import FakeHub, conversion
from huggingface_hub import constants
from tiny_checkpoints import TEXTS, write_bert, write_clip, write_gpt2

from lab.encoders import hub as lab_hub
from lab.encoders import load_encoder
from lab.errors import ModelError

NAME = "someone/tiny"


def pickle_only(folder: Path) -> Path:
    """The folder with its weights as the pickle that older repositories have."""
    (folder / "model.safetensors").unlink()
    torch.save({"weight": torch.zeros(1)}, folder / "pytorch_model.bin")
    return folder


@pytest.mark.parametrize("write", [write_bert, write_gpt2, write_clip])
def test_download_gives_same_encoder_and_is_kept(write, hub: FakeHub, tmp_path: Path) -> None:
    folder = write(tmp_path / "repository")
    (folder / "pytorch_model.bin").write_bytes(b"never fetched")
    (folder / "modeling_evil.py").write_text("raise SystemExit")
    hub.repositories[NAME] = {"main": folder}
    encoder, local = load_encoder(NAME), load_encoder(folder)
    assert encoder.name == NAME
    assert not any(path.endswith((".bin", ".py")) for path in hub.asked)
    inputs = encoder.preprocess(TEXTS, "b")
    assert torch.equal(encoder.embed(inputs, "b"), local.embed(inputs, "b"))
    hub.asked.clear()
    assert load_encoder(NAME).dim == encoder.dim
    assert hub.asked == []


def test_pickle_repository_comes_from_conversion(hub: FakeHub, tmp_path: Path) -> None:
    converted = write_bert(tmp_path / "converted")
    main = pickle_only(shutil.copytree(converted, tmp_path / "main"))
    hub.repositories[NAME] = {"main": main, "refs/pr/1": main, "refs/pr/2": converted}
    hub.discussions[NAME] = [conversion(NAME, 1, "stranger"), conversion(NAME, 2, "SFconvertbot")]
    encoder, local = load_encoder(NAME), load_encoder(converted)
    inputs = encoder.preprocess(TEXTS, "b")
    assert torch.equal(encoder.embed(inputs, "b"), local.embed(inputs, "b"))
    hub.repositories.clear()
    assert load_encoder(NAME).dim == 16  # the cache has it, though not under main


def test_pickle_repository_without_conversion_is_refused(hub: FakeHub, tmp_path: Path) -> None:
    whole = write_bert(tmp_path / "whole")
    main = pickle_only(shutil.copytree(whole, tmp_path / "main"))
    hub.repositories[NAME] = {"main": main, "refs/pr/1": whole}
    hub.discussions[NAME] = [conversion(NAME, 1, "stranger")]
    with pytest.raises(ModelError, match="has no safetensors on the hub"):
        load_encoder(NAME)
    assert not any("/resolve/" in path for path in hub.asked)


def test_unknown_repository_is_named(hub: FakeHub) -> None:
    with pytest.raises(ModelError, match=f"the hub has no model '{NAME}'"):
        load_encoder(NAME)


def test_download_that_breaks_off_can_be_tried_again(hub: FakeHub, tmp_path: Path) -> None:
    folder = write_bert(tmp_path / "repository")
    hub.repositories[NAME] = {"main": folder}
    hub.withheld = ".safetensors"
    with pytest.raises(ModelError, match=r"broke off .* try again"):
        load_encoder(NAME)
    hub.withheld = "\0"
    assert load_encoder(NAME).dim == 16


def fail_within_5_seconds(name: str = NAME) -> str:
    start = time.monotonic()
    with pytest.raises(ModelError, match="cannot be reached; choose a bundled model") as caught:
        load_encoder(name)
    assert time.monotonic() - start < 5
    return str(caught.value)


def test_closed_port_is_unreachable(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{port}")
    fail_within_5_seconds()


def test_silent_server_is_unreachable(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_hub, "PROBE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{port}")
        fail_within_5_seconds()


def test_hanging_name_resolution_is_unreachable(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab_hub, "PROBE_SECONDS", 0.3)
    monkeypatch.setattr(constants, "ENDPOINT", "http://hub.invalid")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2) or [])
    fail_within_5_seconds()


def test_offline_mode_is_unreachable(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    fail_within_5_seconds("openai/clip-vit-base-patch32")


def test_fresh_process_answers_within_5_seconds(tmp_path: Path) -> None:
    """Imports included: what a person at a terminal waits for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        environment = {
            **os.environ,
            "HF_ENDPOINT": f"http://127.0.0.1:{server.getsockname()[1]}",
            "HF_HOME": str(tmp_path),
        }
        start = time.monotonic()
        code = f"from lab.encoders import load_encoder; load_encoder({NAME!r})"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment
        )
        assert time.monotonic() - start < 5
    assert "cannot be reached" in done.stderr.splitlines()[-1]
