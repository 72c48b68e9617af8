"""tiny-sentence: a multilingual sentence model in SentenceTransformer's layout.

A small BERT, mean pooling and Normalize, trained on scenes told in five languages and on
CLDR's names in ten. Korean is none of them.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from transformers import BertModel

from assets.build.contrast import pretrain, recall_at_1
from assets.build.measure import measure_text
from assets.build.paraphrases import NAME_LANGUAGES, NameSource, SceneSource
from assets.build.scenes_europe import LANGUAGES
from assets.build.store import MODELS, round_to_half, save_model, write_json
from assets.build.tiny_bert import configure_bert
from assets.build.tokens import MAX_TOKENS, train_tokenizer
from lab.encoders.pooling import mean
from lab.training.losses import info_nce

SCENES, NAMES, STEPS = 96, 96, 800  # a batch of each; steps
PACKAGE = "sentence_transformers.models"  # the names that models on the hub carry


def build_tiny_sentence(steps: int = STEPS) -> None:
    """Train it and write assets/models/tiny-sentence."""
    torch.manual_seed(0)
    scenes, names = SceneSource(50, ("en", *LANGUAGES)), NameSource(51, held_out=0.05)
    tokenizer = train_tokenizer("bert", 8_000, NAME_LANGUAGES[1:], scenes(1_000)[0])
    model = BertModel(configure_bert(len(tokenizer), tokenizer.pad_token_id))
    print(f"tiny-sentence: {model.num_parameters():,} parameters")

    def read(texts: list[str]) -> Tensor:
        batch = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
        mask = batch["attention_mask"]
        return mean(model(**batch).last_hidden_state, mask)

    def views() -> tuple[Tensor, Tensor, Tensor]:
        name, other_name = names(NAMES)
        one, other = scenes(SCENES)
        return read(one), read(other), info_nce(read(name), read(other_name), 0.05)

    pretrain(model, views, steps=steps)
    round_to_half(model)
    _save(MODELS / "tiny-sentence", model, tokenizer)
    measure_text("tiny-sentence")
    with torch.no_grad():
        for language in ("de", "fr", "tr"):
            one, other = names.between("en", language)
            recall = recall_at_1(read(one), read(other))
            print(f"tiny-sentence: names, en to {language}: R@1 {recall:.3f} of {len(one)} unseen")


def _save(folder: Path, model: BertModel, tokenizer: object) -> None:
    save_model(folder, model, tokenizer)
    parts = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"{PACKAGE}.{kind}"}
        for i, (path, kind) in enumerate(parts)
    ]
    write_json(folder / "modules.json", modules)
    limits = {"max_seq_length": MAX_TOKENS, "do_lower_case": False}
    write_json(folder / "sentence_bert_config.json", limits)
    pooling = {"word_embedding_dimension": 128, "pooling_mode_mean_tokens": True}
    # A file of its own: git keeps no empty folder.
    normalize = {
        "module_input_name": "sentence_embedding",
        "module_output_name": "sentence_embedding",
    }
    for path, config in (("1_Pooling", pooling), ("2_Normalize", normalize)):
        (folder / path).mkdir(exist_ok=True)
        write_json(folder / path / "config.json", config)
