"""The SentenceTransformer layout against the sentence-transformers package itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from sentence_checkpoints import (
    Pooling,
    SentenceTransformer,
    TheirDense,
    Transformer,
    edit,
    save_distiluse,
    save_minilm,
    to_old_layout,
)
from tiny_checkpoints import TEXTS, write_bert

from lab.encoders import find_defaults, load_encoder
from lab.encoders.base import Encoder
from lab.encoders.heads import Dense
from lab.errors import ModelError

MODES = ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")


def assert_same_as_package(folder: Path, texts: list[str] = TEXTS) -> None:
    theirs = SentenceTransformer(str(folder), device="cpu").encode(texts, convert_to_tensor=True)
    encoder = load_encoder(folder)
    with torch.no_grad():
        ours = encoder.embed(encoder.preprocess(texts, "a"), "a")
    assert ours.shape == (len(texts), encoder.dim)
    torch.testing.assert_close(ours, theirs.float(), rtol=0, atol=1e-5)


@pytest.mark.parametrize("mode", [*MODES, ("cls", "max"), MODES])
def test_pooling_modes_match_package(tmp_path: Path, mode: str | tuple[str, ...]) -> None:
    assert_same_as_package(save_minilm(tmp_path, mode))


def test_dense_layout_matches_package(tmp_path: Path) -> None:
    assert_same_as_package(save_distiluse(tmp_path))


@pytest.mark.parametrize("activation", ["Identity", "ReLU", "GELU", "SiLU", "Sigmoid"])
def test_dense_activations_match_package(tmp_path: Path, activation: str) -> None:
    assert_same_as_package(save_distiluse(tmp_path, getattr(torch.nn, activation)()))


@pytest.mark.parametrize("network", ["", "0_Transformer"])
@pytest.mark.parametrize("save", [save_minilm, save_distiluse])
def test_old_layout_matches_package(
    save: Callable[[Path], Path], network: str, tmp_path: Path
) -> None:
    folder = save(tmp_path)
    to_old_layout(folder, network)
    assert load_encoder(folder).max_length == 9
    assert_same_as_package(folder)


def test_limit_of_layout_cuts_long_texts_as_package_does(tmp_path: Path) -> None:
    folder = save_minilm(tmp_path)
    encoder = load_encoder(folder)
    long = ["small red circle " * 40, "star"]
    assert encoder.max_length == 12
    assert encoder.preprocess(long, "a")["input_ids"].shape == (2, 12)
    assert_same_as_package(folder, long)


def test_lower_case_matches_package(tmp_path: Path) -> None:
    folder = save_minilm(tmp_path)
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["normalizer"]["lowercase"] = False
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    edit(folder / "tokenizer_config.json", do_lower_case=False)
    shouted = ["A RED Circle", "a red circle"]

    def differ() -> bool:
        encoder = load_encoder(folder)
        first, second = encoder.embed(encoder.preprocess(shouted, "a"), "a")
        return not torch.allclose(first, second, atol=1e-5)

    assert differ()
    edit(folder / "sentence_bert_config.json", do_lower_case=True)
    assert not differ()
    assert_same_as_package(folder, shouted)


def test_default_prompt_matches_package(tmp_path: Path) -> None:
    folder = save_minilm(tmp_path)
    prompts = {"query": "the sky: ", "document": ""}
    edit(folder / "config_sentence_transformers.json", prompts=prompts, default_prompt_name="query")
    assert_same_as_package(folder)
    edit(folder / "1_Pooling" / "config.json", include_prompt=False)
    with pytest.raises(ModelError, match="leaves its prompt out"):
        load_encoder(folder)


@pytest.mark.parametrize("out_features", [16, 8])
def test_residual_dense_matches_package(out_features: int, tmp_path: Path) -> None:
    network = Transformer(str(write_bert(tmp_path / "bert")))
    dense = TheirDense(16, out_features, use_residual=True, bias=False)
    SentenceTransformer(modules=[network, Pooling(16), dense]).save(str(tmp_path / "saved"))
    assert_same_as_package(tmp_path / "saved")


def test_module_is_network_alone_and_head_is_frozen(tmp_path: Path) -> None:
    encoder = load_encoder(save_distiluse(tmp_path))
    assert type(encoder.module).__name__ == "DistilBertModel"
    assert (encoder.dim, encoder.pooling, encoder.family) == (8, "mean", "sentence")
    assert isinstance(encoder, Encoder)
    (dense,) = encoder.heads
    assert isinstance(dense, Dense)
    assert not dense.weight.requires_grad
    assert find_defaults("saved", encoder).targets == ("q_lin", "v_lin")


def test_saved_folder_loads_here_and_in_package(tmp_path: Path) -> None:
    encoder = load_encoder(save_distiluse(tmp_path))
    with torch.no_grad():
        for parameter in encoder.module.parameters():
            parameter.mul_(1.1)
    encoder.save(tmp_path / "copy")
    copy = load_encoder(tmp_path / "copy")
    inputs = encoder.preprocess(TEXTS, "a")
    assert torch.equal(copy.embed(inputs, "a"), encoder.embed(inputs, "a"))
    assert_same_as_package(tmp_path / "copy")
