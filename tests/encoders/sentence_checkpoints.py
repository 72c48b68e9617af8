"""Tiny sentence models, saved by the sentence-transformers package itself."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import torch
from tiny_checkpoints import write_bert, write_distilbert

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the package warns about what it imports itself
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense as TheirDense
    from sentence_transformers.base.modules import Normalize as TheirNormalize
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling


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


def edit(file: Path, **changes: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def to_old_layout(folder: Path, network: str = "") -> None:
    """What the package wrote until 2025: other module names, boolean pooling keys, own limits."""
    names = {
        "Transformer": "",
        "Pooling": "1_Pooling",
        "Dense": "2_Dense",
        "Normalize": "2_Normalize",
    }
    rows = json.loads((folder / "modules.json").read_text())
    for row in rows:
        kind = row["type"].rpartition(".")[2]
        row.update(type=f"sentence_transformers.models.{kind}", path=names[kind])
    rows[0]["path"] = network
    (folder / "modules.json").write_text(json.dumps(rows))
    keys = ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")
    modes = {f"pooling_mode_{key}": key == "mean_tokens" for key in keys}
    pooling = {"word_embedding_dimension": 16, **modes}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    settings = {"max_seq_length": 9, "do_lower_case": False}
    (folder / "sentence_bert_config.json").write_text(json.dumps(settings))
    (folder / "config_sentence_transformers.json").unlink()
    if network:
        (folder / network).mkdir()
        for file in list(folder.iterdir()):
            if file.is_file() and file.name not in ("modules.json", "README.md"):
                file.rename(folder / network / file.name)
