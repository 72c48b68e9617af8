"""BERT's family and GPT-2 against transformers' own forward pass, and against themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import transformers
from tiny_checkpoints import (
    TEXTS,
    write_bert,
    write_distilbert,
    write_electra,
    write_gpt2,
    write_mpnet,
    write_roberta,
)

from lab.encoders import describe, find_defaults, load_encoder
from lab.encoders.base import Encoder
from lab.errors import ModelError

WRITERS = (write_bert, write_distilbert, write_electra, write_gpt2, write_mpnet, write_roberta)
each_architecture = pytest.mark.parametrize("write", WRITERS)


def embed(encoder: Encoder, texts: list[str]) -> torch.Tensor:
    with torch.no_grad():
        return encoder.embed(encoder.preprocess(texts, "a"), "a")


@each_architecture
def test_loads_frozen_fp32_eval_encoder(write: Callable, tmp_path: Path) -> None:
    encoder = load_encoder(write(tmp_path / "model"))
    assert isinstance(encoder, Encoder)
    assert (encoder.name, encoder.kind, dict(encoder.towers)) == ("model", "text-text", {})
    assert not any(module.training for module in encoder.module.modules())
    assert {p.dtype for p in encoder.module.parameters()} == {torch.float32}
    assert not any(p.requires_grad for p in encoder.module.parameters())
    assert embed(encoder, TEXTS).shape == (len(TEXTS), encoder.dim)
    assert describe(encoder) == str(encoder.module)


@each_architecture
def test_embedding_ignores_company_in_batch(write: Callable, tmp_path: Path) -> None:
    encoder = load_encoder(write(tmp_path / "model"))
    alone = torch.cat([embed(encoder, [text]) for text in TEXTS])
    torch.testing.assert_close(embed(encoder, TEXTS), alone, rtol=0, atol=1e-5)


@each_architecture
def test_longest_text_fits_positions(write: Callable, tmp_path: Path) -> None:
    encoder = load_encoder(write(tmp_path / "model"))
    texts = ["red " * 2_000, "red"]
    assert encoder.preprocess(texts, "b")["input_ids"].shape[1] == encoder.max_length
    assert encoder.tokenizer.count_truncated(texts) == 1
    assert embed(encoder, texts).isfinite().all()


@each_architecture
def test_empty_text_has_finite_embedding(write: Callable, tmp_path: Path) -> None:
    encoder = load_encoder(write(tmp_path / "model"))
    assert embed(encoder, [""]).isfinite().all()
    assert embed(encoder, ["", "red"]).isfinite().all()


@each_architecture
def test_default_targets_are_its_own_layers(write: Callable, tmp_path: Path) -> None:
    encoder = load_encoder(write(tmp_path / "model"))
    targets = find_defaults("model", encoder).targets
    for target in targets:
        assert f"({target}): " in describe(encoder)


@each_architecture
def test_saved_folder_loads_to_same_encoder(write: Callable, tmp_path: Path) -> None:
    encoder = load_encoder(write(tmp_path / "model"))
    encoder.save(tmp_path / "copy")
    copy = load_encoder(tmp_path / "copy")
    assert torch.equal(embed(copy, TEXTS), embed(encoder, TEXTS))


@pytest.mark.parametrize(("pooling", "token"), [("mean", None), ("cls", 0)])
def test_bert_matches_transformers(bert_folder: Path, pooling: str, token: int | None) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(bert_folder)
    network = transformers.BertModel.from_pretrained(bert_folder).eval()
    for text in TEXTS:
        with torch.no_grad():
            hidden = network(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        expected = hidden.mean(dim=0) if token is None else hidden[token]
        found = embed(load_encoder(bert_folder, pooling), [text])[0]
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)


def test_gpt2_last_is_last_token_of_text(gpt2_folder: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(gpt2_folder)
    network = transformers.GPT2Model.from_pretrained(gpt2_folder).eval()
    found = embed(load_encoder(gpt2_folder), TEXTS)
    for row, text in zip(found, TEXTS, strict=True):
        with torch.no_grad():
            hidden = network(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        torch.testing.assert_close(row, hidden[-1], rtol=0, atol=1e-5)


def test_gpt2_pads_right_even_if_saved_left(gpt2_folder: Path) -> None:
    expected = embed(load_encoder(gpt2_folder), TEXTS)
    tokenizer = transformers.AutoTokenizer.from_pretrained(gpt2_folder, padding_side="left")
    tokenizer.save_pretrained(gpt2_folder)
    torch.testing.assert_close(embed(load_encoder(gpt2_folder), TEXTS), expected)


def test_gradients_reach_input_side_of_module(gpt2_folder: Path) -> None:
    encoder = load_encoder(gpt2_folder)
    weight = encoder.module.h[0].attn.c_attn.weight.requires_grad_()
    encoder.embed(encoder.preprocess(TEXTS, "a"), "a").sum().backward()
    assert weight.grad is not None
    assert weight.grad.abs().sum() > 0


def test_masked_language_checkpoint_has_no_random_pooler(tmp_path: Path) -> None:
    folder = write_bert(tmp_path / "mlm", head="BertForMaskedLM")
    first, second = load_encoder(folder), load_encoder(folder)
    assert first.module.pooler is None
    assert first.module.state_dict().keys() == second.module.state_dict().keys()
    assert load_encoder(write_bert(tmp_path / "whole")).module.pooler is not None


def test_half_precision_and_sharded_files_load_as_fp32(tmp_path: Path) -> None:
    whole = load_encoder(write_bert(tmp_path / "whole"))
    for changes in ({"max_shard_size": "5KB"}, {}):
        folder = tmp_path / f"copy{len(changes)}"
        whole.save(folder)
        (folder / "model.safetensors").unlink()
        network = whole.module if changes else load_encoder(tmp_path / "whole").module.half()
        network.save_pretrained(folder, **changes)
        assert changes == {} or len(list(folder.glob("*.safetensors"))) > 1
        again = load_encoder(folder)
        assert {p.dtype for p in again.module.parameters()} == {torch.float32}
        difference = (embed(again, TEXTS) - embed(whole, TEXTS)).abs().max()
        assert difference < (1e-7 if changes else 1e-2)


def test_other_pooling_names_choices(bert_folder: Path) -> None:
    with pytest.raises(ModelError, match=r"'last'; choose mean or cls"):
        load_encoder(bert_folder, "last")


def test_with_module_shares_all_but_module(bert_folder: Path) -> None:
    encoder = load_encoder(bert_folder)
    other = load_encoder(bert_folder).module
    again = encoder.with_module(other)
    assert again.module is other
    assert again.tokenizer is encoder.tokenizer
    assert encoder.module is not other
