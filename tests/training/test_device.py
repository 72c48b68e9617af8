"""Devices are found or refused by name."""

from __future__ import annotations

import pytest
import torch

from lab.errors import ConfigError
from lab.training.device import autocast, find_device


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
    ("precision", "expected"),
    [("auto", torch.float32), ("fp32", torch.float32), ("bf16", torch.bfloat16)],
)
def test_precision_on_the_cpu(precision: str, expected: torch.dtype) -> None:
    x = torch.ones(2, 2)
    with autocast(torch.device("cpu"), precision):
        assert (x @ x).dtype == expected
