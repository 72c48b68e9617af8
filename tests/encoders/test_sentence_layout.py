"""Sentence folders that are refused, because they are broken, unsafe or not understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from sentence_checkpoints import edit, save_distiluse, save_minilm

from lab.encoders import load_encoder
from lab.errors import ModelError


def dense_to_pickle(folder: Path) -> None:
    weights = folder / "2_Dense" / "model.safetensors"
    torch.save(load_file(weights), folder / "2_Dense" / "pytorch_model.bin")
    weights.unlink()


def dense_to_nan(folder: Path) -> None:
    file = folder / "2_Dense" / "model.safetensors"
    save_file({name: t * float("nan") for name, t in load_file(file).items()}, file)


def set_type(row: int, kind: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        rows = json.loads((folder / "modules.json").read_text())
        rows[row]["type"] = kind
        (folder / "modules.json").write_text(json.dumps(rows))

    return change


def point_outside(folder: Path) -> None:
    rows = json.loads((folder / "modules.json").read_text())
    rows[1]["path"] = "../elsewhere"
    (folder / "modules.json").write_text(json.dumps(rows))


DENSE = "2_Dense/config.json"
REFUSED = {
    "a pickled Dense": (dense_to_pickle, "a pickle"),
    "NaN in Dense": (dense_to_nan, "NaN or infinite"),
    "foreign code": (set_type(2, "evil_code.Dense"), r"code of its own \(evil_code.Dense\)"),
    "an unknown module": (set_type(2, "sentence_transformers.models.LSTM"), "'LSTM'"),
    "no pooling": (set_type(1, "sentence_transformers.models.Normalize"), "begins with"),
    "a path outside": (point_outside, "outside its folder"),
    "a foreign activation": (
        lambda f: edit(f / DENSE, activation_function="os.system"), "'os.system'"
    ),
    "token Dense": (lambda f: edit(f / DENSE, module_input_name="token_embeddings"), "token_emb"),
    "Dense of other size": (lambda f: edit(f / DENSE, in_features=4), "not what its config"),
    "unknown pooling": (lambda f: edit(f / "1_Pooling/config.json", pooling_mode="sum"), "'sum'"),
    "two poolings before Dense": (
        lambda f: edit(f / "1_Pooling/config.json", pooling_mode=["cls", "mean"]), "gives 32"
    ),
    "modules not a list": (lambda f: (f / "modules.json").write_text("{}"), "not a list"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_layout_not_understood_is_refused(what: str, tmp_path: Path) -> None:
    folder = save_distiluse(tmp_path)
    change, message = REFUSED[what]
    change(folder)
    with pytest.raises(ModelError, match=message) as caught:
        load_encoder(folder)
    assert str(tmp_path) not in str(caught.value)


def test_other_pooling_than_its_own_is_refused(tmp_path: Path) -> None:
    folder = save_minilm(tmp_path)
    assert load_encoder(folder, "mean").pooling == "mean"
    with pytest.raises(ModelError, match="'cls'; choose mean"):
        load_encoder(folder, "cls")
