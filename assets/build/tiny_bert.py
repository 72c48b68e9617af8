"""tiny-bert: BERT's architecture, small, trained on English scenes told in different ways.

Masked-language modelling (Devlin et al. 2019) beside contrastive learning of the mean of the
tokens and of [CLS], so that either pooling means something.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import BertConfig, BertModel

from assets.build.contrast import pretrain
from assets.build.measure import measure_text
from assets.build.paraphrases import SceneSource
from assets.build.store import MODELS, round_to_half, save_model
from assets.build.tokens import train_tokenizer
from lab.encoders.pooling import cls, mean
from lab.training.losses import info_nce

BATCH, STEPS = 128, 500
MASKED = 0.15  # share of the tokens that are hidden and to be guessed


def build_tiny_bert(steps: int = STEPS) -> None:
    """Train it and write assets/models/tiny-bert."""
    torch.manual_seed(0)
    tokenizer = train_tokenizer("bert", 4_000)
    model = BertModel(configure_bert(len(tokenizer), tokenizer.pad_token_id))
    print(f"tiny-bert: {model.num_parameters():,} parameters")
    source = SceneSource(seed=30)

    def read(texts: list[str]) -> tuple[Tensor, Tensor, Tensor]:
        batch = tokenizer(texts, padding=True, return_tensors="pt")
        ids, mask = batch["input_ids"], batch["attention_mask"]
        hidden_ids, targets = hide_tokens(ids, tokenizer.all_special_ids, tokenizer.mask_token_id)
        hidden = model(hidden_ids, attention_mask=mask).last_hidden_state  # (B, T, H)
        guesses = hidden[targets >= 0] @ model.embeddings.word_embeddings.weight.T
        return (
            mean(hidden, mask),
            cls(hidden, mask),
            F.cross_entropy(guesses, targets[targets >= 0]),
        )

    def views() -> tuple[Tensor, Tensor, Tensor]:
        one, other = source(BATCH)
        mean_a, cls_a, guessing_a = read(one)
        mean_b, cls_b, guessing_b = read(other)
        further = 0.5 * info_nce(cls_a, cls_b, 0.07) + 0.1 * (guessing_a + guessing_b)
        return mean_a, mean_b, further

    pretrain(model, views, steps=steps)
    round_to_half(model)
    save_model(MODELS / "tiny-bert", model, tokenizer)
    measure_text("tiny-bert")


def configure_bert(vocabulary: int, pad: int) -> BertConfig:
    """A BERT of 4 layers, 128 wide."""
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=128,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=512,
        max_position_embeddings=64,
        type_vocab_size=2,
        pad_token_id=pad,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def hide_tokens(ids: Tensor, special: list[int], mask_id: int) -> tuple[Tensor, Tensor]:
    """-> ids with some masked, and targets (B, T): the token to guess, -1 where there is none."""
    chosen = (torch.rand(ids.shape) < MASKED) & ~torch.isin(ids, torch.tensor(special))
    return torch.where(chosen, mask_id, ids), torch.where(chosen, ids, -1)
