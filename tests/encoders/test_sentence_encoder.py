"""The SentenceTransformer layout against the sentence-transformers package itself."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch
from tiny_checkpoints import TEXTS, write_bert, write_distilbert

from lab.encoders import load_encoder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the package warns about what it imports itself
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense as TheirDense
    from sentence_transformers.base.modules import Normalize as TheirNormalize
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

MODES = ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")


def save_minilm(folder: Path, mode: str | tuple[str, ...] = "mean") -> Path:
    """paraphrase-multilingual-MiniLM-L12-v2's layout: BERT, pooling, Normalize; 12 tokens."""
    network = Transformer(str(write_bert(folder / "bert")), max_seq_length=12)
    model = SentenceTransformer(modules=[network, Pooling(16, mode), TheirNormalize()])
    model.save(str(folder / "saved"))
    return folder / "saved"


def save_distiluse(folder: Path, activation: torch.nn.Module | None = None) -> Path:
    """distiluse-base-multilingual-cased-v2's layout: DistilBERT, mean, Dense with tanh."""
    network = Transformer(str(write_distilbert(folder / "distilbert")), max_seq_length=128)
    dense = TheirDense(16, 8, activation_function=activation or torch.nn.Tanh())
    model = SentenceTransformer(modules=[network, Pooling(16), dense])
    model.save(str(folder / "saved"))
    return folder / "saved"


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
