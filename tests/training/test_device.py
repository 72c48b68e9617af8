"""Devices are found or refused by name."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from lab.errors import ConfigError
from lab.training.device import (
    autocast,
    choose_precision,
    count_matrix_weights,
    cpu_has_bf16,
    find_device,
)


@pytest.mark.parametrize("name", ["cuda:99", "tpu", "meta", "", "cpu:x", "xla", "vulkan"])
def test_device_that_is_not_there_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find_device(name)
    assert repr(name) in str(caught.value)
    assert "choose auto or cpu" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_auto_takes_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    has = {"cuda": False, "mps": False}
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has["cuda"])
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: has["mps"])
    assert find_device().type == "cpu"
    has["mps"] = True
    assert find_device().type == "mps"
    has["cuda"] = True
    assert find_device().type == "cuda"
    assert find_device("cpu").type == "cpu"


@pytest.mark.parametrize(
    ("precision", "expected"), [("fp32", torch.float32), ("bf16", torch.bfloat16)]
)
def test_precision_on_the_cpu(precision: str, expected: torch.dtype) -> None:
    x = torch.ones(2, 2)
    with autocast(torch.device("cpu"), precision):
        assert (x @ x).dtype == expected


def module_of(weights: int) -> nn.Module:
    """So many weights in matrices, and a lot that are only looked up or added."""
    module = nn.Sequential(nn.Embedding(1_000, 16), nn.Linear(16, weights // 16))
    return module.requires_grad_(False)


@pytest.mark.parametrize(
    ("asked", "weights", "native", "chosen"),
    [
        ("auto", 10_000_000, True, "bf16"),
        ("auto", 10_000_000, False, "fp32"),
        ("auto", 9_999_984, True, "fp32"),
        ("bf16", 160, False, "bf16"),
        ("fp32", 10_000_000, True, "fp32"),
    ],
)
def test_precision_is_chosen_by_cpu_and_size(
    asked: str, weights: int, native: bool, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.training.device.cpu_has_bf16", lambda: native)
    assert choose_precision(asked, module_of(weights)) == chosen


def test_matrices_are_counted_and_tables_are_not() -> None:
    assert count_matrix_weights(module_of(160)) == 160
    assert count_matrix_weights(nn.LayerNorm(16)) == 0


def test_cpu_that_torch_cannot_be_asked_about_has_no_bf16(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert isinstance(cpu_has_bf16(), bool)
    for question in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        monkeypatch.delattr(torch.cpu, question, raising=False)
    assert not cpu_has_bf16()
